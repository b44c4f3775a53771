//! Header fields as text.

use actix_web::HttpRequest;

use crate::edge::http::problem::ApiProblem;

/// The field's value; several lines of it are one list (RFC 9110, section 5.3). `None` without the field.
pub(in super::super) fn field(request: &HttpRequest, name: &str) -> Result<Option<String>, ApiProblem> {
    let mut joined: Option<String> = None;
    for value in request.headers().get_all(name) {
        let text = value.to_str().map_err(|_| {
            ApiProblem::malformed(format!(
                "{name} holds other bytes than printable ASCII; write others as its syntax has it."
            ))
        })?;
        joined = Some(match joined {
            Some(before) => format!("{before}, {text}"),
            None => text.to_owned(),
        });
    }
    Ok(joined)
}
