//! The lodger's own signature in a header field: an RFC 9651 byte sequence.

use sfv::{BareItem, Item, ItemSerializer, Parser};

/// The name of the field.
pub const HEADER: &str = "Lodger-Signature";

/// The field is no signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the signature is not one byte sequence (RFC 9651): write the base64 of its DER between colons, :MIIB...:")]
pub struct NotBytes;

/// Reads the field: the signature's DER.
pub fn parse_field(field: &str) -> Result<Vec<u8>, NotBytes> {
    let item: Item = Parser::new(field).parse().map_err(|_| NotBytes)?;
    match item.bare_item {
        BareItem::ByteSequence(der) if !der.is_empty() => Ok(der),
        _ => Err(NotBytes),
    }
}

/// Writes the field.
pub fn to_field(der: &[u8]) -> String {
    ItemSerializer::new().bare_item(der).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lodge_6_a_signature_is_written_between_colons_and_read_back() {
        assert_eq!(to_field(b"0\x82\x01\x02"), ":MIIBAg==:");
        assert_eq!(parse_field(":MIIBAg==:"), Ok(b"0\x82\x01\x02".to_vec()));
    }

    #[test]
    fn lodge_6_what_is_no_byte_sequence_is_refused() {
        for field in ["", "::", "MIIBAg==", "\"MIIB\"", ":MIIB", ":M!:", ":MIIB:, :MIIB:", "(:MIIB:)", ":MIIB: x"] {
            assert_eq!(parse_field(field), Err(NotBytes), "{field}");
        }
    }
}
