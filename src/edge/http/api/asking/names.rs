//! Names in a path.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};

use super::malformed;
use crate::edge::http::problem::ApiProblem;
use crate::pure::domain::command::Selector;
use crate::pure::domain::id::{CredentialId, DecisionId, DirectionId, Handle, Label, NeedId};
use crate::pure::wire::version::{IN_FORCE, LATEST};

/// `{doc}`.
pub(in super::super) struct DocumentName(pub Handle);

/// `{doc}` and the `{label}` of one version.
#[derive(Clone, Debug)]
pub(in super::super) struct VersionName {
    /// The document.
    pub document: Handle,
    /// The label.
    pub label: Label,
}

/// `{doc}` and a `{label}` that may also be `in-force` or `latest`.
pub(in super::super) struct VersionPick {
    /// The document.
    pub document: Handle,
    /// The version that is meant.
    pub version: Selector,
}

/// The `{id}` of a need.
pub(in super::super) struct NeedName(pub NeedId);

/// The `{id}` of a direction.
pub(in super::super) struct DirectionName(pub DirectionId);

/// The `{id}` of a credential.
pub(in super::super) struct CredentialName(pub CredentialId);

/// The `{id}` of a record of one kind, for example of a suspension.
pub(in super::super) struct RecordName<T>(pub T);

impl<T: FromStr<Err: std::fmt::Display>> FromRequest for RecordName<T> {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(segment(request, "id").and_then(parsed).map(Self))
    }
}
/// The `{id}` of a decision.
pub(in super::super) struct DecisionName(pub DecisionId);

/// The `{index}` of an entry.
pub(in super::super) struct EntryName(pub u64);

/// A handle in a query or body.
pub(in super::super) fn handle(text: &str) -> Result<Handle, ApiProblem> {
    parsed(text)
}

/// The label of a version in a query or body.
pub(in super::super) fn label(text: &str) -> Result<Label, ApiProblem> {
    parsed(text)
}

/// A label in a path or query that may also be `in-force` or `latest`.
pub(in super::super) fn selector(text: &str) -> Result<Selector, ApiProblem> {
    Ok(match text {
        IN_FORCE => Selector::InForce { as_of: None, known_at: None },
        LATEST => Selector::Latest,
        label => Selector::Label(parsed(label)?),
    })
}

impl VersionPick {
    fn of(request: &HttpRequest) -> Result<Self, ApiProblem> {
        let version = selector(segment(request, "label")?)?;
        Ok(Self { document: parsed(segment(request, "doc")?)?, version })
    }
}

fn entry_name(request: &HttpRequest) -> Result<EntryName, ApiProblem> {
    let text = segment(request, "index")?;
    let index = text.parse().ok().filter(|index: &u64| index.to_string() == text);
    index.map(EntryName).ok_or_else(|| malformed("the index of an entry is a number, for example 1042"))
}

/// A path segment, percent-decoded but for what would end it: a slash stays `%2F`, which no name has.
pub(in super::super) fn segment<'a>(request: &'a HttpRequest, name: &str) -> Result<&'a str, ApiProblem> {
    request.match_info().get(name).ok_or_else(ApiProblem::no_such_url)
}

pub(in super::super) fn parsed<T: FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, ApiProblem> {
    text.parse().map_err(malformed)
}

macro_rules! from_path {
    ($($name:ty = $parse:expr;)*) => {
        $(impl FromRequest for $name {
            type Error = ApiProblem;
            type Future = Ready<Result<Self, ApiProblem>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                let parse: fn(&HttpRequest) -> Result<Self, ApiProblem> = $parse;
                ready(parse(request))
            }
        })*
    };
}

from_path! {
    DocumentName = |request| Ok(Self(parsed(segment(request, "doc")?)?));
    VersionName = |request| Ok(Self {
        document: parsed(segment(request, "doc")?)?,
        label: parsed(segment(request, "label")?)?,
    });
    VersionPick = VersionPick::of;
    NeedName = |request| Ok(Self(parsed(segment(request, "id")?)?));
    DirectionName = |request| Ok(Self(parsed(segment(request, "id")?)?));
    CredentialName = |request| Ok(Self(parsed(segment(request, "id")?)?));
    DecisionName = |request| Ok(Self(parsed(segment(request, "id")?)?));
    EntryName = entry_name;
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn request(doc: &str, label: &str) -> HttpRequest {
        TestRequest::default().param("doc", doc.to_owned()).param("label", label.to_owned()).to_http_request()
    }

    fn version_name(doc: &str, label: &str) -> Result<VersionName, ApiProblem> {
        VersionName::from_request(&request(doc, label), &mut Payload::None).into_inner()
    }

    #[test]
    fn a_name_that_walks_paths_or_shouts_is_malformed_and_told_what_a_name_looks_like() {
        let long = "1".repeat(300);
        for (doc, label) in [("Policy", "1"), ("..", "1"), ("p", ".."), ("p", "a%2Fb"), ("p", "1\u{1}"), ("p", &long)] {
            let problem = version_name(doc, label).err().unwrap();
            assert_eq!(problem.problem.status, 400);
            assert!(problem.problem.detail.contains("letters"), "{}", problem.problem.detail);
        }
        assert!(version_name("policy", "3.0").is_ok());
    }

    #[test]
    fn a_selector_is_no_label_of_a_version() {
        assert!(version_name("policy", "in-force").is_err());
        let picked = VersionPick::of(&request("policy", "latest")).ok().unwrap();
        assert_eq!(picked.version, Selector::Latest);
    }
}
