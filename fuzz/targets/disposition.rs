//! A file name stays in its quotes, and the extended one says exactly the name (RFC 6266, RFC 8187).
#![no_main]

use strongroom::fuzzing::transfer::{disposition, file_name};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (content_type, name) = text.split_once('\n').unwrap_or(("text/plain", text));
    for name in [name.to_owned(), file_name(name, "1.0", content_type)] {
        let field = disposition(content_type, &name);
        assert!(field.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{field:?}");
        let (kind, rest) = field.split_once("; filename=\"").expect("a plain name");
        assert!(kind == "attachment" || (kind == "inline" && content_type == "application/pdf"));
        let (plain, rest) = rest.split_once('"').expect("the quote ends");
        assert!(!plain.contains(['\\', '/', '%', ':', '*', '?', '<', '>', '|']), "{plain}");
        assert_eq!(plain.chars().count(), name.chars().count());
        match rest.strip_prefix("; filename*=UTF-8''") {
            Some(encoded) => assert_eq!(decoded(encoded), name.as_bytes()),
            None => assert!(rest.is_empty() && plain == name, "{field}"),
        }
    }
});

fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first == '%' {
            bytes.push(u8::from_str_radix(&rest[1..3], 16).expect("two hexadecimal digits"));
            rest = &rest[3..];
        } else {
            assert!(first.is_ascii_alphanumeric() || "!#$&+-.^_`|~".contains(first), "no attr-char: {first}");
            bytes.push(first as u8);
            rest = &rest[1..];
        }
    }
    bytes
}
