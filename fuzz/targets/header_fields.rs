//! A digest, a lodger's signature and a media type are written as they were read.
#![no_main]

use strongroom::fuzzing::api;
use strongroom::pure::wire::digest::Digest;
use strongroom::pure::wire::lodger_signature;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(Some(digest)) = Digest::parse_field(text) {
        assert_eq!(Digest::parse_field(&digest.to_field()), Ok(Some(digest)));
        assert_eq!(digest.to_string().parse(), Ok(digest));
    }
    if let Ok(digest) = text.parse::<Digest>() {
        assert_eq!(digest.to_string(), text);
    }
    if let Ok(signature) = lodger_signature::parse_field(text) {
        assert!(!signature.is_empty());
        assert_eq!(lodger_signature::parse_field(&lodger_signature::to_field(&signature)).ok(), Some(signature));
    }
    if let Some(essence) = api::media_type(text) {
        assert!(
            text.len() <= 127 && text.bytes().all(|byte| (b' '..=b'~').contains(&byte) || byte == b'\t'),
            "{text:?}"
        );
        assert_eq!(api::media_type(&essence), Some(essence));
    }
});
