//! The reasonable need of a read: in the header, or by its id in the query.

use actix_web::HttpRequest;

use super::{field, malformed};
use crate::edge::http::problem::ApiProblem;
use crate::pure::domain::command::NeedClaim;
use crate::pure::domain::id::NeedId;
use crate::pure::domain::need::NeedReason;
use crate::pure::wire::reasonable_need::{HEADER, InlineNeed, ReasonableNeed};

/// The need that the read rests on: `Reasonable-Need` (RFC 9651), or `?need=` for navigation. If both are given, they
/// must name the same one. `None` if there is neither, which the domain refuses (READ-3).
pub(in super::super) fn need_claim(
    request: &HttpRequest,
    in_query: Option<&str>,
) -> Result<Option<NeedClaim>, ApiProblem> {
    let in_header =
        field(request, HEADER)?.map(|field| ReasonableNeed::parse(&field).map_err(malformed)).transpose()?;
    let in_header = in_header.map(claim).transpose()?;
    let in_query = in_query.map(|id| NeedId::parse(id).map(NeedClaim::Recorded).map_err(malformed)).transpose()?;
    match (in_header, in_query) {
        (Some(header), Some(query)) if header != query => {
            Err(ApiProblem::malformed("Reasonable-Need and the need in the query are different; send one of them."))
        }
        (header, query) => Ok(header.or(query)),
    }
}

fn claim(need: ReasonableNeed) -> Result<NeedClaim, ApiProblem> {
    match need {
        ReasonableNeed::Recorded(id) => NeedId::parse(&id).map(NeedClaim::Recorded).map_err(malformed),
        ReasonableNeed::Inline(InlineNeed { purpose, statement, reference }) => {
            Ok(NeedClaim::Inline(NeedReason { purpose, statement, reference }))
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn claimed(header: Option<&str>, query: Option<&str>) -> Result<Option<NeedClaim>, ApiProblem> {
        let request = TestRequest::default();
        let request = match header {
            Some(value) => request.insert_header((HEADER, value)),
            None => request,
        };
        need_claim(&request.to_http_request(), query)
    }

    #[test]
    fn a_need_is_named_in_the_header_or_the_query() {
        let recorded = Some(NeedClaim::Recorded(NeedId(7)));
        assert_eq!(claimed(Some(r#"id="need-7""#), None).unwrap(), recorded);
        assert_eq!(claimed(None, Some("need-7")).unwrap(), recorded);
        assert_eq!(claimed(Some(r#"id="need-7""#), Some("need-7")).unwrap(), recorded);
        assert_eq!(claimed(None, None).unwrap(), None);
        let stated = claimed(Some(r#"purpose=assurance, statement="annual assessment""#), None).unwrap();
        assert!(matches!(stated, Some(NeedClaim::Inline(reason)) if reason.purpose == "assurance"));
    }

    #[test]
    fn two_needs_or_none_that_can_be_read_are_malformed() {
        for (header, query) in [
            (Some(r#"id="need-7""#), Some("need-8")),
            (Some("purpose=assurance, statement=\"s\""), Some("need-7")),
            (Some("id=need 7"), None),
            (Some(r#"id="7""#), None),
            (None, Some("7")),
            (Some(""), None),
        ] {
            assert_eq!(claimed(header, query).unwrap_err().problem.status, 400, "{header:?} {query:?}");
        }
    }
}
