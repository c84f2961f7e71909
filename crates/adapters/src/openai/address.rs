//! Where the API of a server is, whatever of it was pasted.

use model::OpenaiDialect;
use url::Url;

use crate::{RequestError, address};

/// The ends of addresses that name one endpoint of an API, longest first, and the protocol that they belong to.
const ENDPOINTS: &[(&[&str], Option<OpenaiDialect>)] = &[
    (&["chat", "completions"], Some(OpenaiDialect::ChatCompletions)),
    (&["responses"], Some(OpenaiDialect::Responses)),
    (&["completions"], None),
    (&["embeddings"], None),
    (&["models"], None),
];

/// The address of the API in an address as a person has it, and the protocol that this names.
///
/// A pasted endpoint says exactly where the API is. Anything else gets the usual `/v1`, unless a version stands in it.
pub(super) fn base(typed: &str) -> Result<(String, Option<OpenaiDialect>), RequestError> {
    let url = address(typed)?;
    let segments: Vec<String> = segments(&url);
    let parts: Vec<&str> = segments.iter().map(String::as_str).collect();
    let pasted = ENDPOINTS.iter().find(|(end, _)| parts.ends_with(end));
    let (parts, dialect) = match pasted {
        Some((end, dialect)) => (parts[..parts.len() - end.len()].to_vec(), *dialect),
        None if parts.iter().any(|part| is_version(part)) => (parts, None),
        None => ([&parts[..], &["v1"]].concat(), None),
    };
    Ok((with_path(url, &parts).into(), dialect))
}

/// The address of an API as it is shown in a form: one from which [`base`] makes the same again.
pub(super) fn shown(base_url: &str, dialect: OpenaiDialect) -> String {
    if base(base_url).is_ok_and(|(again, _)| again == base_url) {
        return base_url.to_owned();
    }
    endpoint(base_url, of_answers(dialect)).map_or_else(|_| base_url.to_owned(), Url::into)
}

/// The address of one endpoint of an API. Its query stays.
pub(super) fn endpoint(base: &str, path: &[&str]) -> Result<Url, RequestError> {
    let url = address(base)?;
    let before = segments(&url);
    let parts: Vec<&str> = before.iter().map(String::as_str).chain(path.iter().copied()).collect();
    Ok(with_path(url, &parts))
}

/// Where answers are asked for.
pub(super) fn of_answers(dialect: OpenaiDialect) -> &'static [&'static str] {
    match dialect {
        OpenaiDialect::ChatCompletions => &["chat", "completions"],
        OpenaiDialect::Responses => &["responses"],
    }
}

/// The parts of a path, without empty ones: slashes at its end, or doubled, mean nothing.
fn segments(url: &Url) -> Vec<String> {
    url.path().split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// The parts are as they stood in an address, so what is escaped in them stays so.
fn with_path(mut url: Url, parts: &[&str]) -> Url {
    url.set_path(&parts.join("/"));
    url
}

/// Whether a part of a path is a version, such as `v1` or `v1beta`.
fn is_version(part: &str) -> bool {
    let mut chars = part.chars();
    chars.next() == Some('v') && chars.next().is_some_and(|char| char.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_of_an_address_is_pasted_the_api_is_found() {
        for (typed, found) in [
            ("https://api.openai.com", "https://api.openai.com/v1"),
            ("https://api.openai.com/v1", "https://api.openai.com/v1"),
            (" https://api.openai.com/v1/ ", "https://api.openai.com/v1"),
            ("http://127.0.0.1:11434/", "http://127.0.0.1:11434/v1"),
            ("http://127.0.0.1:11434/v1/chat/completions", "http://127.0.0.1:11434/v1"),
            ("http://[::1]:8080//v1//models/", "http://[::1]:8080/v1"),
            ("https://openrouter.ai/api", "https://openrouter.ai/api/v1"),
            ("https://api.groq.com/openai/v1/responses?a=b#c", "https://api.groq.com/openai/v1?a=b"),
            ("https://g.example/v1beta/openai/", "https://g.example/v1beta/openai"),
            ("https://p.example/chat/completions", "https://p.example/"),
            ("https://gate.example/team%20a/v1", "https://gate.example/team%20a/v1"),
            (
                "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
                "https://x.openai.azure.com/openai/deployments/d?api-version=2024-10-21",
            ),
        ] {
            assert_eq!(base(typed).unwrap().0, found, "{typed}");
        }
        assert!(base("localhost:11434").unwrap_err().to_string().contains("beginning with"));
    }

    #[test]
    fn a_pasted_endpoint_names_its_protocol() {
        let dialect = |typed| base(typed).unwrap().1;
        assert_eq!(dialect("https://a.example/v1/responses"), Some(OpenaiDialect::Responses));
        assert_eq!(dialect("https://a.example/v1/chat/completions/"), Some(OpenaiDialect::ChatCompletions));
        assert_eq!(dialect("https://a.example/v1"), None);
        assert_eq!(dialect("https://a.example/v1/models"), None);
    }

    #[test]
    fn what_is_shown_leads_to_the_same_api_again() {
        for base_url in ["https://a.example/v1", "https://p.example/", "https://a.example/openai/deployments/d?v=1"] {
            for dialect in [OpenaiDialect::ChatCompletions, OpenaiDialect::Responses] {
                assert_eq!(base(&shown(base_url, dialect)).unwrap().0, base_url);
            }
        }
        assert_eq!(shown("https://a.example/v1", OpenaiDialect::Responses), "https://a.example/v1");
        let whole = shown("https://p.example/", OpenaiDialect::ChatCompletions);
        assert_eq!(whole, "https://p.example/chat/completions");
    }
}
