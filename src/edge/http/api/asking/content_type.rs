//! Media types (RFC 9110, section 8.3.1).

/// The longest media type that is kept, parameters included.
const MAX_LEN: usize = 127;

/// Whether the text is a media type that can be kept with a version: bounded, with well-formed parameters.
pub(super) fn is_media_type(text: &str) -> bool {
    text.len() <= MAX_LEN && essence(text).is_some()
}

/// The type and subtype in lower case; `None` if the text is no media type.
pub(in super::super) fn essence(text: &str) -> Option<String> {
    let (essence, parameters) = text.split_once(';').map_or((text, None), |(essence, rest)| (essence, Some(rest)));
    let essence = essence.trim_end_matches(BLANK);
    let (kind, subtype) = essence.split_once('/')?;
    let well_formed = is_token(kind) && is_token(subtype) && parameters.is_none_or(are_parameters);
    well_formed.then(|| essence.to_ascii_lowercase())
}

/// Whether content of that media type is lines of text that can be compared.
pub(in super::super) fn is_text(text: &str) -> bool {
    essence(text).is_some_and(|essence| {
        essence.starts_with("text/") || essence == "application/json" || essence == "application/xml"
    })
}

const BLANK: [char; 2] = [' ', '\t'];

/// `parameters = *( OWS ";" OWS [ parameter ] )`, the first semicolon taken (RFC 9110, section 5.6.6).
fn are_parameters(text: &str) -> bool {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(BLANK);
        if !rest.is_empty() && !rest.starts_with(';') {
            let Some(after) = after_parameter(rest) else { return false };
            rest = after.trim_start_matches(BLANK);
        }
        match rest.strip_prefix(';') {
            Some(after) => rest = after,
            None => return rest.is_empty(),
        }
    }
}

/// What follows `token "=" ( token / quoted-string )`.
fn after_parameter(text: &str) -> Option<&str> {
    let (name, value) = text.split_once('=')?;
    if !is_token(name) {
        return None;
    }
    let Some(quoted) = value.strip_prefix('"') else {
        let end = value.find(|c: char| !is_token_char(c)).unwrap_or(value.len());
        return (end > 0).then(|| value.split_at(end).1);
    };
    let mut escaped = false;
    for (position, character) in quoted.char_indices() {
        match character {
            // A backslash makes no other character one that a field may hold (RFC 9110, section 5.6.4).
            character if !matches!(character, ' '..='~' | '\t') => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return Some(quoted.split_at(position + 1).1),
            _ => {}
        }
    }
    None
}

fn is_token(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_token_char)
}

fn is_token_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_media_type_is_a_type_a_subtype_and_parameters() {
        for good in [
            "application/pdf",
            "text/plain; charset=utf-8",
            "text/plain;charset=\"utf-8\" ; x=y",
            "application/vnd.oasis.opendocument.text",
            "text/plain;",
            r#"a/b; name="a \" b; c""#,
        ] {
            assert!(is_media_type(good), "{good}");
        }
        let long = format!("text/{}", "x".repeat(123));
        for wrong in [
            "",
            "pdf",
            "text/",
            "/plain",
            "text/plain, text/html",
            "te xt/plain",
            "text/plain; charset",
            "a/b; x=\"y",
            "a/b; x=\"\\\u{1}\"",
            &long,
        ] {
            assert!(!is_media_type(wrong), "{wrong}");
        }
        assert_eq!(essence("Application/JSON ; charset=utf-8").as_deref(), Some("application/json"));
    }
}
