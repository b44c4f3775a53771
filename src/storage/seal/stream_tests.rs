//! Sealed streams: every edge of a segment, every kind of damage, and the published format.

use proptest::prelude::*;

use super::*;
use crate::pure::tlog::hash::sha256;

const FIRST: usize = SEGMENT_LEN - HEADER_LEN - TAG_LEN;
const NEXT: usize = SEGMENT_LEN - TAG_LEN;

fn key() -> SecretKey {
    SecretKey::from_bytes(std::array::from_fn(|i| i as u8))
}

/// Byte `i` is `(31 i + 7) mod 251`, so that no segment repeats another.
fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<_> = (0..251).map(|i| ((31 * i + 7) % 251) as u8).collect();
    let mut bytes = period.repeat(length / 251 + 1);
    bytes.truncate(length);
    bytes
}

fn seal(plaintext: &[u8], chunk: usize) -> Vec<u8> {
    let mut sealer = StreamSealer::new(&key(), b"a blob").unwrap();
    let mut sealed = Vec::new();
    plaintext.chunks(chunk).for_each(|chunk| sealer.push(chunk, &mut sealed).unwrap());
    sealer.finish(&mut sealed).unwrap();
    sealed
}

fn opener(sealed: &[u8], associated_data: &[u8]) -> Result<StreamOpener, StreamError> {
    let layout = StreamLayout::of_ciphertext(sealed.len() as u64)?;
    StreamOpener::new(&key(), associated_data, sealed, layout)
}

fn open(sealed: &[u8]) -> Result<Vec<u8>, StreamError> {
    let opener = opener(sealed, b"a blob")?;
    let mut plaintext = Vec::new();
    for number in 0..=opener.layout().last_segment() {
        plaintext.extend(open_one(&opener, sealed, number)?);
    }
    assert_eq!(plaintext.len() as u64, opener.layout().plaintext_len());
    Ok(plaintext)
}

fn open_one(opener: &StreamOpener, sealed: &[u8], number: u32) -> Result<Vec<u8>, StreamError> {
    let range = opener.layout().ciphertext_of(number);
    let mut segment = sealed[range.start as usize..range.end as usize].to_vec();
    opener.open_segment(number, &mut segment).map(|plaintext| plaintext.to_vec())
}

fn edges() -> Vec<usize> {
    let ends = [0, FIRST, FIRST + NEXT, FIRST + 2 * NEXT];
    ends.iter().flat_map(|end| [end.saturating_sub(1), *end, end + 1]).collect()
}

#[test]
fn every_length_at_the_edge_of_a_segment_round_trips() {
    for length in edges() {
        let plaintext = pattern(length);
        let sealed = seal(&plaintext, 10_000);
        let segments = 1 + length.saturating_sub(FIRST).div_ceil(NEXT);
        assert_eq!(sealed.len(), length + HEADER_LEN + segments * TAG_LEN, "{length}");
        assert!(open(&sealed).unwrap() == plaintext, "{length}");
    }
}

#[test]
fn segments_are_ready_as_soon_as_the_next_byte_comes() {
    let mut sealer = StreamSealer::new(&key(), b"").unwrap();
    let mut sealed = Vec::new();
    sealer.push(&pattern(FIRST), &mut sealed).unwrap();
    assert!(sealed.is_empty());
    sealer.push(&[0], &mut sealed).unwrap();
    assert_eq!(sealed.len(), SEGMENT_LEN);
}

#[test]
fn a_layout_places_every_byte_in_one_segment() {
    for length in edges() {
        let layout = StreamLayout::of_ciphertext(seal(&pattern(length), 65_536).len() as u64).unwrap();
        let (mut plain, mut cipher) = (0, HEADER_LEN as u64);
        for number in 0..=layout.last_segment() {
            let (plaintext, ciphertext) = (layout.plaintext_of(number), layout.ciphertext_of(number));
            assert_eq!((plaintext.start, ciphertext.start), (plain, cipher));
            assert_eq!(plaintext.end - plaintext.start + TAG_LEN as u64, ciphertext.end - ciphertext.start);
            if plaintext.start < plaintext.end {
                assert_eq!(layout.segments_of(&plaintext), Some(number..=number));
            }
            (plain, cipher) = (plaintext.end, ciphertext.end);
        }
        assert_eq!((plain, cipher), (length as u64, layout.ciphertext_len()));
        assert_eq!(layout.plaintext_len(), length as u64);
        assert_eq!(layout.segments_of(&(0..length as u64 + 1)), None);
        assert_eq!(layout.segments_of(&(0..0)), None);
    }
}

#[test]
fn lengths_that_no_sealer_makes_are_refused() {
    let segment = SEGMENT_LEN as u64;
    for length in [0, 1, 55, segment + 1, segment + 16, 2 * segment + 16, (1 << 32) * segment + 17, u64::MAX] {
        assert_eq!(StreamLayout::of_ciphertext(length), Err(StreamError::Length), "{length}");
    }
    assert_eq!(StreamLayout::of_ciphertext((1 << 32) * segment).unwrap().last_segment(), u32::MAX);
}

#[test]
fn a_flipped_bit_damages_its_segment_and_no_other() {
    let sealed = seal(&pattern(FIRST + NEXT + 100), 65_536);
    for (offset, number) in [(0, None), (1, None), (39, None), (40, Some(0)), (65_535, Some(0)), (65_536, Some(1))] {
        let mut flipped = sealed.clone();
        flipped[offset] ^= 0x40;
        let opener = match opener(&flipped, b"a blob") {
            Ok(opener) => opener,
            Err(error) => {
                assert_eq!((error, offset), (StreamError::Header, 0));
                continue;
            }
        };
        for segment in 0..=2 {
            let damaged = number.is_none_or(|number| number == segment);
            let opened = open_one(&opener, &flipped, segment);
            assert_eq!(opened.is_err(), damaged, "byte {offset}, segment {segment}");
        }
    }
}

#[test]
fn a_cut_an_extension_and_a_swap_show() {
    let sealed = seal(&pattern(FIRST + 2 * NEXT), 65_536);
    assert_eq!(open(&sealed[..2 * SEGMENT_LEN]), Err(StreamError::Segment(1)));
    assert_eq!(open(&sealed[..2 * SEGMENT_LEN + 1000]), Err(StreamError::Segment(2)));
    assert_eq!(open(&[&sealed[..], &[0; 17]].concat()), Err(StreamError::Segment(2)));
    let swapped = [&sealed[..SEGMENT_LEN], &sealed[2 * SEGMENT_LEN..], &sealed[SEGMENT_LEN..2 * SEGMENT_LEN]].concat();
    assert_eq!(open(&swapped), Err(StreamError::Segment(1)));
}

#[test]
fn another_key_or_other_associated_data_opens_nothing() {
    let sealed = seal(b"text", 4);
    assert_eq!(open_one(&opener(&sealed, b"b blob").unwrap(), &sealed, 0), Err(StreamError::Segment(0)));
    let layout = StreamLayout::of_ciphertext(sealed.len() as u64).unwrap();
    let stranger = StreamOpener::new(&SecretKey::from_bytes([9; 32]), b"a blob", &sealed, layout).unwrap();
    assert_eq!(open_one(&stranger, &sealed, 0), Err(StreamError::Segment(0)));
    assert_eq!(stranger.open_segment(1, &mut []), Err(StreamError::Length));
}

#[test]
fn two_streams_of_the_same_bytes_differ() {
    assert_ne!(seal(b"text", 4), seal(b"text", 4));
}

/// Golden vectors, which Tink opens: see tests/golden/blob/README.md.
mod golden {
    use super::*;

    const VECTORS: &str = include_str!("../../../tests/golden/blob/vectors.json");

    fn bytes(value: &serde_json::Value) -> Vec<u8> {
        hex::decode(value.as_str().unwrap()).unwrap()
    }

    #[test]
    fn our_sealer_makes_the_golden_bytes() {
        let golden: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
        let key = SecretKey::from_bytes(bytes(&golden["key"]).try_into().unwrap());
        let associated_data = golden["associated_data"].as_str().unwrap();
        let random = [bytes(&golden["salt"]), bytes(&golden["nonce_prefix"])].concat().try_into().unwrap();
        for case in golden["sealed"].as_array().unwrap() {
            let plaintext = pattern(case["plaintext_length"].as_u64().unwrap() as usize);
            let mut sealer = StreamSealer::with_random(&key, associated_data.as_bytes(), &random);
            let mut sealed = Vec::new();
            plaintext.chunks(7_777).for_each(|chunk| sealer.push(chunk, &mut sealed).unwrap());
            sealer.finish(&mut sealed).unwrap();
            assert_eq!(hex::encode(sha256(&sealed)), case["ciphertext_sha256"].as_str().unwrap(), "{case}");
            if let Some(whole) = case.get("ciphertext") {
                assert_eq!(sealed, bytes(whole));
            }
        }
    }

    #[test]
    fn what_tink_sealed_opens() {
        let golden: serde_json::Value = serde_json::from_str(VECTORS).unwrap();
        let key = SecretKey::from_bytes(bytes(&golden["key"]).try_into().unwrap());
        let associated_data = golden["associated_data"].as_str().unwrap();
        for case in golden["sealed_by_tink"].as_array().unwrap() {
            let mut sealed = bytes(&case["ciphertext"]);
            let layout = StreamLayout::of_ciphertext(sealed.len() as u64).unwrap();
            let opener = StreamOpener::new(&key, associated_data.as_bytes(), &sealed, layout).unwrap();
            let opened = opener.open_segment(0, &mut sealed[HEADER_LEN..]).unwrap();
            assert_eq!(opened, pattern(case["plaintext_length"].as_u64().unwrap() as usize));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_plaintext_in_any_pieces_round_trips(
        length in 0usize..4 * SEGMENT_LEN,
        cuts in prop::collection::vec(0usize..4 * SEGMENT_LEN, 0..12),
    ) {
        let plaintext = pattern(length);
        let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(length)).chain([0, length]).collect();
        cuts.sort_unstable();
        let mut sealer = StreamSealer::new(&key(), b"a blob").unwrap();
        let mut sealed = Vec::new();
        for piece in cuts.windows(2) {
            sealer.push(&plaintext[piece[0]..piece[1]], &mut sealed).unwrap();
        }
        sealer.finish(&mut sealed).unwrap();
        prop_assert!(open(&sealed).unwrap() == plaintext);
    }
}
