//! Each status, and hostile bodies.

use super::independent::assert_cosigns;
use super::log::{Log, ORIGIN};
use super::running::{Directory, Running};
use super::wire::Answer;

#[track_caller]
fn assert_says(answer: &Answer, status: u16, part: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert!(answer.text().contains(part), "{part:?}: {answer:?}");
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
}

#[test]
fn each_status_of_the_protocol_is_answered() {
    let (log, directory) = (Log(1), Directory::new(Log(1)));
    let running = Running::start(&directory.path(), &[]);
    let hash = hex::encode(ring::digest::digest(&ring::digest::SHA256, ORIGIN.as_bytes()));
    let url = format!("/{hash}/checkpoint");
    assert_says(&running.connect().get(&url), 404, "no checkpoint");

    let answer = running.submit(&log.request(0, 5));
    assert_eq!(answer.status, 200, "{answer:?}");
    let (lines, keys) = (answer.text(), directory.verifier_keys());
    let lines: Vec<_> = lines.strip_suffix('\n').unwrap().split('\n').collect();
    assert_eq!((lines.len(), keys.len()), (2, 2));
    let text = log.checkpoint(5).to_string();
    let times = [0, 1].map(|at| assert_cosigns(lines[at], &keys[at], &text));
    assert!(times[0] == times[1] && times[0] > 1_767_225_600, "{times:?}");
    let mut connection = running.connect();
    let served = connection.get(&url).must_be(200);
    assert_eq!(served.text(), format!("{}{}", log.sign(&text), answer.text()));
    assert_eq!(served.header("content-type"), Some("text/plain; charset=utf-8"));

    let conflict = running.submit(&log.request(4, 9));
    assert_eq!((conflict.status, conflict.text().as_str()), (409, "5\n"));
    assert_eq!(conflict.header("content-type"), Some("text/x.tlog.size"));
    assert_says(&running.submit(&log.request(5, 9).replace("old 5", "old 10")), 400, "larger than the checkpoint");
    assert_says(&running.submit(&Log(2).request(5, 9)), 403, "not signed by the log");
    assert_says(&running.submit(&log.request(5, 9).replace(ORIGIN, "other.example/log")), 404, "does not know the log");
    assert_says(&running.submit(&log.request(5, 9).replace("\n9\n", "\n8\n")), 403, "bad");
    assert_says(&running.submit(&log.request(4, 9).replace("old 4", "old 5")), 422, "proof");
    assert_eq!(running.submit(&log.request(5, 5)).status, 200, "the same again");
    assert_eq!(running.submit(&log.request(5, 9)).status, 200);
    assert!(running.connect().get(&url).text().starts_with(&log.checkpoint(9).to_string()));
}

#[test]
fn hostile_bodies_are_refused_with_a_reason_and_the_witness_lives_on() {
    let (log, directory) = (Log(1), Directory::new(Log(1)));
    let running = Running::start(&directory.path(), &[]);
    let good = log.request(0, 5);
    let zeros = format!("{}=\n", "A".repeat(43));
    for (body, part) in [
        (String::new(), "no checkpoint"),
        (good.replace('\n', "\r\n"), "malformed"),
        (good.replacen("\n\n", "\n\n\n", 1), "malformed"),
        (good.replacen("\n\n\u{2014}", "\n\n\n\u{2014}", 1), "malformed"),
        (good.replace("old 0", "old 00"), "leading zeros"),
        (good.replace("old 0", "old -1"), "old <size>"),
        (good.replace("old 0", "old 99999999999999999999"), "old <size>"),
        (good.replace("old 0\n", &format!("old 0\n{}", zeros.repeat(64))), "at most 63 lines"),
        (good.replace('\u{2014}', "-"), "signature lines"),
    ] {
        assert_says(&running.submit(&body), 400, part);
    }
    let text = format!("{}extension\n", log.checkpoint(5));
    assert_says(&running.submit(&format!("old 0\n\n{}", log.sign(&text))), 400, "extension lines");
    assert_says(&running.submit(&good.replace("old 0\n", &format!("old 0\n{zeros}"))), 422, "too many or too few");
    let many = |count: usize| good.clone() + &"\u{2014} other.example/w AAAAAAAA\n".repeat(count - 1);
    assert_says(&running.submit(&many(101)), 400, "more than 100 signatures");
    assert_says(&running.submit(&many(17).replace("old 0", "old 6")), 400, "larger");
    for count in [17, 100] {
        let old = if count == 17 { 0 } else { 5 };
        let answer = running.submit(&many(count).replace("old 0", &format!("old {old}")));
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    let mut connection = running.connect();
    assert_says(&connection.exchange("POST", "/add-checkpoint", &[], Some(b"old \xff\n\n")).unwrap(), 400, "malformed");
    let large = vec![b'a'; 2 << 20];
    assert_says(&connection.exchange("POST", "/add-checkpoint", &[], Some(&large)).unwrap(), 413, "larger than 524288");
    let mut connection = running.connect();
    let head = connection.head("POST", "/add-checkpoint", &[("Transfer-Encoding", "chunked")]);
    connection.send(head.as_bytes()).unwrap();
    // It may close before everything is sent.
    let _ = connection.send(format!("{:x}\r\n", large.len()).as_bytes()).and_then(|()| connection.send(&large));
    assert_says(&connection.answer().unwrap(), 413, "larger than 524288");

    let mut connection = running.connect();
    for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
        let answer = connection.request(method, "/add-checkpoint", &[]);
        assert_says(&answer, 405, "POST");
        assert_eq!(answer.header("allow"), Some("POST"));
    }
    let hash = hex::encode(ring::digest::digest(&ring::digest::SHA256, ORIGIN.as_bytes()));
    assert_eq!(connection.request("POST", &format!("/{hash}/checkpoint"), &[]).header("allow"), Some("GET"));
    let other = "0".repeat(64);
    for path in
        [&hash.to_uppercase(), &hash[1..], &format!("{hash}0"), &other, "..%2f..%2fwitness.key", "%ff", "%c3%a9"]
    {
        assert_eq!(connection.get(&format!("/{path}/checkpoint")).status, 404, "{path}");
    }
    assert_eq!(connection.get("/").status, 404);
    let json = [("Content-Type", "application/json"), ("Content-Encoding", "gzip")];
    let answer = connection.exchange("POST", "/add-checkpoint", &json, Some(log.request(5, 6).as_bytes())).unwrap();
    assert_eq!(answer.status, 200, "what a body says to be is not looked at: {answer:?}");
    assert_says(&connection.get("/healthz"), 200, "alive");
}
