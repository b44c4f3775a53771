//! The path below which a witness answers.

/// The path of a submission and monitoring prefix: empty, or `/` and segments without a `/` at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefix(String);

/// A text is no prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a prefix begins with '/', does not end in one, and has letters, digits, '-', '.', '_' and '~' between them")]
pub struct InvalidPrefix;

impl Prefix {
    /// Parses a prefix. `/` alone is the empty one.
    pub fn parse(text: &str) -> Result<Self, InvalidPrefix> {
        if text.is_empty() || text == "/" {
            return Ok(Self::default());
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '~');
        let segment =
            |segment: &str| !segment.is_empty() && !matches!(segment, "." | "..") && segment.chars().all(plain);
        let segments = text.strip_prefix('/').ok_or(InvalidPrefix)?;
        segments.split('/').all(segment).then(|| Self(text.to_owned())).ok_or(InvalidPrefix)
    }

    /// The path, as it stands before `/add-checkpoint`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_plain_segments() {
        for (text, path) in [("", ""), ("/", ""), ("/w1", "/w1"), ("/a/b-c.d_e~f", "/a/b-c.d_e~f")] {
            assert_eq!(Prefix::parse(text).unwrap().as_str(), path);
        }
        for text in ["w1", "/w1/", "//", "/a//b", "/{hash}", "/a b", "/..", "/é", "/a?b"] {
            assert_eq!(Prefix::parse(text), Err(InvalidPrefix), "{text}");
        }
    }
}
