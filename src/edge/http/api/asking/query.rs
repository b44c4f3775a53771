//! Queries.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::malformed;
use crate::edge::http::problem::ApiProblem;

/// The query, as a shape that refuses names it does not know.
pub(in super::super) struct Asked<T>(pub T);

impl<T: DeserializeOwned> FromRequest for Asked<T> {
    type Error = ApiProblem;
    type Future = Ready<Result<Self, ApiProblem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(parse(request.query_string()).map(Self))
    }
}

pub(super) fn parse<T: DeserializeOwned>(query: &str) -> Result<T, ApiProblem> {
    web::Query::<T>::from_query(query).map(web::Query::into_inner).map_err(|error| match error {
        actix_web::error::QueryPayloadError::Deserialize(error) => malformed(format!("query: {error}")),
        _ => malformed("the query cannot be read"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pure::wire::document::{AsOfQuery, DocumentsQuery};

    #[test]
    fn a_query_is_its_shape_and_nothing_else() {
        let query: AsOfQuery = parse("as_of=2019-06-03&known_at=2026-11-24T09:30:00Z").unwrap();
        assert_eq!(query.as_of.unwrap().to_string(), "2019-06-03");
        let query: DocumentsQuery = parse("type=policy&classification=amber&limit=5").unwrap();
        assert_eq!((query.kind.as_deref(), query.limit), (Some("policy"), Some(5)));
        for wrong in ["as_off=2019-06-03", "as_of=03/06/2019", "as_of=2019-06-03&as_of=2019-06-04", "known_at=now"] {
            assert_eq!(parse::<AsOfQuery>(wrong).unwrap_err().problem.status, 400, "{wrong}");
        }
    }
}
