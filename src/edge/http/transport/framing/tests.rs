//! What passes to the letter, and what is refused where.

use proptest::prelude::*;

use super::*;

fn followed(bytes: &[u8]) -> Result<Framing, Refusal> {
    let mut framing = Framing::default();
    framing.follow(bytes).map(|()| framing)
}

fn fault(bytes: &[u8]) -> Option<Fault> {
    followed(bytes).err().map(|refusal| refusal.fault)
}

/// Requests that are whole, with how many there are.
const GOOD: &[(&str, u64)] = &[
    ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", 1),
    ("\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", 1),
    ("GET /a?b=c HTTP/1.0\r\n\r\nHEAD * HTTP/1.1\r\nhost:\tx \r\n\r\n", 2),
    ("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n\n\r\0\n\nGET / HTTP/1.1\r\n\r\n", 2),
    ("POST / HTTP/1.1\r\ncontent-length:0\r\n\r\nGET / HTTP/1.1\r\n\r\n", 2),
    ("PUT / HTTP/1.1\r\nTransfer-Encoding: Chunked \r\n\r\n3\r\na\nb\r\n0A;x=\"y\"\r\n0123456789\r\n0\r\n\r\n", 1),
    ("GET / HTTP/1.1\r\nX-Name: caf\u{e9}\r\nX-Empty:\r\n\r\n", 1),
];

#[test]
fn requests_to_the_letter_of_the_standard_pass_in_portions_of_any_size() {
    for (text, requests) in GOOD {
        for size in 1..=text.len() {
            let mut framing = Framing::default();
            for portion in text.as_bytes().chunks(size) {
                framing.follow(portion).unwrap_or_else(|refusal| panic!("{text:?}: {refusal}"));
            }
            assert_eq!((framing.requests(), framing.is_between()), (*requests, true), "{text:?} by {size}");
        }
    }
}

#[test]
fn every_fault_is_named_where_it_is() {
    for (bytes, expected) in [
        (&b"GET / HTTP/1.1\nHost: x\r\n\r\n"[..], Fault::BareLf),
        (b"GET / HTTP/1.1\r\nHost: x\n\r\n", Fault::BareLf),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\n", Fault::BareLf),
        (b"\nGET / HTTP/1.1\r\n\r\n", Fault::BareLf),
        (b"GET / HTTP/1.1\rHost: x\r\n\r\n", Fault::BareCr),
        (b"GET / HTTP/1.1\r\nX: a\rb\r\n\r\n", Fault::BareCr),
        (b"GET / HTTP/1.1\r\nX: a\0b\r\n\r\n", Fault::Control),
        (b"GET / HTTP/1.1\r\nX: a\x7f\r\n\r\n", Fault::Control),
        (b"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n", Fault::FoldedField),
        (b"GET / HTTP/1.1\r\n\tX: a\r\n\r\n", Fault::FoldedField),
        (b"\r\n\r\nGET / HTTP/1.1\r\n\r\n", Fault::RequestLine),
        (b"GET  / HTTP/1.1\r\n\r\n", Fault::RequestLine),
        (b"GET / x HTTP/1.1\r\n\r\n", Fault::RequestLine),
        (b"GET /\tHTTP/1.1\r\n\r\n", Fault::RequestLine),
        (b"GET /caf\xe9 HTTP/1.1\r\n\r\n", Fault::RequestLine),
        (b"GET / HTTP/1.2\r\n\r\n", Fault::RequestLine),
        (b"GET / HTTP/1.11\r\n\r\n", Fault::RequestLine),
        (b"GET / http/1.1\r\n\r\n", Fault::RequestLine),
        (b"GET /\r\n\r\n", Fault::RequestLine),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", Fault::RequestLine),
        (b"GET / HTTP/1.1\r\nX : a\r\n\r\n", Fault::FieldName),
        (b"GET / HTTP/1.1\r\n: a\r\n\r\n", Fault::FieldName),
        (b"GET / HTTP/1.1\r\nX\r\n\r\n", Fault::FieldName),
        (b"POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\n", Fault::ContentLength),
        (b"POST / HTTP/1.1\r\nContent-Length: 5, 5\r\n\r\n", Fault::ContentLength),
        (b"POST / HTTP/1.1\r\nContent-Length: 0x5\r\n\r\n", Fault::ContentLength),
        (b"POST / HTTP/1.1\r\nContent-Length:\r\n\r\n", Fault::ContentLength),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", Fault::ContentLength),
        (b"POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", Fault::ContentLength),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", Fault::TransferEncoding),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n", Fault::TransferEncoding),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", Fault::TransferEncoding),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n", Fault::TransferEncoding),
        (
            b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n",
            Fault::TransferEncoding,
        ),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", Fault::TransferEncoding),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n", Fault::TwoLengths),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n", Fault::TwoLengths),
    ] {
        assert_eq!(fault(bytes), Some(expected), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn chunks_are_held_to_the_letter_too() {
    let extension = format!("1;{}\r\nx", "e".repeat(300));
    for (body, expected) in [
        ("3\nabc\r\n", Fault::BareLf),
        ("3;x\nabc\r\n", Fault::BareLf),
        ("3\rabc", Fault::BareCr),
        ("3\r\nabcd\r\n", Fault::Chunk),
        ("3\r\nabc\n", Fault::Chunk),
        ("3 \r\nabc\r\n", Fault::Chunk),
        (" 3\r\nabc\r\n", Fault::Chunk),
        ("0x3\r\nabc\r\n", Fault::Chunk),
        ("-3\r\nabc\r\n", Fault::Chunk),
        ("\r\n", Fault::Chunk),
        ("1000000000000000\r\n", Fault::Chunk),
        ("3;\0\r\nabc\r\n", Fault::Control),
        (&extension, Fault::ChunkExtension),
        ("0\r\nX: y\r\n\r\n", Fault::Trailer),
    ] {
        let text = format!("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{body}");
        let refusal = followed(text.as_bytes()).unwrap_err();
        assert_eq!((refusal.fault, refusal.in_head), (expected, false), "{body:?}");
    }
}

proptest! {
    /// However bytes are cut into portions, the verdict and its place are the same.
    #[test]
    fn portions_make_no_difference(bytes in proptest::collection::vec(any::<u8>(), 0..80), good in 0..GOOD.len(), size in 1..20usize) {
        let bytes = [GOOD[good].0.as_bytes(), &bytes].concat();
        let whole = followed(&bytes).map(|framing| framing.requests());
        let mut framing = Framing::default();
        let mut portioned = Ok(());
        for (index, portion) in bytes.chunks(size).enumerate() {
            portioned = framing.follow(portion).map_err(|refusal| Refusal { at: refusal.at + index * size, ..refusal });
            if portioned.is_err() { break }
        }
        prop_assert_eq!(whole, portioned.map(|()| framing.requests()));
    }
}
