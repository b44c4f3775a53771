//! How the steps ask: the paths, needs and commands that several chapters share.

use super::curl::Curl;
use super::stage::Stage;
use crate::edge::client::{Client, ClientError, Content, ContentRequest};
use crate::pure::wire::reasonable_need::{HEADER, InlineNeed, ReasonableNeed};

/// The curl command of a person's GET of `path`.
pub fn curl(stage: &Stage<'_>, person: &str, path: &str) -> Curl {
    Curl::get(stage.layout, &stage.server, person, path)
}

/// The path of a document's version.
pub fn version(document: &str) -> String {
    format!("/documents/{document}/versions/{LABEL}")
}

/// The path of a version's content.
pub fn content(document: &str) -> String {
    format!("{}/content", version(document))
}

/// Reads a version's content, or a range of it, into memory.
pub fn fetch(
    client: &Client,
    document: &str,
    need: Option<&ReasonableNeed>,
    range: Option<(u64, Option<u64>)>,
) -> Result<(Content, Vec<u8>), ClientError> {
    let mut bytes = Vec::new();
    let request = ContentRequest { document, label: LABEL, need, range };
    let content = client.read(&request, &mut bytes, &mut |_, _| {})?;
    Ok((content, bytes))
}

/// A need that goes along with the reading.
pub fn inline(purpose: &str, statement: &str, reference: Option<&str>) -> ReasonableNeed {
    ReasonableNeed::Inline(InlineNeed {
        purpose: purpose.into(),
        statement: statement.into(),
        reference: reference.map(Into::into),
    })
}

/// The header that carries a need.
pub fn need_field(need: &ReasonableNeed) -> String {
    format!("{HEADER}: {}", need.to_field())
}

/// The label of every version here.
pub const LABEL: &str = "1.0";
