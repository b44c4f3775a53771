//! Conditional requests and ranges (RFC 9110, sections 13 and 14), for representations that never change.

use std::ops::Range;
use std::time::SystemTime;

use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{
    self, EntityTag, Header, HeaderName, IfMatch, IfModifiedSince, IfNoneMatch, IfRange, IfUnmodifiedSince,
};
use jiff::Timestamp;

/// What a request gets of a representation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selection {
    /// 200: all of it.
    Whole,
    /// 206: these bytes of it.
    Part(Range<u64>),
    /// 304: the client has it.
    NotModified,
    /// 412: it is not what the client expects.
    PreconditionFailed,
    /// 416: it has none of the bytes that were asked for.
    Unsatisfiable,
}

/// A representation, as far as conditions go.
#[derive(Clone, Debug)]
pub(super) struct Representation {
    /// Its strong entity tag.
    pub(super) tag: EntityTag,
    /// When it came to be.
    pub(super) modified: Timestamp,
    /// Its length in bytes.
    pub(super) size: u64,
}

impl Representation {
    /// What `request` gets, its conditions judged in the order of RFC 9110, section 13.2.2. A condition that cannot be
    /// read is no condition.
    pub(super) fn select(&self, request: &HttpRequest) -> Selection {
        let has = |name: HeaderName| request.headers().contains_key(name);
        let fails = if has(header::IF_MATCH) {
            matches!(IfMatch::parse(request), Ok(IfMatch::Items(tags)) if !tags.iter().any(|tag| tag.strong_eq(&self.tag)))
        } else if has(header::IF_UNMODIFIED_SINCE) {
            let since = IfUnmodifiedSince::parse(request).ok().and_then(|date| seconds(date.0.into()));
            since.is_some_and(|since| self.seconds() > since)
        } else {
            false
        };
        if fails {
            return Selection::PreconditionFailed;
        }
        let is_known = if has(header::IF_NONE_MATCH) {
            match IfNoneMatch::parse(request) {
                Ok(IfNoneMatch::Any) => true,
                Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
                Err(_) => false,
            }
        } else if has(header::IF_MODIFIED_SINCE) {
            let since = IfModifiedSince::parse(request).ok().and_then(|date| seconds(date.0.into()));
            since.is_some_and(|since| self.seconds() <= since)
        } else {
            false
        };
        if is_known {
            return Selection::NotModified;
        }
        self.select_range(request)
    }

    fn select_range(&self, request: &HttpRequest) -> Selection {
        match range_asked(request).and_then(ByteRange::parse).filter(|_| self.range_is_wanted(request)) {
            None => Selection::Whole,
            Some(asked) => asked.within(self.size).map_or(Selection::Unsatisfiable, Selection::Part),
        }
    }

    /// `If-Range`: the range is of the representation that the client has a part of. A date is compared exactly.
    fn range_is_wanted(&self, request: &HttpRequest) -> bool {
        if !request.headers().contains_key(header::IF_RANGE) {
            return true;
        }
        match IfRange::parse(request) {
            Ok(IfRange::EntityTag(tag)) => tag.strong_eq(&self.tag),
            Ok(IfRange::Date(date)) => seconds(date.into()) == Some(self.seconds()),
            Err(_) => false,
        }
    }

    fn seconds(&self) -> i64 {
        self.modified.as_second()
    }
}

/// One range of a `Range` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ByteRange {
    /// From this byte to the end.
    From(u64),
    /// From this byte to that one, which is included.
    FromTo(u64, u64),
    /// This many bytes at the end.
    Last(u64),
}

impl ByteRange {
    /// Reads a field with one range of bytes. Several ranges, another unit and what is malformed are `None`: a server may
    /// ignore the field (RFC 9110, section 14.2).
    fn parse(field: &str) -> Option<Self> {
        let (unit, range) = field.split_once('=')?;
        let (first, last) = range.trim().split_once('-')?;
        if !unit.trim().eq_ignore_ascii_case("bytes") {
            return None;
        }
        match (first, last) {
            ("", last) => number(last).map(Self::Last),
            (first, "") => number(first).map(Self::From),
            (first, last) => {
                let (first, last) = (number(first)?, number(last)?);
                (first <= last).then_some(Self::FromTo(first, last))
            }
        }
    }

    fn within(self, size: u64) -> Option<Range<u64>> {
        let range = match self {
            Self::From(first) => first..size,
            Self::FromTo(first, last) => first..last.saturating_add(1).min(size),
            Self::Last(count) => size.saturating_sub(count)..size,
        };
        (range.start < range.end).then_some(range)
    }
}

/// A number of bytes; one that is too large to be written in 64 bits is beyond every end.
fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn seconds(time: SystemTime) -> Option<i64> {
    Timestamp::try_from(time).ok().map(|timestamp| timestamp.as_second())
}

/// The range to which the answer is sure to be confined: what a record of the read may say. `None` where the whole may be
/// sent, also because a condition could turn out so.
pub fn range_in_force(request: &HttpRequest) -> Option<&str> {
    let asked = range_asked(request).filter(|field| ByteRange::parse(field).is_some())?;
    (!request.headers().contains_key(header::IF_RANGE)).then_some(asked)
}

/// The one `Range` field of a GET. Several are ignored, and so are those of other methods (RFC 9110, section 14.2).
fn range_asked(request: &HttpRequest) -> Option<&str> {
    let mut fields = request.headers().get_all(header::RANGE);
    let (Some(field), None) = (fields.next(), fields.next()) else { return None };
    if request.method() == Method::GET { field.to_str().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn representation() -> Representation {
        Representation {
            tag: EntityTag::new_strong("abc".into()),
            modified: "2026-11-24T09:00:00.25Z".parse().unwrap(),
            size: 100,
        }
    }

    fn selected(headers: &[(&str, &str)]) -> Selection {
        let request = headers.iter().fold(TestRequest::get(), |request, header| request.append_header(*header));
        representation().select(&request.to_http_request())
    }

    #[test]
    fn without_conditions_everything_is_sent() {
        assert_eq!(selected(&[]), Selection::Whole);
    }

    #[test]
    fn who_has_it_is_told_so() {
        assert_eq!(selected(&[("If-None-Match", "\"abc\"")]), Selection::NotModified);
        assert_eq!(selected(&[("If-None-Match", "\"x\", W/\"abc\"")]), Selection::NotModified);
        assert_eq!(selected(&[("If-None-Match", "*")]), Selection::NotModified);
        assert_eq!(selected(&[("If-None-Match", "\"x\"")]), Selection::Whole);
        assert_eq!(selected(&[("If-Modified-Since", "Tue, 24 Nov 2026 09:00:00 GMT")]), Selection::NotModified);
        assert_eq!(selected(&[("If-Modified-Since", "Tue, 24 Nov 2026 08:59:59 GMT")]), Selection::Whole);
        let other = [("If-None-Match", "\"x\""), ("If-Modified-Since", "Tue, 24 Nov 2026 09:00:00 GMT")];
        assert_eq!(selected(&other), Selection::Whole, "the tag goes before the date");
    }

    #[test]
    fn who_expects_something_else_is_told_so() {
        assert_eq!(selected(&[("If-Match", "\"abc\"")]), Selection::Whole);
        assert_eq!(selected(&[("If-Match", "*")]), Selection::Whole);
        assert_eq!(selected(&[("If-Match", "\"x\"")]), Selection::PreconditionFailed);
        assert_eq!(selected(&[("If-Match", "W/\"abc\"")]), Selection::PreconditionFailed);
        assert_eq!(
            selected(&[("If-Unmodified-Since", "Tue, 24 Nov 2026 08:00:00 GMT")]),
            Selection::PreconditionFailed
        );
    }

    #[test]
    fn a_range_is_cut_to_what_there_is() {
        for (field, range) in [
            ("bytes=0-0", 0..1),
            ("bytes=10-19", 10..20),
            ("bytes=90-", 90..100),
            ("bytes=90-4000", 90..100),
            ("bytes=-10", 90..100),
            ("bytes=-1000", 0..100),
            ("Bytes=99-99999999999999999999999", 99..100),
        ] {
            assert_eq!(selected(&[("Range", field)]), Selection::Part(range), "{field}");
        }
        for field in ["bytes=100-", "bytes=-0", "bytes=200-300", "bytes=99999999999999999999999-"] {
            assert_eq!(selected(&[("Range", field)]), Selection::Unsatisfiable, "{field}");
        }
        for field in ["bytes=5-4", "bytes=a-b", "bytes=0-1,3-4", "items=0-1", "bytes", "bytes=", "bytes=+1-2"] {
            assert_eq!(selected(&[("Range", field)]), Selection::Whole, "{field}");
        }
    }

    #[test]
    fn a_range_is_of_what_the_client_has_a_part_of() {
        let part = Selection::Part(0..1);
        assert_eq!(selected(&[("Range", "bytes=0-0"), ("If-Range", "\"abc\"")]), part);
        assert_eq!(selected(&[("Range", "bytes=0-0"), ("If-Range", "Tue, 24 Nov 2026 09:00:00 GMT")]), part);
        assert_eq!(selected(&[("Range", "bytes=0-0"), ("If-Range", "\"x\"")]), Selection::Whole);
        assert_eq!(selected(&[("Range", "bytes=0-0"), ("If-Range", "W/\"abc\"")]), Selection::Whole);
        assert_eq!(selected(&[("Range", "bytes=0-0"), ("If-Range", "nonsense")]), Selection::Whole);
    }

    #[test]
    fn a_record_names_a_range_only_where_no_more_than_it_can_leave() {
        let asked = |fields: &[(&'static str, &'static str)]| {
            let request = fields.iter().fold(TestRequest::default(), |request, field| request.append_header(*field));
            range_in_force(&request.to_http_request()).map(str::to_owned)
        };
        assert_eq!(asked(&[("Range", "bytes=0-0")]).as_deref(), Some("bytes=0-0"));
        for whole in [
            &[("Range", "bytes=0-0"), ("Range", "bytes=0-0")][..],
            &[("Range", "bytes=0-0"), ("If-Range", "\"nope\"")],
            &[("Range", "bytes=0-0,5-6")],
            &[("Range", "lines=0-0")],
        ] {
            assert_eq!(asked(whole), None, "{whole:?}");
        }
    }

    #[test]
    fn only_a_get_has_ranges() {
        let request = TestRequest::default().method(Method::HEAD).insert_header(("Range", "bytes=0-0"));
        assert_eq!(representation().select(&request.to_http_request()), Selection::Whole);
    }
}
