//! A witness in this process, over real HTTP, that is honest or misbehaves as it is told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::pure::tlog::add_checkpoint::AddCheckpoint;
use crate::pure::tlog::checkpoint::Checkpoint;
use crate::pure::tlog::note::{Note, NoteSignature};
use crate::pure::tlog::proof::verify_consistency;
use crate::pure::tlog::signer::{Ed25519Cosigner, MlDsa44Signer};
use crate::pure::tlog::verifier_key::{KeyName, VerifierKey};

/// How a witness behaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// As the protocol says, proofs verified.
    Good,
    /// Closes every connection.
    Down,
    /// Never answers.
    Silent,
    /// Cosigns another text.
    BadSignature,
    /// Cosigns with a key that nobody knows.
    UnknownSignature,
    /// 409 with a size, and shows no checkpoint.
    Claims(u64),
    /// 409 with a size, and shows this.
    Shows(u64, String),
    /// 422, and shows no checkpoint.
    Disputes,
    /// 200 with bytes that are no signature.
    Garbage,
    /// 200 with a body without end.
    Huge,
    /// 302 to itself.
    Redirects,
    /// 403.
    Distrusts,
}

pub(super) struct Fake {
    pub(super) address: SocketAddr,
    pub(super) key: VerifierKey,
    shared: Arc<Shared>,
}

struct Shared {
    cosigner: Cosigner,
    state: Mutex<State>,
}

struct State {
    manner: Manner,
    /// The last checkpoint that it cosigned.
    known: Option<(Checkpoint, Note)>,
    requests: usize,
    /// Connections that are never answered.
    kept: Vec<TcpStream>,
}

enum Cosigner {
    Ed25519(Ed25519Cosigner),
    MlDsa44(Box<MlDsa44Signer>),
}

impl Fake {
    pub(super) fn start(name: &str, seed: u8, post_quantum: bool, manner: Manner) -> Self {
        let name = KeyName::parse(name).unwrap();
        let (cosigner, key) = if post_quantum {
            let signer = MlDsa44Signer::from_seed(name, &[seed; 32]).unwrap();
            let key = signer.verifier_key().clone();
            (Cosigner::MlDsa44(Box::new(signer)), key)
        } else {
            let signer = Ed25519Cosigner::from_seed(name, &[seed; 32]).unwrap();
            let key = signer.verifier_key().clone();
            (Cosigner::Ed25519(signer), key)
        };
        let state = State { manner, known: None, requests: 0, kept: Vec::new() };
        let shared = Arc::new(Shared { cosigner, state: Mutex::new(state) });
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Arc::clone(&shared);
        // It ends with the process: nothing waits for it.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that went away is no failure of the witness.
                let _ = serving.serve(stream);
            }
        });
        Self { address, key, shared }
    }

    pub(super) fn becomes(&self, manner: Manner) {
        self.shared.state.lock().unwrap().manner = manner;
    }

    /// The size of the last checkpoint that it cosigned.
    pub(super) fn size(&self) -> u64 {
        self.shared.state.lock().unwrap().known.as_ref().map_or(0, |(checkpoint, _)| checkpoint.size)
    }

    pub(super) fn requests(&self) -> usize {
        self.shared.state.lock().unwrap().requests
    }
}

impl Shared {
    fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        if self.state.lock().unwrap().manner == Manner::Down {
            return Ok(());
        }
        let mut reader = BufReader::new(stream.try_clone()?);
        let (mut first, mut length) = (String::new(), 0);
        reader.read_line(&mut first)?;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            if line.trim().is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let mut state = self.state.lock().unwrap();
        if state.manner == Manner::Silent {
            state.kept.push(stream);
            return Ok(());
        }
        let is_add = first.starts_with("POST /w/add-checkpoint ");
        assert!(is_add || first.starts_with("GET /w/"), "{first}");
        let (status, headers, answer) = if is_add { self.add(&mut state, &body) } else { Self::latest(&state) };
        drop(state);
        let length = if headers.contains("Content-Length") { String::new() } else { length_line(&answer) };
        write!(stream, "HTTP/1.1 {status} X\r\nConnection: close\r\n{headers}{length}\r\n")?;
        stream.write_all(&answer)
    }

    fn add(&self, state: &mut State, body: &[u8]) -> (u16, &'static str, Vec<u8>) {
        state.requests += 1;
        let request = AddCheckpoint::parse(body).unwrap();
        let checkpoint = Checkpoint::parse(request.checkpoint.text()).unwrap();
        let line = |signature: NoteSignature| (200, "", format!("{signature}\n").into_bytes());
        match &state.manner {
            Manner::BadSignature => {
                let other = Checkpoint { size: checkpoint.size + 1, ..checkpoint };
                line(self.cosigner.cosign(&other))
            }
            Manner::UnknownSignature => {
                let stranger = Ed25519Cosigner::from_seed(KeyName::parse("stranger.example").unwrap(), &[9; 32]);
                line(stranger.unwrap().cosign(&checkpoint.to_string(), 1_800_000_000))
            }
            Manner::Claims(size) | Manner::Shows(size, _) => {
                (409, "Content-Type: text/x.tlog.size\r\n", format!("{size}\n").into_bytes())
            }
            Manner::Disputes => (422, "", Vec::new()),
            Manner::Garbage => (200, "", vec![0xff, 0x00, b'\n']),
            Manner::Huge => (200, "Content-Length: 100000000\r\n", vec![b'x'; 1 << 20]),
            Manner::Redirects => (302, "Location: /w/add-checkpoint\r\n", Vec::new()),
            Manner::Distrusts => (403, "", Vec::new()),
            Manner::Good | Manner::Down | Manner::Silent => self.cosign(state, &request, checkpoint),
        }
    }

    fn cosign(&self, state: &mut State, request: &AddCheckpoint, new: Checkpoint) -> (u16, &'static str, Vec<u8>) {
        let old_size = state.known.as_ref().map_or(0, |(known, _)| known.size);
        if request.old_size != old_size {
            return (409, "Content-Type: text/x.tlog.size\r\n", format!("{old_size}\n").into_bytes());
        }
        let is_extension = match &state.known {
            None => request.proof.is_empty(),
            Some((known, _)) if known.size == new.size => request.proof.is_empty() && known.root == new.root,
            Some((known, _)) => {
                verify_consistency(known.size, &known.root, new.size, &new.root, &request.proof).is_ok()
            }
        };
        if !is_extension {
            return (422, "", Vec::new());
        }
        let cosignature = self.cosigner.cosign(&new);
        let mut note = request.checkpoint.clone();
        note.add(cosignature.clone());
        state.known = Some((new, note));
        (200, "", format!("{cosignature}\n").into_bytes())
    }

    fn latest(state: &State) -> (u16, &'static str, Vec<u8>) {
        match (&state.manner, &state.known) {
            (Manner::Shows(_, note), _) => (200, "", note.clone().into_bytes()),
            (Manner::Good, Some((_, note))) => (200, "", note.to_string().into_bytes()),
            _ => (404, "", Vec::new()),
        }
    }
}

impl Cosigner {
    fn cosign(&self, checkpoint: &Checkpoint) -> NoteSignature {
        match self {
            Self::Ed25519(cosigner) => cosigner.cosign(&checkpoint.to_string(), 1_800_000_000),
            Self::MlDsa44(signer) => signer.sign(checkpoint, 1_800_000_000),
        }
    }
}

fn length_line(body: &[u8]) -> String {
    format!("Content-Length: {}\r\n", body.len())
}
