//! A lodgement: what path, query and header fields say of the bytes that follow.

use actix_web::HttpRequest;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE};

use super::content_type::is_media_type;
use super::names::VersionName;
use super::{field, malformed};
use crate::edge::http::api::shapes::marked;
use crate::edge::http::problem::ApiProblem;
use crate::pure::detached::MAX_SIGNATURE_LEN;
use crate::pure::domain::id::{Digest, DirectionId};
use crate::pure::wire;
use crate::pure::wire::lodgement::LodgeQuery;
use crate::pure::wire::lodger_signature;
use crate::pure::wire::problem::Code;
use crate::service::lodging::NewVersion;

/// The version that a `PUT` lodges.
pub(in super::super) fn lodgement(
    request: &HttpRequest,
    name: VersionName,
    query: LodgeQuery,
) -> Result<NewVersion, ApiProblem> {
    let coding = field(request, CONTENT_ENCODING.as_str())?;
    if coding.is_some_and(|coding| !coding.eq_ignore_ascii_case("identity")) {
        return Err(ApiProblem::new(
            Code::UnsupportedMediaType,
            "Documents are kept as their bytes are: send them without Content-Encoding.",
        ));
    }
    // RFC 9110, section 14.5: a PUT of a part is answered with 400 where parts are not taken.
    if request.headers().contains_key(CONTENT_RANGE) {
        return Err(ApiProblem::malformed("A version is lodged whole: send it without Content-Range."));
    }
    let (classification, tlp) = query.classification.map(marked).unzip();
    let direction = query.direction.map(|id| DirectionId::parse(&id).map_err(malformed)).transpose()?;
    Ok(NewVersion {
        document: name.document,
        label: name.label,
        content_type: content_type(request)?,
        digest: digest(request)?,
        classification,
        tlp: tlp.flatten(),
        incorporated: query.incorporated,
        effective: query.effective,
        note: query.note,
        direction,
        signature: signature(request)?,
    })
}

fn content_type(request: &HttpRequest) -> Result<String, ApiProblem> {
    match field(request, CONTENT_TYPE.as_str())? {
        // RFC 9110, section 8.3: without the field, the bytes are of this type.
        None => Ok("application/octet-stream".into()),
        Some(text) if is_media_type(&text) => Ok(text),
        Some(_) => Err(ApiProblem::malformed(
            "Content-Type is a media type of at most 127 characters, for example application/pdf.",
        )),
    }
}

/// The lodger's own signature: whether it is one, and of what, is found when all bytes are there (LODGE-6).
fn signature(request: &HttpRequest) -> Result<Option<Vec<u8>>, ApiProblem> {
    let Some(text) = field(request, lodger_signature::HEADER)? else { return Ok(None) };
    let der = lodger_signature::parse_field(&text)
        .map_err(|error| malformed(format!("{}: {error}", lodger_signature::HEADER)))?;
    if der.len() > MAX_SIGNATURE_LEN {
        return Err(ApiProblem::malformed(format!(
            "Lodger-Signature has {} bytes, and at most {MAX_SIGNATURE_LEN} are taken: send a detached signature with no \
             other certificate in it than the signer's.",
            der.len()
        )));
    }
    Ok(Some(der))
}

fn digest(request: &HttpRequest) -> Result<Option<Digest>, ApiProblem> {
    let Some(text) = field(request, "Content-Digest")? else { return Ok(None) };
    match wire::digest::Digest::parse_field(&text) {
        Ok(Some(digest)) => Ok(Some(Digest(digest.0))),
        Ok(None) => Err(ApiProblem::malformed(
            "Content-Digest names no algorithm that is checked here: send sha-256 (RFC 9530), or leave it out.",
        )),
        Err(error) => Err(malformed(format!("Content-Digest: {error}"))),
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(fields: &[(&str, &str)], query: LodgeQuery) -> Result<NewVersion, ApiProblem> {
        let mut request = TestRequest::default();
        for (name, value) in fields {
            request = request.append_header((*name, *value));
        }
        let name = VersionName { document: "policy".parse().unwrap(), label: "1.0".parse().unwrap() };
        lodgement(&request.to_http_request(), name, query)
    }

    #[test]
    fn a_lodgement_without_fields_is_of_unspecified_bytes() {
        let new = asked(&[], LodgeQuery::default()).unwrap();
        assert_eq!((new.content_type.as_str(), new.digest), ("application/octet-stream", None));
    }

    #[test]
    fn an_announced_digest_is_read_or_refused_but_never_passed_over() {
        let good = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";
        assert!(asked(&[("Content-Digest", good)], LodgeQuery::default()).unwrap().digest.is_some());
        for wrong in ["sha-512=:AAAA:", "sha-256=:AAAA:", "sha-256=abc", "md5"] {
            let problem = asked(&[("Content-Digest", wrong)], LodgeQuery::default()).unwrap_err();
            assert_eq!(problem.problem.status, 400, "{wrong}");
        }
    }

    #[test]
    fn what_is_not_the_bytes_themselves_is_refused() {
        for (field, status) in [
            (("Content-Encoding", "gzip"), 415),
            (("Content-Range", "bytes 0-1/9"), 400),
            (("Content-Type", "pdf"), 400),
            (("Lodger-Signature", "MIIB"), 400),
            (("Lodger-Signature", "::"), 400),
        ] {
            assert_eq!(asked(&[field], LodgeQuery::default()).unwrap_err().problem.status, status, "{field:?}");
        }
        assert!(asked(&[("Content-Encoding", "identity")], LodgeQuery::default()).is_ok());
        let query = LodgeQuery { direction: Some("12".into()), ..LodgeQuery::default() };
        assert_eq!(asked(&[], query).unwrap_err().problem.status, 400);
    }

    #[test]
    fn lodge_6_a_signature_is_read_and_a_giant_one_refused() {
        let field = |length| lodger_signature::to_field(&vec![0x30; length]);
        let sent = |field: &str| asked(&[(lodger_signature::HEADER, field)], LodgeQuery::default());
        assert_eq!(sent(&field(9)).unwrap().signature, Some(vec![0x30; 9]));
        assert_eq!(asked(&[], LodgeQuery::default()).unwrap().signature, None);
        assert_eq!(sent(&field(MAX_SIGNATURE_LEN)).unwrap().signature.unwrap().len(), MAX_SIGNATURE_LEN);
        assert_eq!(sent(&field(MAX_SIGNATURE_LEN + 1)).unwrap_err().problem.status, 400);
        let twice = [(lodger_signature::HEADER, ":MIIB:"), (lodger_signature::HEADER, ":MIIB:")];
        assert_eq!(asked(&twice, LodgeQuery::default()).unwrap_err().problem.status, 400);
    }
}
