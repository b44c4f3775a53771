//! Key providers against real files and real programs.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::*;

fn key_file(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    (folder, path)
}

fn shell(script: &str) -> (PathBuf, Vec<String>) {
    ("/bin/sh".into(), vec!["-c".to_owned(), script.to_owned()])
}

fn run(script: &str) -> Result<SecretKey, KeyError> {
    let (program, arguments) = shell(script);
    KeyProvider::Command { program, arguments }.load()
}

const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
const BASE64: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

#[test]
fn a_file_holds_a_key_in_hexadecimal_or_base64() {
    for text in [HEX.to_owned(), format!("  {}\r\n", HEX.to_uppercase()), BASE64.to_owned(), format!("{BASE64}\n\n")] {
        let (_folder, path) = key_file(&text);
        assert_eq!(hex::encode(KeyProvider::File(path).load().unwrap().expose()), HEX);
    }
}

#[test]
fn a_file_that_holds_anything_else_is_refused_without_showing_it() {
    let long = format!("{HEX}{}", " ".repeat(KEY_TEXT_LIMIT));
    for text in ["", "\n", &HEX[2..], &format!("{HEX}00"), &BASE64[4..], &HEX.replace('f', "g"), "AAECAwQ=", &long] {
        let (_folder, path) = key_file(text);
        let error = KeyProvider::File(path).load().unwrap_err();
        assert!(matches!(error, KeyError::MalformedFile { .. }), "{error}");
        assert!(!format!("{error} {error:?}").contains("010203"));
    }
}

#[test]
fn a_file_that_others_may_use_is_refused_with_the_remedy() {
    for mode in [0o644, 0o640, 0o602, 0o700] {
        let (_folder, path) = key_file(HEX);
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        let error = KeyProvider::File(path).load().unwrap_err();
        assert!(matches!(error, KeyError::Mode { mode: found, .. } if found == mode), "{error}");
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
    let (_folder, path) = key_file(HEX);
    fs::set_permissions(&path, Permissions::from_mode(0o400)).unwrap();
    KeyProvider::File(path).load().unwrap();
}

#[test]
fn a_file_of_another_user_is_refused_with_the_remedy() {
    let error = check_access(Path::new("root.key"), 1000, 0o100_600, 1001).unwrap_err();
    assert!(matches!(error, KeyError::Owner { owner: 1000, us: 1001, .. }));
    assert!(error.to_string().contains("chown 1001 root.key"), "{error}");
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let load = |path: &Path| KeyProvider::File(path.to_owned()).load().unwrap_err();
    assert!(matches!(load(folder.path()), KeyError::NotAFile { .. }));
    assert!(matches!(load(&folder.path().join("absent")), KeyError::Read { .. }));
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    assert!(matches!(load(&pipe), KeyError::NotAFile { .. }));
}

#[test]
fn a_created_key_is_private_random_and_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (folder.path().join("root.key"), folder.path().join("signing.seed"));
    create_key_file(&one).unwrap();
    create_key_file(&two).unwrap();
    assert_eq!(fs::metadata(&one).unwrap().permissions().mode() & 0o7777, 0o600);

    let key = KeyProvider::File(one.clone()).load().unwrap();
    assert_ne!(key.expose(), KeyProvider::File(two).load().unwrap().expose());

    assert!(matches!(create_key_file(&one), Err(KeyError::Exists { .. })));
    assert_eq!(key.expose(), KeyProvider::File(one).load().unwrap().expose());
}

#[test]
fn a_key_is_not_created_where_it_cannot_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(create_key_file(&folder.path().join("absent/root.key")), Err(KeyError::Write { .. })));
}

#[test]
fn a_command_prints_the_key() {
    assert_eq!(hex::encode(run(&format!("echo {BASE64}")).unwrap().expose()), HEX);
}

#[test]
fn a_command_that_fails_or_prints_something_else_is_refused() {
    assert!(matches!(run(&format!("echo {HEX}; exit 3")), Err(KeyError::CommandFailed { .. })));
    assert!(matches!(run("echo key: none"), Err(KeyError::MalformedOutput { .. })));
    assert!(matches!(run("exit 0"), Err(KeyError::MalformedOutput { .. })));
    let absent = KeyProvider::Command { program: "/nonexistent/key".into(), arguments: Vec::new() };
    assert!(matches!(absent.load(), Err(KeyError::CommandStart { .. })));
}

#[test]
fn a_command_that_does_not_end_is_killed() {
    let limit = Duration::from_millis(100);
    for script in ["exec sleep 600", &format!("echo {HEX}; exec >&-; exec sleep 600")] {
        let (program, arguments) = shell(script);
        assert!(matches!(run_command(&program, &arguments, limit), Err(KeyError::CommandTime { .. })));
    }
}

#[test]
fn a_command_that_prints_without_end_is_refused() {
    assert!(run("exec yes").is_err());
}
