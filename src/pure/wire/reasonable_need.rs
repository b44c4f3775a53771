//! The `Reasonable-Need` header: an RFC 9651 dictionary that names a recorded need or states one on the spot.

use sfv::{BareItem, DictSerializer, Dictionary, KeyRef, ListEntry, Parser, RefBareItem, StringRef, TokenRef, key_ref};

/// The header's name.
pub const HEADER: &str = "Reasonable-Need";

/// What the header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReasonableNeed {
    /// `id="need-1042"`: a need recorded before.
    Recorded(String),
    /// `purpose=assurance, statement="..."`: recorded on the spot, in one entry with the read.
    Inline(InlineNeed),
}

/// A need stated in the header.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct InlineNeed {
    /// A coded purpose, one of the configuration's.
    pub purpose: String,
    /// Why, in the person's words.
    pub statement: String,
    /// The action, meeting, decision or direction that it serves.
    pub reference: Option<String>,
}

untold!(InlineNeed);

impl ReasonableNeed {
    /// Reads the header; several field lines are joined with `, ` before (RFC 9651, section 4.2).
    ///
    /// Text members may be a string, a token, or a display string where they hold more than ASCII. A member that the
    /// contract does not have is refused, since a misspelt `reference` would otherwise be a need without one.
    pub fn parse(field: &str) -> Result<Self, ReasonableNeedError> {
        let dictionary: Dictionary = Parser::new(field).parse().map_err(|_| ReasonableNeedError::NotADictionary)?;
        let (mut id, mut purpose, mut statement, mut reference) = (None, None, None, None);
        for (key, entry) in &dictionary {
            let slot = match key.as_str() {
                "id" => &mut id,
                "purpose" => &mut purpose,
                "statement" => &mut statement,
                "reference" => &mut reference,
                _ => return Err(ReasonableNeedError::UnknownMember),
            };
            *slot = Some(text(entry).ok_or(ReasonableNeedError::NotText)?);
        }
        match (id, purpose, statement, reference) {
            (Some(id), None, None, None) => Ok(Self::Recorded(id)),
            (Some(_), ..) => Err(ReasonableNeedError::Both),
            (None, Some(purpose), Some(statement), reference) => {
                Ok(Self::Inline(InlineNeed { purpose, statement, reference }))
            }
            (None, None, None, None) => Err(ReasonableNeedError::Empty),
            (None, ..) => Err(ReasonableNeedError::Incomplete),
        }
    }

    /// Writes the header's value. Text beyond printable ASCII is written as a display string.
    pub fn to_field(&self) -> String {
        let mut dictionary = DictSerializer::new();
        match self {
            Self::Recorded(id) => put(&mut dictionary, key_ref("id"), id),
            Self::Inline(need) => {
                match TokenRef::from_str(&need.purpose) {
                    Ok(token) => drop(dictionary.bare_item(key_ref("purpose"), token)),
                    Err(_) => put(&mut dictionary, key_ref("purpose"), &need.purpose),
                }
                put(&mut dictionary, key_ref("statement"), &need.statement);
                if let Some(reference) = &need.reference {
                    put(&mut dictionary, key_ref("reference"), reference);
                }
            }
        }
        // Only a dictionary without members serialises to nothing, and every branch above adds one.
        dictionary.finish().unwrap_or_default()
    }
}

/// The header cannot be understood: status 400, `malformed`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReasonableNeedError {
    /// No RFC 9651 dictionary.
    #[error(
        "Reasonable-Need is not a dictionary (RFC 9651): write id=\"need-1\", or purpose=operate, statement=\"...\""
    )]
    NotADictionary,
    /// A member of another name.
    #[error("Reasonable-Need has a member of another name than id, purpose, statement and reference")]
    UnknownMember,
    /// A member that is a number, a list or the like.
    #[error("a member of Reasonable-Need is not text: put it in double quotes")]
    NotText,
    /// An id and an inline need.
    #[error("Reasonable-Need names a recorded need and states another: send either id, or purpose and statement")]
    Both,
    /// Nothing in it.
    #[error("Reasonable-Need is empty: send either id, or purpose and statement")]
    Empty,
    /// A purpose without a statement, or the reverse.
    #[error("Reasonable-Need lacks a part: an inline need has both purpose and statement")]
    Incomplete,
}

fn text(entry: &ListEntry) -> Option<String> {
    let ListEntry::Item(item) = entry else { return None };
    match &item.bare_item {
        BareItem::String(text) => Some(text.as_str().to_owned()),
        BareItem::Token(text) => Some(text.as_str().to_owned()),
        BareItem::DisplayString(text) => Some(text.clone()),
        _ => None,
    }
}

fn put(dictionary: &mut DictSerializer<String>, key: &KeyRef, text: &str) {
    let item = match StringRef::from_str(text) {
        Ok(text) => RefBareItem::String(text),
        Err(_) => RefBareItem::DisplayString(text),
    };
    dictionary.bare_item(key, item);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inline(statement: &str, reference: Option<&str>) -> ReasonableNeed {
        ReasonableNeed::Inline(InlineNeed {
            purpose: "assurance".into(),
            statement: statement.into(),
            reference: reference.map(Into::into),
        })
    }

    #[test]
    fn the_contract_s_examples_read_and_write() {
        let recorded = r#"id="need-1042""#;
        assert_eq!(ReasonableNeed::parse(recorded).unwrap(), ReasonableNeed::Recorded("need-1042".into()));
        assert_eq!(ReasonableNeed::Recorded("need-1042".into()).to_field(), recorded);
        let stated = r#"purpose=assurance, statement="annual assessment of the Device CPS", reference="SOC2-2026""#;
        let need = inline("annual assessment of the Device CPS", Some("SOC2-2026"));
        assert_eq!(ReasonableNeed::parse(stated).unwrap(), need);
        assert_eq!(need.to_field(), stated);
    }

    #[test]
    fn quotes_backslashes_and_other_scripts_survive() {
        for statement in [r#"the "Device" CPS \ annex"#, "évaluation annuelle – Wałęsa", "line\nbreak"] {
            let need = inline(statement, None);
            let field = need.to_field();
            assert!(field.is_ascii() && !field.contains('\n'), "{field}");
            assert_eq!(ReasonableNeed::parse(&field).unwrap(), need);
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        use ReasonableNeedError::*;
        for (field, error) in [
            ("need 1042, please", NotADictionary),
            ("", Empty),
            (r#"id="need-1", purpose=operate"#, Both),
            ("purpose=operate", Incomplete),
            (r#"statement="because I must""#, Incomplete),
            (r#"purpose=operate, statement="because I must", refrence="x""#, UnknownMember),
            ("id=1042", NotText),
            ("id", NotText),
            (r#"id=("need-1")"#, NotText),
        ] {
            assert_eq!(ReasonableNeed::parse(field), Err(error), "{field}");
        }
    }
}
