//! The layout of a sealed stream of any length is sound, and a damaged stream gives nothing that was not sealed.
#![no_main]

use std::sync::LazyLock;

use strongroom::storage::seal::secret::SecretKey;
use strongroom::storage::seal::stream::{HEADER_LEN, StreamError, StreamLayout, StreamOpener, StreamSealer, TAG_LEN};
use strongroom_fuzz::{Choices, damage};

const NAME: &[u8] = b"a0a1a2a3a4a5a6a7a8a9aaabacadaeaf";

/// Two segments and a bit.
static PLAIN: LazyLock<Vec<u8>> = LazyLock::new(|| (0..132_000_u32).map(|byte| (byte % 251) as u8).collect());
static SEALED: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut sealed = Vec::new();
    let mut sealer = StreamSealer::new(&key(), NAME).unwrap();
    sealer.push(&PLAIN, &mut sealed).unwrap();
    sealer.finish(&mut sealed).unwrap();
    sealed
});

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut choices = Choices(bytes);
    layout(&mut choices);
    if choices.is_empty() {
        return;
    }
    let mut stream = SEALED.clone();
    damage(&mut choices, &mut stream);
    match opened(&stream) {
        Ok(plain) => assert!(plain == *PLAIN && stream == *SEALED, "a changed stream opened"),
        Err(_) => assert!(stream != *SEALED),
    }
});

fn layout(choices: &mut Choices) {
    let length = choices.number() >> (choices.byte() % 64);
    let Ok(layout) = StreamLayout::of_ciphertext(length) else { return };
    let last = layout.last_segment();
    assert_eq!(layout.ciphertext_len(), length);
    assert_eq!((layout.plaintext_of(0).start, layout.ciphertext_of(0).start), (0, HEADER_LEN as u64));
    assert_eq!((layout.plaintext_of(last).end, layout.ciphertext_of(last).end), (layout.plaintext_len(), length));
    let some = choices.below(last as usize + 1) as u32;
    for number in [0, some, last] {
        let (plain, sealed) = (layout.plaintext_of(number), layout.ciphertext_of(number));
        assert_eq!(sealed.end - sealed.start, plain.end - plain.start + TAG_LEN as u64);
        if number < last {
            assert_eq!(plain.end, layout.plaintext_of(number + 1).start);
            assert_eq!(sealed.end, layout.ciphertext_of(number + 1).start);
        }
        if !plain.is_empty() {
            assert_eq!(layout.segments_of(&plain), Some(number..=number));
            assert_eq!(layout.segments_of(&(plain.start..plain.start + 1)), Some(number..=number));
        }
    }
    let (from, to) = (choices.number(), choices.number());
    match layout.segments_of(&(from..to)) {
        Some(segments) => assert!(from < to && to <= layout.plaintext_len() && *segments.end() <= last),
        None => assert!(from >= to || to > layout.plaintext_len()),
    }
}

fn opened(stream: &[u8]) -> Result<Vec<u8>, StreamError> {
    let layout = StreamLayout::of_ciphertext(stream.len() as u64)?;
    let opener = StreamOpener::new(&key(), NAME, stream, layout)?;
    let mut plain = Vec::new();
    for number in 0..=layout.last_segment() {
        let place = layout.ciphertext_of(number);
        let mut segment = stream[place.start as usize..place.end as usize].to_vec();
        plain.extend(&*opener.open_segment(number, &mut segment)?);
    }
    Ok(plain)
}

fn key() -> SecretKey {
    SecretKey::from_bytes([7; 32])
}
