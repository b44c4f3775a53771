//! The server as a process of its own.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};
use serde_json::Value;
use strongroom::edge::client::{Client, Settings};

use super::certificates::Credential;
use super::directory::Directory;
use super::eventually;
use super::wire::Connection;

/// How a server differs from the one that `init` configures.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Keys of `[limits]`.
    pub limits: Vec<(&'static str, u64)>,
    /// Whether there is a public listener.
    pub public: bool,
    /// A file with a revocation list.
    pub crl: Option<PathBuf>,
    /// The level of what is told; `info` without it.
    pub level: Option<&'static str>,
}

/// A server that runs until it is told to stop, or dropped.
pub struct Server {
    pub directory: Directory,
    process: Child,
    /// Kept open: whoever writes into a closed pipe fails.
    _answers: BufReader<ChildStdout>,
    told: Told,
    mutual_tls: SocketAddr,
    public: Option<SocketAddr>,
    operations: SocketAddr,
}

/// What a process writes to standard error, as it comes.
struct Told {
    text: Arc<Mutex<String>>,
    reader: JoinHandle<()>,
}

impl Server {
    /// In a directory of its own.
    pub fn start(options: &Options) -> Self {
        let directory = Directory::new();
        configure(&directory, options);
        Self::serve(directory)
    }

    /// In a directory that is configured; ready when this returns.
    pub fn serve(directory: Directory) -> Self {
        Self::serve_in(directory, &[])
    }

    /// The same, with these variables in its environment.
    pub fn serve_in(directory: Directory, environment: &[(&str, String)]) -> Self {
        let server = Self::listening(directory, environment);
        server.answers("/readyz");
        server
    }

    /// The same by another command than the usual one, which has to be of this directory and to answer in JSON.
    pub fn serve_by(directory: Directory, mut command: Command) -> Self {
        let server = Self::of(directory, piped(&mut command).spawn().unwrap());
        server.answers("/readyz");
        server
    }

    /// In a directory of which nothing may be served: it listens and denies when this returns.
    pub fn serve_denied(directory: Directory) -> Self {
        let server = Self::listening(directory, &[]);
        server.answers("/healthz");
        assert_eq!(server.operations().get("/readyz").status, 503);
        server
    }

    /// With these variables in its environment, ready or not: it answers when this returns.
    pub fn listening_in(directory: Directory, environment: &[(&str, String)]) -> Self {
        let server = Self::listening(directory, environment);
        server.answers("/healthz");
        server
    }

    /// Waits until the operations listener answers so with 200.
    fn answers(&self, path: &str) {
        eventually(path, || {
            // Between the first line and the first answer, connections wait in the listener's queue.
            Connection::plain(self.operations).ok().filter(|_| self.operations().get(path).status == 200)
        });
    }

    fn listening(directory: Directory, environment: &[(&str, String)]) -> Self {
        let process = spawn(&directory, environment);
        Self::of(directory, process)
    }

    fn of(directory: Directory, mut process: Child) -> Self {
        let told = Told::of(&mut process);
        let mut answers = BufReader::new(process.stdout.take().unwrap());
        let Some(first) = first_value(&mut answers) else {
            let status = process.wait().unwrap();
            panic!("the server did not start ({status}): {}", told.all());
        };
        let address = |name: &str, scheme: &str| {
            first[name].as_str().map(|url| url.strip_prefix(scheme).unwrap().parse::<SocketAddr>().unwrap())
        };
        let mutual_tls = address("mutual_tls", "https://").unwrap();
        let public = address("public", "https://");
        let operations = address("operations", "http://").unwrap();
        Self { directory, process, _answers: answers, told, mutual_tls, public, operations }
    }

    /// A connection of that person to the main listener.
    pub fn connect(&self, person: &str) -> Connection {
        self.connect_with(Some(&self.directory.credential(person))).unwrap()
    }

    /// A connection under any certificate, or none.
    pub fn connect_with(&self, credential: Option<&Credential>) -> std::io::Result<Connection> {
        Connection::over_tls(self.mutual_tls, self.directory.client_tls(credential))
    }

    /// Where the main listener listens.
    pub fn address(&self) -> SocketAddr {
        self.mutual_tls
    }

    /// Where the public listener listens.
    pub fn public_address(&self) -> SocketAddr {
        self.public.unwrap()
    }

    /// A connection to the public listener.
    pub fn public(&self) -> Connection {
        Connection::over_tls(self.public.unwrap(), self.directory.client_tls(None)).unwrap()
    }

    /// A connection to the operations listener.
    pub fn operations(&self) -> Connection {
        Connection::plain(self.operations).unwrap()
    }

    /// The command line's client, as that person.
    pub fn client(&self, person: &str) -> Client {
        let certs = self.directory.path().join("certs");
        let person = certs.join("clients").join(person);
        Client::new(Settings {
            server: format!("https://{}", self.mutual_tls),
            ca: certs.join("ca.pem"),
            certificate: person.with_extension("pem"),
            key: person.with_extension("key"),
        })
        .unwrap()
    }

    /// The value of a metric that has no labels.
    pub fn metric(&self, name: &str) -> u64 {
        let metrics = self.operations().get("/metrics").text();
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_else(|| panic!("no metric {name} in {metrics}")).parse().unwrap()
    }

    /// The value of a metric with its labels; 0 before it is first counted.
    pub fn labelled_metric(&self, name: &str) -> u64 {
        let metrics = self.operations().get("/metrics").text();
        let line = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.map_or(0, |value| value.parse().unwrap())
    }

    /// How many files the process has open.
    pub fn open_files(&self) -> usize {
        std::fs::read_dir(format!("/proc/{}/fd", self.process.id())).unwrap().count()
    }

    /// What it has told so far.
    pub fn told(&self) -> String {
        self.told.so_far()
    }

    /// Lets no file of the process grow beyond this, as a full disk would not; `None` takes the limit away.
    pub fn limit_files(&self, bytes: Option<u64>) {
        prlimit(Some(self.pid()), Resource::Fsize, Rlimit { current: bytes, maximum: None }).unwrap();
    }

    /// Sends SIGTERM.
    pub fn terminate(&self) {
        kill_process(self.pid(), Signal::TERM).unwrap();
    }

    /// Sends SIGHUP.
    pub fn hang_up(&self) {
        kill_process(self.pid(), Signal::HUP).unwrap();
    }

    /// Sends SIGKILL and waits for the end; the directory is as the process left it.
    pub fn kill(&mut self) -> Directory {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        self.directory.clone()
    }

    /// Sends SIGTERM and waits for the end, which must be a good one.
    pub fn stop(self) -> Directory {
        self.terminate();
        let (status, directory) = self.ended();
        assert!(status.success(), "{status}");
        directory
    }

    /// Waits for the end.
    pub fn ended(mut self) -> (ExitStatus, Directory) {
        let status = eventually("the server's end", || self.process.try_wait().unwrap());
        (status, self.directory.clone())
    }

    /// Its process.
    pub fn pid(&self) -> Pid {
        Pid::from_child(&self.process)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
        if std::thread::panicking() {
            eprintln!("what the server told:\n{}", self.told());
        }
    }
}

/// Starts a server that is to refuse: its exit code, and what it says.
pub fn refuses_to_serve(directory: &Directory) -> (Option<i32>, String) {
    let mut process = spawn(directory, &[]);
    let told = Told::of(&mut process);
    let mut answers = BufReader::new(process.stdout.take().unwrap());
    if let Some(first) = first_value(&mut answers) {
        let _ = process.kill();
        let _ = process.wait();
        panic!("the server started: {first}");
    }
    let status = process.wait().unwrap();
    (status.code(), told.all())
}

/// Writes what differs into the configuration; the ports are any free ones.
pub fn configure(directory: &Directory, options: &Options) {
    directory.edit_config(|text| {
        let mut text = ["8443", "8444", "9090"]
            .iter()
            .fold(text, |text, port| text.replace(&format!("127.0.0.1:{port}"), "127.0.0.1:0"));
        if options.public {
            text = text.replace("enabled = false", "enabled = true");
        }
        if let Some(level) = options.level {
            text = text.replace("level = \"info\"", &format!("level = \"{level}\""));
        }
        if let Some(crl) = &options.crl {
            text = text.replace("crls = []", &format!("crls = [{crl:?}]\nrequire_crl = true"));
        }
        let mut limits = String::from("\n[limits]\n");
        for (key, value) in &options.limits {
            writeln!(limits, "{key} = {value}").unwrap();
        }
        text + &limits
    });
}

/// Starts the process, and waits for nothing.
pub fn spawn(directory: &Directory, environment: &[(&str, String)]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strongroom"));
    command.args(["serve", "--json", "--config"]).arg(directory.config()).env("STRONGROOM_ALLOW_ROOT", "1");
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    piped(&mut command).spawn().unwrap()
}

fn piped(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped())
}

/// The JSON value with which a server says that it listens; `None` from one that ends instead.
fn first_value(answers: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut text = String::new();
    loop {
        if answers.read_line(&mut text).unwrap() == 0 {
            return None;
        }
        if let Ok(value) = serde_json::from_str(&text) {
            return Some(value);
        }
    }
}

impl Told {
    fn of(process: &mut Child) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let mut lines = BufReader::new(process.stderr.take().unwrap());
        let kept = text.clone();
        let reader = std::thread::spawn(move || {
            let mut line = Vec::new();
            while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        Self { text, reader }
    }

    fn so_far(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    /// Of a process that has ended.
    fn all(self) -> String {
        self.reader.join().unwrap();
        self.text.lock().unwrap().clone()
    }
}
