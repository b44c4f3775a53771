//! A stored document's file name stays in its quotes and in its folder, and the extended one says the same name
//! (RFC 6266, RFC 8187).
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
        let said = match rest.strip_prefix("; filename*=UTF-8''") {
            Some(encoded) => String::from_utf8(decoded(encoded)).expect("UTF-8"),
            None => plain.to_owned(),
        };
        assert!(rest.is_empty() || said != plain, "{field}");
        assert_eq!(plain.chars().count(), said.chars().count());
        for name in [plain, &said] {
            assert!(!name.contains(['\\', '/', ':', '*', '?', '<', '>', '|', '"']), "{name}");
            assert!(!name.is_empty() && !name.starts_with('.') && !name.ends_with(['.', ' ']), "{name:?}");
            assert!(name.len() <= 255 && !name.contains(char::is_control), "{name:?}");
        }
        // What is harmless stays as it is.
        assert_eq!(disposition(content_type, &said), field);
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
