//! The client: one agent under one certificate, and how an answer or a failure is read.

use std::io;
use std::time::Duration;

use rustls::AlertDescription;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::http::{Response, Uri};
use ureq::typestate::WithoutBody;
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::{ConnectProxyConnector, Connector, RustlsConnector, TcpConnector};
use ureq::{Agent, Body, Error, Proxy, RequestBuilder, Timeout};

use super::early_answer::HearEarlyAnswers;
use super::error::ClientError;
use super::request::pairs;
use super::settings::Settings;
use crate::pure::wire::problem::Problem;

/// A client under one certificate. Cheap to keep; connections are opened when needed and kept alive.
#[derive(Debug)]
pub struct Client {
    pub(super) agent: Agent,
    pub(super) settings: Settings,
    base: String,
}

/// An answer of the server.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The answer, typed.
    pub value: T,
    /// The answer as the server wrote it, with members that this version may not know; `null` for an empty one.
    pub json: Value,
    /// The index of the log entry that the call made, from `Audit-Entry`.
    pub entry: Option<u64>,
    /// The HTTP status, 200 to 299.
    pub status: u16,
}

impl Client {
    /// Reads the certificate files and checks the address; connects only with the first call.
    pub fn new(settings: Settings) -> Result<Self, ClientError> {
        let base = base_url(&settings.server)?;
        let config = Agent::config_builder()
            .tls_config(settings.tls_config()?)
            .https_only(true)
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(proxy_for(&base))
            .user_agent(concat!("strongroom/", env!("CARGO_PKG_VERSION")))
            .timeout_resolve(Some(CONNECT_TIMEOUT))
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(IDLE_TIMEOUT))
            .timeout_per_write(Some(IDLE_TIMEOUT))
            .build();
        let connector =
            ().chain(ConnectProxyConnector::default())
                .chain(TcpConnector::default())
                .chain(HearEarlyAnswers)
                .chain(RustlsConnector::default());
        Ok(Self { agent: Agent::with_parts(config, connector, DefaultResolver::default()), settings, base })
    }

    /// The server's URL, without a trailing slash.
    pub fn server(&self) -> &str {
        &self.base
    }

    /// `GET path` under `/v1`, typed.
    pub fn get<T: DeserializeOwned>(&self, path: &str, query: &impl Serialize) -> Result<Answer<T>, ClientError> {
        let response = self.with_query(self.agent.get(self.url(path)), query)?.header("Accept", JSON).call();
        self.typed(response)
    }

    /// `POST path` under `/v1` with a JSON body, typed.
    pub fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<Answer<T>, ClientError> {
        let response = self.agent.post(self.url(path)).header("Accept", JSON).send_json(body);
        self.typed(response)
    }

    /// `DELETE path` under `/v1`; the answer may be empty.
    pub fn delete<T: DeserializeOwned>(&self, path: &str) -> Result<Answer<T>, ClientError> {
        let response = self.agent.delete(self.url(path)).header("Accept", JSON).call();
        self.typed(response)
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/v1{path}", self.base)
    }

    pub(super) fn with_query(
        &self,
        request: RequestBuilder<WithoutBody>,
        query: &impl Serialize,
    ) -> Result<RequestBuilder<WithoutBody>, ClientError> {
        Ok(request.query_pairs(self.pairs(query)?))
    }

    pub(super) fn pairs(&self, query: &impl Serialize) -> Result<Vec<(String, String)>, ClientError> {
        pairs(query).map_err(|error| self.not_understood(0, error.to_string()))
    }

    /// The response, or the problem that it holds.
    pub(super) fn accepted(&self, response: Result<Response<Body>, Error>) -> Result<Response<Body>, ClientError> {
        let mut response = response.map_err(|error| self.failed(error))?;
        if response.status().is_success() {
            return Ok(response);
        }
        let status = response.status().as_u16();
        let retry_after = header(&response, "Retry-After").and_then(|seconds| seconds.parse().ok());
        let text = self.text(&mut response)?;
        Err(refused(self.base.clone(), status, &text, retry_after))
    }

    pub(super) fn typed<T: DeserializeOwned>(
        &self,
        response: Result<Response<Body>, Error>,
    ) -> Result<Answer<T>, ClientError> {
        let mut response = self.accepted(response)?;
        let status = response.status().as_u16();
        let entry = entry_of(&response);
        let text = self.text(&mut response)?;
        let json = if text.is_empty() { Ok(Value::Null) } else { serde_json::from_str::<Value>(&text) };
        json.and_then(|json| Ok(Answer { value: serde_json::from_value(json.clone())?, json, entry, status }))
            .map_err(|error| self.not_understood(status, error.to_string()))
    }

    pub(super) fn not_understood(&self, status: u16, trouble: String) -> ClientError {
        ClientError::NotUnderstood { server: self.base.clone(), status, trouble }
    }

    pub(super) fn failed(&self, error: Error) -> ClientError {
        let server = self.base.clone();
        match error {
            Error::Rustls(error) => self.failed_in_tls(&error),
            Error::Io(error) => self.failed_in_transport(&error),
            Error::HostNotFound => ClientError::Unreachable { server, trouble: "the host name is unknown".into() },
            Error::Timeout(phase @ (Timeout::Resolve | Timeout::Connect)) => {
                ClientError::Unreachable { server, trouble: format!("no answer within {CONNECT_TIMEOUT:?} ({phase})") }
            }
            Error::ConnectionFailed | Error::ConnectProxyFailed(_) | Error::InvalidProxyUrl => {
                ClientError::Unreachable { server, trouble: error.to_string() }
            }
            Error::BadUri(_) | Error::Http(_) | Error::RequireHttpsOnly(_) | Error::Tls(_) => {
                ClientError::Address { server, trouble: error.to_string() }
            }
            Error::Protocol(_) | Error::LargeResponseHeader(..) | Error::Json(_) => {
                self.not_understood(0, error.to_string())
            }
            other => ClientError::Interrupted { server, trouble: other.to_string() },
        }
    }

    fn failed_in_transport(&self, error: &io::Error) -> ClientError {
        if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return self.failed_in_tls(error);
        }
        let (server, trouble) = (self.base.clone(), error.to_string());
        match error.kind() {
            io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable => ClientError::Unreachable { server, trouble },
            _ => ClientError::Interrupted { server, trouble },
        }
    }

    fn failed_in_tls(&self, error: &rustls::Error) -> ClientError {
        let (server, trouble) = (self.base.clone(), error.to_string());
        match error {
            rustls::Error::InvalidCertificate(_) => ClientError::UntrustedServer { server, trouble },
            rustls::Error::AlertReceived(alert) if is_about_our_certificate(*alert) => {
                ClientError::CertificateRefused { server, certificate: self.settings.certificate.clone(), trouble }
            }
            _ => ClientError::Unreachable { server, trouble },
        }
    }

    fn text(&self, response: &mut Response<Body>) -> Result<String, ClientError> {
        response.body_mut().with_config().limit(MAX_ANSWER_BYTES).read_to_string().map_err(|error| self.failed(error))
    }
}

/// The index in the `Audit-Entry` header.
pub(super) fn entry_of(response: &Response<Body>) -> Option<u64> {
    header(response, "Audit-Entry").and_then(|index| index.parse().ok())
}

/// A header's value, if it is there and is text.
pub(super) fn header<'a>(response: &'a Response<Body>, name: &str) -> Option<&'a str> {
    response.headers().get(name).and_then(|value| value.to_str().ok())
}

const JSON: &str = "application/json";
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Covers the longest silence of a healthy server: the wait for a checkpoint, and the sealing of a large upload's end.
const IDLE_TIMEOUT: Duration = Duration::from_secs(120);
/// Far over any page of 500 items.
const MAX_ANSWER_BYTES: u64 = 32 << 20;
/// Of an answer that is no problem, no more than fits a paragraph is shown.
const MAX_SAID_CHARS: usize = 200;

fn base_url(server: &str) -> Result<String, ClientError> {
    let unusable = |trouble: &str| ClientError::Address { server: server.to_owned(), trouble: trouble.to_owned() };
    let uri: Uri = server.parse().map_err(|_| unusable("it is not a URL"))?;
    if uri.scheme_str() != Some("https") {
        return Err(unusable("it does not begin with https://"));
    }
    if uri.authority().is_none_or(|authority| authority.as_str().contains('@')) {
        return Err(unusable("it names no host, or a user"));
    }
    if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
        return Err(unusable("it has a path"));
    }
    Ok(server.trim_end_matches('/').to_owned())
}

/// The environment's proxy, but never for this machine itself.
fn proxy_for(base: &str) -> Option<Proxy> {
    let uri: Uri = base.parse().ok()?;
    let host = uri.host()?.trim_matches(['[', ']']);
    let loopback = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    if loopback { None } else { Proxy::try_from_env() }
}

fn is_about_our_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as Alert;
    matches!(
        alert,
        Alert::BadCertificate
            | Alert::UnsupportedCertificate
            | Alert::CertificateRevoked
            | Alert::CertificateExpired
            | Alert::CertificateUnknown
            | Alert::CertificateRequired
            | Alert::UnknownCA
            | Alert::AccessDenied
            | Alert::DecryptError
            | Alert::HandshakeFailure
    )
}

/// What an answer says that is no success.
pub(super) fn refused(server: String, status: u16, text: &str, retry_after: Option<u64>) -> ClientError {
    match serde_json::from_str::<Problem>(text) {
        Ok(problem) => ClientError::Refused { problem: Box::new(problem), retry_after },
        Err(_) => ClientError::NotUnderstood { server, status, trouble: said(text) },
    }
}

/// What an answer that is no problem of ours says, shortened.
fn said(text: &str) -> String {
    let detail = serde_json::from_str::<Value>(text)
        .ok()
        .and_then(|json| ["detail", "title"].into_iter().find_map(|name| json.get(name)?.as_str().map(str::to_owned)));
    let text = detail.unwrap_or_else(|| text.split_whitespace().collect::<Vec<_>>().join(" "));
    if text.is_empty() { "an empty answer".to_owned() } else { text.chars().take(MAX_SAID_CHARS).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_server_s_and_nothing_more() {
        assert_eq!(base_url("https://127.0.0.1:8443/").unwrap(), "https://127.0.0.1:8443");
        for (server, trouble) in [
            ("http://127.0.0.1:8443", "does not begin with https"),
            ("127.0.0.1:8443", "does not begin with https"),
            ("https://me@host", "a user"),
            ("https://host/v1", "has a path"),
            ("not a url", "not a URL"),
        ] {
            let paragraph = base_url(server).unwrap_err().to_string();
            assert!(paragraph.contains(trouble) && paragraph.contains("STRONGROOM_SERVER"), "{paragraph}");
        }
    }

    #[test]
    fn this_machine_is_reached_without_a_proxy() {
        for base in ["https://127.0.0.1:8443", "https://[::1]:8443", "https://localhost"] {
            assert!(proxy_for(base).is_none());
        }
    }

    #[test]
    fn an_answer_from_something_else_is_shortened() {
        assert_eq!(said("<html>\n  <b>Bad</b>\n</html>"), "<html> <b>Bad</b> </html>");
        assert_eq!(said(r#"{"code":"brand_new","detail":"the moon is full"}"#), "the moon is full");
        assert_eq!(said(""), "an empty answer");
        assert_eq!(said(&"x".repeat(5000)).len(), MAX_SAID_CHARS);
    }
}
