//! The gate of a listener: what every request must be before any handler sees it.

use std::net::SocketAddr;

use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use arc_swap::ArcSwap;

use super::crossing::{self, SEC_FETCH_DEST};
use super::limits::HttpLimits;
use super::problem::ApiProblem;
use crate::pure::wire::problem::Code;

/// Which listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listener {
    /// Mutual TLS: everything for people.
    MutualTls,
    /// TLS of the server alone: what is public.
    Public,
    /// Plain, for the operator.
    Operations,
}

/// What one listener asks of every request.
#[derive(Debug)]
pub struct Gate {
    listener: Listener,
    address: SocketAddr,
    /// What a request may name as its host; replaced when the server is given other names.
    authorities: ArcSwap<Vec<String>>,
}

impl Listener {
    /// Its name in metrics and the log of requests.
    pub fn name(self) -> &'static str {
        match self {
            Self::MutualTls => "mutual_tls",
            Self::Public => "public",
            Self::Operations => "operations",
        }
    }

    /// Whether it speaks TLS.
    pub fn is_tls(self) -> bool {
        self != Self::Operations
    }
}

impl Gate {
    /// The gate of a listener on `address`, which goes by the names of this machine, by its address, and by `names`: host
    /// names or addresses, with a port where it is another one than the listener's, as behind a port that is forwarded.
    pub fn new(listener: Listener, address: SocketAddr, names: &[String]) -> Self {
        Self { listener, address, authorities: ArcSwap::from_pointee(authorities(listener, address, names)) }
    }

    /// From now on the listener goes by these `names` instead of those that it was given before.
    pub fn rename(&self, names: &[String]) {
        self.authorities.store(authorities(self.listener, self.address, names).into());
    }

    /// Which listener it is of.
    pub fn listener(&self) -> Listener {
        self.listener
    }

    /// Where the listener listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Whether the request may pass, whoever sent it and whatever it is for.
    pub fn admit(&self, request: &HttpRequest, limits: &HttpLimits) -> Result<(), ApiProblem> {
        let head = request.head();
        check_lengths(head, limits)?;
        self.check_authority(head)?;
        self.check_origin(head)?;
        check_destination(head)
    }

    /// The answer to a request that may not pass: the problem, or a page for a person whom another site sent here.
    pub fn refusal(&self, request: &HttpRequest, problem: &ApiProblem) -> HttpResponse {
        let head = request.head();
        if problem.code() != Code::CrossOrigin || !crossing::is_navigation(head) {
            return problem.error_response();
        }
        // The host was admitted before it was asked where the request comes from.
        let host = head.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
        crossing::page(&format!("{}://{host}", self.scheme()), target)
    }

    /// Both the target's authority, in absolute form, and `Host` must name this server (RFC 9112, section 3.2).
    fn check_authority(&self, head: &RequestHead) -> Result<(), ApiProblem> {
        let host = head.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        let Some(host) = host else {
            return Err(ApiProblem::malformed("A request must name its host in one Host field.").closing());
        };
        let target = head.uri.authority().map(|authority| authority.as_str());
        if self.is_own(host) && target.is_none_or(|target| self.is_own(target)) {
            return Ok(());
        }
        let problem = ApiProblem::new(Code::MisdirectedRequest, "This server does not go by the host that you named.");
        Err(problem.with_satisfy("Use the server's own name and port, or have its operator add the name.").closing())
    }

    /// Client certificates go along by themselves in browsers, so that another site could act and read in its visitor's
    /// name: what a browser says of where a request comes from must be this server, or nothing.
    fn check_origin(&self, head: &RequestHead) -> Result<(), ApiProblem> {
        let is_read = matches!(head.method, Method::GET | Method::HEAD);
        if is_read && self.listener != Listener::MutualTls {
            return Ok(());
        }
        // "none" is a person who typed the address, or chose a bookmark: they read, and change nothing by it.
        let site_passes =
            every(head.headers(), SEC_FETCH_SITE, |site| site == "same-origin" || (is_read && site == "none"));
        let origin_passes = every(head.headers(), header::ORIGIN, |origin| self.is_own_origin(origin));
        if site_passes && origin_passes {
            return Ok(());
        }
        let problem = ApiProblem::new(Code::CrossOrigin, "Your browser says that another site sent this request.");
        Err(problem.with_satisfy("Open the address in a new tab, and act from this server's own pages."))
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        let authority = origin.strip_prefix(self.scheme()).and_then(|rest| rest.strip_prefix("://"));
        authority.is_some_and(|authority| self.is_own(authority))
    }

    fn scheme(&self) -> &'static str {
        if self.listener.is_tls() { "https" } else { "http" }
    }

    fn is_own(&self, authority: &str) -> bool {
        self.authorities.load().iter().any(|own| own.eq_ignore_ascii_case(authority))
    }
}

/// A lodged document is never a part of a page: as its script, style or worker it would act as this site, whatever the
/// page's policy says of other sites. What the API gives is asked for by programs, or opened as a page of its own.
fn check_destination(head: &RequestHead) -> Result<(), ApiProblem> {
    let passes = |destination: &str| matches!(destination, "empty" | "document");
    if !head.uri.path().starts_with(API) || every(head.headers(), SEC_FETCH_DEST, passes) {
        return Ok(());
    }
    let detail = "Your browser says that a page would load this as a part of itself.";
    Err(ApiProblem::new(Code::CrossOrigin, detail).with_satisfy("Open the address as a page of its own."))
}

/// What a request may name as its host.
fn authorities(listener: Listener, address: SocketAddr, names: &[String]) -> Vec<String> {
    let (port, default_port) = (address.port(), if listener.is_tls() { 443 } else { 80 });
    let own = (!address.ip().is_unspecified()).then(|| address.ip().to_string());
    let mut authorities = Vec::new();
    for name in LOCAL_NAMES.iter().copied().chain(own.as_deref()).chain(names.iter().map(String::as_str)) {
        let name = name.to_ascii_lowercase();
        if has_port(&name) {
            authorities.push(name);
            continue;
        }
        let host = if name.contains(':') && !name.starts_with('[') { format!("[{name}]") } else { name };
        if port == default_port {
            authorities.push(host.clone());
        }
        authorities.push(format!("{host}:{port}"));
    }
    authorities
}

fn check_lengths(head: &RequestHead, limits: &HttpLimits) -> Result<(), ApiProblem> {
    if head.uri.path_and_query().map_or(0, |url| url.as_str().len()) > limits.max_url_bytes {
        let detail = format!("The URL is longer than {} bytes.", limits.max_url_bytes);
        return Err(ApiProblem::new(Code::UriTooLong, detail).closing());
    }
    let fields = head.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + FIELD_EXTRA_LEN);
    if fields.sum::<usize>() > limits.max_header_bytes {
        let detail = format!("The header fields are longer than {} bytes together.", limits.max_header_bytes);
        return Err(ApiProblem::new(Code::HeaderFieldsTooLarge, detail).closing());
    }
    Ok(())
}

/// Whether every field of that name passes; a value that is no text does not.
fn every(headers: &HeaderMap, name: HeaderName, passes: impl Fn(&str) -> bool) -> bool {
    headers.get_all(name).all(|value| value.to_str().is_ok_and(&passes))
}

/// Whether a name of the configuration carries a port of its own. An IPv6 address without brackets does not.
fn has_port(name: &str) -> bool {
    match name.rsplit_once(':') {
        Some((host, port)) => {
            let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
            is_number && (!host.contains(':') || host.ends_with(']'))
        }
        None => false,
    }
}

/// What HTTP/1.1 adds to a field: `: ` and the end of the line.
const FIELD_EXTRA_LEN: usize = 4;

/// What the path of everything in the API begins with, lodged documents included.
const API: &str = "/v1/";

const LOCAL_NAMES: &[&str] = &["localhost", "127.0.0.1", "::1"];

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn gate(port: u16) -> Gate {
        let names = ["pma.example.org", "vault.example.org:8000"].map(str::to_owned);
        Gate::new(Listener::MutualTls, ([0, 0, 0, 0], port).into(), &names)
    }

    fn admitted(gate: &Gate, request: TestRequest) -> Result<(), Code> {
        gate.admit(&request.to_http_request(), &HttpLimits::default()).map_err(|problem| problem.code())
    }

    fn get(host: &str) -> TestRequest {
        TestRequest::get().insert_header(("Host", host))
    }

    #[test]
    fn a_request_names_this_server_with_its_port() {
        for host in ["localhost:8443", "LOCALHOST:8443", "[::1]:8443", "pma.example.org:8443", "vault.example.org:8000"]
        {
            assert_eq!(admitted(&gate(8443), get(host)), Ok(()), "{host}");
        }
        for host in
            ["localhost", "localhost:443", "evil.example:8443", "vault.example.org:8443", "", "x@localhost:8443"]
        {
            assert_eq!(admitted(&gate(8443), get(host)), Err(Code::MisdirectedRequest), "{host}");
        }
        assert_eq!(admitted(&gate(443), get("pma.example.org")), Ok(()));
        assert_eq!(admitted(&gate(8443), TestRequest::get()), Err(Code::Malformed));
    }

    #[test]
    fn other_names_take_the_place_of_those_of_the_configuration_alone() {
        let gate = gate(8443);
        gate.rename(&["room.example.org".to_owned()]);
        for host in ["room.example.org:8443", "localhost:8443"] {
            assert_eq!(admitted(&gate, get(host)), Ok(()), "{host}");
        }
        assert_eq!(admitted(&gate, get("pma.example.org:8443")), Err(Code::MisdirectedRequest));
    }

    #[test]
    fn a_target_in_absolute_form_cannot_name_another_host() {
        let target = |host: &str| get("localhost:8443").uri(&format!("https://{host}/v1/me"));
        assert_eq!(admitted(&gate(8443), target("localhost:8443")), Ok(()));
        assert_eq!(admitted(&gate(8443), target("evil.example")), Err(Code::MisdirectedRequest));
    }

    #[test]
    fn another_site_can_neither_act_nor_read() {
        let own = || get("localhost:8443");
        for site in ["same-origin", "none"] {
            assert_eq!(admitted(&gate(8443), own().insert_header(("Sec-Fetch-Site", site))), Ok(()));
        }
        let typed = own().method(Method::POST).insert_header(("Sec-Fetch-Site", "none"));
        assert_eq!(admitted(&gate(8443), typed), Err(Code::CrossOrigin), "nobody types a change");
        for site in ["cross-site", "same-site", "", "nonsense"] {
            for method in [Method::GET, Method::POST] {
                let request = own().method(method).insert_header(("Sec-Fetch-Site", site));
                assert_eq!(admitted(&gate(8443), request), Err(Code::CrossOrigin), "{site}");
            }
        }
        for origin in ["https://evil.example", "null", "http://localhost:8443", "https://localhost"] {
            let request = own().method(Method::PUT).insert_header(("Origin", origin));
            assert_eq!(admitted(&gate(8443), request), Err(Code::CrossOrigin), "{origin}");
        }
        let request = own().method(Method::POST).insert_header(("Origin", "https://localhost:8443"));
        assert_eq!(admitted(&gate(8443), request), Ok(()));
    }

    #[test]
    fn nothing_of_the_api_is_a_part_of_a_page() {
        let to = |path: &str, destination: &str| {
            get("localhost:8443").uri(path).insert_header(("Sec-Fetch-Dest", destination.to_owned()))
        };
        for destination in ["empty", "document"] {
            assert_eq!(admitted(&gate(8443), to("/v1/me", destination)), Ok(()), "{destination}");
        }
        for destination in ["script", "style", "worker", "serviceworker", "iframe", "object", "image", "", "nonsense"] {
            assert_eq!(admitted(&gate(8443), to("/v1/me", destination)), Err(Code::CrossOrigin), "{destination}");
            assert_eq!(admitted(&gate(8443), to("/log/checkpoint", destination)), Ok(()), "{destination}");
        }
    }

    #[test]
    fn urls_and_header_fields_have_limits() {
        let long = "x".repeat(33 << 10);
        assert_eq!(admitted(&gate(8443), get("localhost:8443").uri(&format!("/{long}"))), Err(Code::UriTooLong));
        let request = get("localhost:8443").insert_header(("X-Long", long));
        assert_eq!(admitted(&gate(8443), request), Err(Code::HeaderFieldsTooLarge));
    }
}
