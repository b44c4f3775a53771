//! A page for people whom another site sent here: it says so, and offers the same address as a link of this site.
//!
//! A browser sends its person's certificate along wherever it is sent, so that what another site opens, it opens in that
//! person's name. Someone who follows a link in a mail or an intranet means well all the same, and gets this page instead
//! of a refusal that they could not act upon. It is made before anyone asked who they are or what is at the address: it
//! tells nothing, enters nothing, and differs by the address in its link alone.

use std::fmt::Write;

use actix_web::dev::RequestHead;
use actix_web::http::header::{self, HeaderName};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, mime};

use super::headers;
use super::problem::Answer;
use crate::pure::wire::problem::Code;

/// Whether the request is a person's browser that goes to the address as a page of its own (Fetch Metadata): what a page
/// embeds, or its script asks for, is not, and neither is a form that another site has sent.
pub(super) fn is_navigation(head: &RequestHead) -> bool {
    let says = |name: HeaderName, value: &str| {
        let mut fields = head.headers().get_all(name);
        fields.next().is_some_and(|field| field == value) && fields.next().is_none()
    };
    head.method == Method::GET
        && says(SEC_FETCH_MODE, "navigate")
        && says(SEC_FETCH_DEST, "document")
        && !head.headers().contains_key(header::ORIGIN)
}

/// The page. `origin` is this server's own, as the request named it and the gate admitted it; `target` is the path and
/// query that were asked for.
pub(super) fn page(origin: &str, target: &str) -> HttpResponse {
    // With the origin before it, a path such as `//elsewhere.example` leads nowhere else.
    let address = attribute(&format!("{origin}{target}"));
    let mut response = HttpResponse::build(StatusCode::FORBIDDEN);
    response.content_type(mime::TEXT_HTML_UTF_8).insert_header((header::CONTENT_SECURITY_POLICY, headers::NOTHING));
    response.extensions_mut().insert(Answer { code: Code::CrossOrigin, entry: None });
    response.body(format!("{BEFORE}{address}{AFTER}"))
}

/// Text that stands for itself in a quoted attribute of HTML and in a URL: whatever is no plain ASCII, or could end the
/// attribute, is percent-encoded, and an ampersand is a character reference.
fn attribute(url: &str) -> String {
    let mut escaped = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'&' => escaped.push_str("&amp;"),
            // Writing into a String cannot fail.
            b'"' | b'\'' | b'<' | b'>' | b'`' | b'\\' | 0..=b' ' | 0x7F.. => drop(write!(escaped, "%{byte:02X}")),
            _ => escaped.push(byte.into()),
        }
    }
    escaped
}

const BEFORE: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<meta name=\"viewport\" content=\"width=device-width\">
<title>Another site sent you here</title>
<h1>Another site sent you here</h1>
<p>A link or page of another site has opened an address of this server. Nothing was looked up and nothing was entered
in the audit log yet: what you open here is opened in your name, so that it has to be you who opens it.
<p>If you want to, <a rel=\"noreferrer\" href=\"";

const AFTER: &str = "\">open the address</a>. If you do not know why you are here, close this page.
</html>
";

pub(super) const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
pub(super) const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_address_leaves_its_attribute_or_this_server(target in "/(\\PC|[\"'<>&`\\\\/]|[\0-\x7F]){0,40}") {
            let escaped = attribute(&format!("https://localhost:8443{target}"));
            prop_assert!(escaped.starts_with("https://localhost:8443/"));
            prop_assert!(escaped.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"'<>`\\".contains(&byte)));
            prop_assert_eq!(escaped.replace("&amp;", "").contains('&'), false);
        }
    }

    #[test]
    fn an_address_is_the_same_one_in_its_link() {
        assert_eq!(
            attribute("https://localhost/v1/documents?q=a%20b&set=smki"),
            "https://localhost/v1/documents?q=a%20b&amp;set=smki"
        );
    }
}
