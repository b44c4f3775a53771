//! Requests to witnesses and their answers.

use crate::pure::tlog::add_checkpoint::{AddCheckpoint, MalformedRequest, parse_cosignatures, parse_size};
use crate::pure::tlog::note::MalformedNote;

/// The example of the specification.
const EXAMPLE: &str = "old 20852014\n\
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n\
    jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n\
    5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n\
    /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\
    \n\
    example.com/behind-the-sofa\n\
    20852163\n\
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\
    \n\
    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n";

#[test]
fn the_published_example_is_read_and_prints_the_same() {
    let request = AddCheckpoint::parse(EXAMPLE.as_bytes()).unwrap();
    assert_eq!((request.old_size, request.proof.len()), (20_852_014, 4));
    assert_eq!(request.to_string(), EXAMPLE);
    let from_nothing = EXAMPLE.replacen(&EXAMPLE[..EXAMPLE.find("\n\n").unwrap()], "old 0", 1);
    assert_eq!(AddCheckpoint::parse(from_nothing.as_bytes()).unwrap().proof, []);
}

#[test]
fn every_other_form_is_refused() {
    let replaced = |from: &str, to: &str| AddCheckpoint::parse(EXAMPLE.replacen(from, to, 1).as_bytes()).unwrap_err();
    for old in ["old 020852014", "old -1", "old 18446744073709551616", "Old 1", "old  1", "old 1 ", "old", "1"] {
        assert_eq!(replaced("old 20852014", old), MalformedRequest::OldSize, "{old}");
    }
    assert_eq!(replaced("PlRN", "PlR"), MalformedRequest::Hash);
    assert_eq!(replaced("kaw=\n", "kaw=\r\n"), MalformedRequest::Hash);
    assert_eq!(replaced("\n\n", "\n"), MalformedRequest::Hash);
    assert_eq!(replaced("— example", "- example"), MalformedRequest::Checkpoint(MalformedNote::Signature));
    assert_eq!(AddCheckpoint::parse(b"old 1\n").unwrap_err(), MalformedRequest::NoCheckpoint);
    assert_eq!(AddCheckpoint::parse(b"old \xff\n\n").unwrap_err(), MalformedRequest::OldSize);
    let hash = "PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n";
    assert_eq!(replaced(hash, &hash.repeat(61)).to_string(), MalformedRequest::Hash.to_string());
    let long = [EXAMPLE.as_bytes(), &vec![b'x'; 1_100_000]].concat();
    assert_eq!(AddCheckpoint::parse(&long).unwrap_err(), MalformedRequest::TooLong);
}

#[test]
fn an_answer_is_signature_lines_or_a_size() {
    let line = EXAMPLE.split_once("=\n\n").and_then(|(_, rest)| rest.split_once("\n\n")).unwrap().1;
    assert_eq!(parse_cosignatures(line).unwrap().len(), 1);
    assert_eq!(parse_cosignatures(&line.repeat(2)).unwrap().len(), 2);
    for body in ["", "\n", "text\n", &line[..line.len() - 1], &format!("{line}\n")] {
        assert_eq!(parse_cosignatures(body), None, "{body:?}");
    }
    assert_eq!(parse_size("20852014\n"), Some(20_852_014));
    for body in ["", "\n", "1", "01\n", "-1\n", "1\n\n", "18446744073709551616\n", "<html>\n"] {
        assert_eq!(parse_size(body), None, "{body:?}");
    }
}
