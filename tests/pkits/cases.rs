//! The table of cases.

/// One test of the suite.
pub struct Case {
    /// Its number in the suite's document.
    pub number: &'static str,
    /// What the suite says of the path.
    pub outcome: Outcome,
    /// What is found here; see `Suite::finding`.
    pub finding: &'static str,
    /// The file of the person's certificate.
    pub person: &'static str,
    /// The files of the CAs above it, lowest first, without the trust anchor.
    pub authorities: Vec<&'static str>,
    /// The files of the lists, without the trust anchor's.
    pub lists: Vec<&'static str>,
}

/// What the suite says of a path under its default settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Valid,
    Invalid,
}

impl Case {
    /// All cases, in the suite's order.
    pub fn all() -> Vec<Self> {
        let lines = include_str!("cases.txt").lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines.map(|line| Self::read(line).unwrap_or_else(|| panic!("not a case: {line}"))).collect()
    }

    fn read(line: &'static str) -> Option<Self> {
        let mut columns = line.split('|').map(str::split_whitespace);
        let (mut head, authorities, lists) = (columns.next()?, columns.next()?, columns.next()?);
        let (number, outcome, finding, person) = (head.next()?, head.next()?, head.next()?, head.next()?);
        let outcome = match outcome {
            "valid" => Outcome::Valid,
            "invalid" => Outcome::Invalid,
            _ => return None,
        };
        Some(Self { number, outcome, finding, person, authorities: authorities.collect(), lists: lists.collect() })
    }
}
