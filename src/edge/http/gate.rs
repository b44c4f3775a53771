//! The gate of a listener: what every request must be before any handler sees it.

use actix_web::HttpRequest;
use actix_web::dev::RequestHead;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName};

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
#[derive(Clone, Debug)]
pub struct Gate {
    listener: Listener,
    authorities: Vec<String>,
    max_header_bytes: usize,
    max_url_bytes: usize,
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
    /// The gate of a listener on `port` that goes by `names`: host names or addresses, with a port where it is another
    /// one than the listener's, as behind a port that is forwarded.
    pub fn new(listener: Listener, port: u16, names: &[String], limits: &HttpLimits) -> Self {
        let default_port = if listener.is_tls() { 443 } else { 80 };
        let mut authorities = Vec::new();
        for name in names.iter().map(|name| name.to_ascii_lowercase()) {
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
        let HttpLimits { max_header_bytes, max_url_bytes, .. } = *limits;
        Self { listener, authorities, max_header_bytes, max_url_bytes }
    }

    /// Which listener it is of.
    pub fn listener(&self) -> Listener {
        self.listener
    }

    /// Whether the request may pass, whoever sent it and whatever it is for.
    pub fn admit(&self, request: &HttpRequest) -> Result<(), ApiProblem> {
        let head = request.head();
        self.check_lengths(head)?;
        self.check_authority(head)?;
        self.check_origin(head)
    }

    fn check_lengths(&self, head: &RequestHead) -> Result<(), ApiProblem> {
        if head.uri.path_and_query().map_or(0, |url| url.as_str().len()) > self.max_url_bytes {
            let detail = format!("The URL is longer than {} bytes.", self.max_url_bytes);
            return Err(ApiProblem::new(Code::UriTooLong, detail).closing());
        }
        let fields = head.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + FIELD_EXTRA_LEN);
        if fields.sum::<usize>() > self.max_header_bytes {
            let detail = format!("The header fields are longer than {} bytes together.", self.max_header_bytes);
            return Err(ApiProblem::new(Code::HeaderFieldsTooLarge, detail).closing());
        }
        Ok(())
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
        let site_passes = every(head.headers(), SEC_FETCH_SITE, |site| matches!(site, "same-origin" | "none"));
        let origin_passes = every(head.headers(), header::ORIGIN, |origin| self.is_own_origin(origin));
        if site_passes && origin_passes {
            return Ok(());
        }
        let problem = ApiProblem::new(Code::CrossOrigin, "Your browser says that another site sent this request.");
        Err(problem.with_satisfy("Open the address in a new tab, and act from this server's own pages."))
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        let scheme = if self.listener.is_tls() { "https://" } else { "http://" };
        origin.strip_prefix(scheme).is_some_and(|authority| self.is_own(authority))
    }

    fn is_own(&self, authority: &str) -> bool {
        self.authorities.iter().any(|own| own.eq_ignore_ascii_case(authority))
    }
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

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn gate(port: u16) -> Gate {
        let names: Vec<String> =
            ["localhost", "::1", "pma.example.org", "vault.example.org:8000"].map(str::to_owned).to_vec();
        Gate::new(Listener::MutualTls, port, &names, &HttpLimits::default())
    }

    fn admitted(gate: &Gate, request: TestRequest) -> Result<(), Code> {
        gate.admit(&request.to_http_request()).map_err(|problem| problem.code())
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
    fn urls_and_header_fields_have_limits() {
        let long = "x".repeat(33 << 10);
        assert_eq!(admitted(&gate(8443), get("localhost:8443").uri(&format!("/{long}"))), Err(Code::UriTooLong));
        let request = get("localhost:8443").insert_header(("X-Long", long));
        assert_eq!(admitted(&gate(8443), request), Err(Code::HeaderFieldsTooLarge));
    }
}
