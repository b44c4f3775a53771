//! Signed notes, against the published example and against `signed_note`, another implementation.

use signed_note::{StandardVerifier, VerifierList};

use crate::pure::tlog::note::{MalformedNote, Note, NoteSignature, UnverifiedNote};
use crate::pure::tlog::signer::Ed25519Signer;
use crate::pure::tlog::verifier_key::{InvalidVerifierKey, KeyName, VerifierKey};

const TEXT: &str = "If you think cryptography is the answer to your problem,\n\
                    then you don't know what your problem is.\n";
const PETER: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const PETER_SIGNED: &str =
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH: &str = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const ENOCH_SIGNED: &str =
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";

fn key(text: &str) -> VerifierKey {
    VerifierKey::parse(text).unwrap()
}

fn signer(name: &str, seed: u8) -> Ed25519Signer {
    Ed25519Signer::from_seed(KeyName::parse(name).unwrap(), &[seed; 32]).unwrap()
}

fn verify(note: &str, keys: &[&str]) -> Result<Vec<String>, UnverifiedNote> {
    let keys: Vec<_> = keys.iter().map(|text| key(text)).collect();
    let note = Note::parse(note.as_bytes()).unwrap();
    Ok(note.verify(&keys)?.into_iter().map(|key| key.name().to_string()).collect())
}

#[test]
fn the_published_example_verifies() {
    let note = format!("{TEXT}\n{PETER_SIGNED}{ENOCH_SIGNED}");
    assert_eq!(verify(&note, &[PETER]).unwrap(), ["PeterNeumann"]);
    assert_eq!(verify(&note, &[ENOCH, PETER]).unwrap(), ["PeterNeumann", "EnochRoot"]);
    assert_eq!(verify(&format!("{TEXT}\n{PETER_SIGNED}"), &[ENOCH]), Err(UnverifiedNote::UnknownKeys));
    assert_eq!(Note::parse(note.as_bytes()).unwrap().to_string(), note);
}

#[test]
fn a_bad_signature_of_a_known_key_rejects_the_note_even_after_a_good_one() {
    let bad = PETER_SIGNED.replace("ZJkuBS", "ABCDBS");
    let rejected = Err(UnverifiedNote::BadSignature { name: key(PETER).name().clone(), id: key(PETER).id() });
    assert_eq!(verify(&format!("{TEXT}\n{bad}{ENOCH_SIGNED}"), &[PETER, ENOCH]), rejected);
    assert_eq!(verify(&format!("{TEXT}\n{PETER_SIGNED}{bad}"), &[PETER]), rejected);
    assert_eq!(verify(&format!("Another text.\n\n{PETER_SIGNED}"), &[PETER]), rejected);
    assert_eq!(verify(&format!("{TEXT}\n{bad}{ENOCH_SIGNED}"), &[ENOCH]).unwrap(), ["EnochRoot"]);
}

#[test]
fn a_key_with_the_same_name_or_the_same_id_only_is_another_key() {
    let same_name = format!("{TEXT}\n{}{PETER_SIGNED}", PETER_SIGNED.replace("x08go/", "x08gp/"));
    assert_eq!(verify(&same_name, &[PETER]).unwrap(), ["PeterNeumann"]);
    let same_id = format!("{TEXT}\n{}{PETER_SIGNED}", PETER_SIGNED.replace("Neumann", "Someone"));
    assert_eq!(verify(&same_id, &[PETER]).unwrap(), ["PeterNeumann"]);
}

#[test]
fn the_other_implementation_verifies_what_is_signed_here() {
    let (first, second) = (signer("log.example/strongroom", 7), signer("witness.example", 8));
    let mut note = Note::unsigned("one\n\ntwo: ü\n".to_owned()).unwrap();
    for signer in [&first, &second, &first] {
        let signature = signer.sign(note.text());
        note.add(signature);
    }
    let theirs = signed_note::Note::from_bytes(note.to_string().as_bytes()).unwrap();
    let verifiers = [&first, &second].map(|signer| {
        Box::new(StandardVerifier::new(&signer.verifier_key().to_string()).unwrap()) as Box<dyn signed_note::Verifier>
    });
    let (verified, unverified) = theirs.verify(&VerifierList::new(verifiers.into())).unwrap();
    assert_eq!((verified.len(), unverified.len()), (2, 0));
    assert_eq!(theirs.text(), note.text().as_bytes());
    assert_eq!(Note::parse(&theirs.to_bytes()).unwrap(), note);
}

#[test]
fn sixteen_large_signatures_are_accepted_and_a_hundred_and_one_are_not() {
    let key = key(PETER);
    let note = |count: usize, len: usize| {
        let line = NoteSignature::new(key.name().clone(), key.id(), vec![7; len]).unwrap();
        Note::parse(format!("{TEXT}\n{}", format!("{line}\n").repeat(count)).as_bytes())
    };
    assert_eq!(note(16, 5000).unwrap().signatures().len(), 16);
    assert_eq!(note(101, 64), Err(MalformedNote::TooManySignatures));
    assert_eq!(note(100, 50_000), Err(MalformedNote::TooLong));
}

#[test]
fn what_is_not_a_note_is_refused() {
    let cases: [(String, MalformedNote); 14] = [
        (String::new(), MalformedNote::Text),
        (TEXT.to_owned(), MalformedNote::Text),
        (format!("{TEXT}{PETER_SIGNED}"), MalformedNote::Text),
        (format!("\n{TEXT}"), MalformedNote::Text),
        (format!("{TEXT}\n{}", PETER_SIGNED.trim_end()), MalformedNote::Signature),
        (format!("{TEXT}\n{PETER_SIGNED}\n"), MalformedNote::Signature),
        (format!("{TEXT}\n"), MalformedNote::Signature),
        (format!("\u{1}{TEXT}\n{PETER_SIGNED}"), MalformedNote::Characters),
        (format!("{}\n{PETER_SIGNED}", TEXT.replace('\n', "\r\n")), MalformedNote::Characters),
        (format!("{TEXT}\n{}", PETER_SIGNED.replace('—', "-")), MalformedNote::Signature),
        (format!("{TEXT}\n{}", PETER_SIGNED.replace("Neumann", " Neumann")), MalformedNote::Signature),
        (format!("{TEXT}\n{}", PETER_SIGNED.replace("Neumann", "+Neumann")), MalformedNote::Signature),
        (format!("{TEXT}\n{}", PETER_SIGNED.replace("AM=", "AN=")), MalformedNote::Signature),
        (format!("{TEXT}\n— PeterNeumann x08gow==\n"), MalformedNote::Signature),
    ];
    for (text, expected) in cases {
        assert_eq!(Note::parse(text.as_bytes()), Err(expected), "{text:?}");
    }
    assert_eq!(Note::parse(b"\xff\n\n"), Err(MalformedNote::Characters));
    assert_eq!(Note::unsigned("no newline".to_owned()), Err(MalformedNote::Text));
    assert_eq!(Note::unsigned("tab\there\n".to_owned()), Err(MalformedNote::Characters));
}

#[test]
fn a_verifier_key_prints_as_it_was_parsed_and_nothing_else_is_one() {
    assert_eq!(key(PETER).to_string(), PETER);
    let cases = [
        ("", InvalidVerifierKey::Form),
        ("PeterNeumann+c74f20a3", InvalidVerifierKey::Form),
        ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", InvalidVerifierKey::Name),
        ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", InvalidVerifierKey::Name),
        ("PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", InvalidVerifierKey::Id),
        ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", InvalidVerifierKey::Id),
        ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T", InvalidVerifierKey::Form),
        ("PeterNeumann+c74f20a3+", InvalidVerifierKey::Form),
    ];
    for (text, expected) in cases {
        assert_eq!(VerifierKey::parse(text), Err(expected), "{text:?}");
    }
}

#[test]
fn a_signer_does_not_print_its_seed() {
    let printed = format!("{:?}", signer("log.example", 0x5a));
    assert!(!printed.contains("5a5a") && !printed.contains("90"), "{printed}");
}
