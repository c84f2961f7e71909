//! The fields of a form that say where the secret comes from. The same for every kind of backend with sessions.

use model::{EndpointSource, Header, RefreshEndpoint, SessionMethod, SessionSource};
use serde_json::Value;
use url::Url;

use super::template::{PLACEHOLDERS, unknown_placeholder};
use crate::form::{Choice, Field, Input, TOKEN, Values, When, Wrong, json, pretty, put, text, url};

const SESSION: &str = "session";
const KEY: &str = "token";
const ENDPOINT: &str = "endpoint";
const URL: &str = "session_url";
const METHOD: &str = "session_method";
const HEADERS: &str = "session_headers";
const BODY: &str = "session_body";
const POINTER: &str = "session_pointer";
const REFRESH_URL: &str = "refresh_url";
const REFRESH_BODY: &str = "refresh_body";
const USER: &str = "user";

const MADE: Option<When> = Some(When { key: SESSION, is: ENDPOINT });

const fn advanced(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when: MADE, advanced: true }
}

/// The fields.
pub(crate) const FIELDS: [Field; 10] = [
    Field {
        key: SESSION,
        label: "Sign in with",
        help: "Most servers take a token. Some want a session first, which their session endpoint makes.",
        input: Input::Choice(&[
            Choice { value: KEY, label: "A token, or nothing" },
            Choice { value: ENDPOINT, label: "A session endpoint" },
        ]),
        required: false,
        when: None,
        advanced: false,
    },
    Field {
        key: URL,
        label: "Session endpoint",
        help: "The address that makes a session, such as https://chat.example.com/api/chatkit/session.",
        input: Input::Text,
        required: true,
        when: MADE,
        advanced: false,
    },
    Field {
        key: TOKEN,
        label: "Token",
        help: "From whoever runs the server. Leave it empty if none is needed.",
        input: Input::Secret,
        required: false,
        when: None,
        advanced: false,
    },
    advanced(
        METHOD,
        "Method",
        "How the session endpoint is asked.",
        Input::Choice(&[Choice { value: "post", label: "POST" }, Choice { value: "get", label: "GET" }]),
    ),
    advanced(BODY, "Body", "The JSON that it is sent. {{user}}, {{model}} and {{device}} are filled in.", Input::Json),
    advanced(HEADERS, "Headers", "More headers for it, one in each line, such as X-App: desktop.", Input::Headers),
    advanced(
        POINTER,
        "Place of the secret",
        "Where the secret stands in its answer, such as /data/token. Empty: client_secret, token or session_id.",
        Input::Text,
    ),
    advanced(REFRESH_URL, "Refresh address", "Where a session is prolonged, if the server can do that.", Input::Text),
    advanced(REFRESH_BODY, "Refresh body", "The JSON that it is sent. {{token}} is the secret so far.", Input::Json),
    advanced(USER, "User", "What {{user}} stands for. Empty: a name made up for this computer.", Input::Text),
];

/// What the fields say. `has_token` is whether there is a token, typed now or kept from before.
pub(crate) fn read(values: &Values, has_token: bool) -> Result<SessionSource, Wrong> {
    match text(values, SESSION) {
        Some(ENDPOINT) => endpoint(values, has_token).map(SessionSource::Endpoint),
        _ if has_token => Ok(SessionSource::Static),
        _ => Ok(SessionSource::None),
    }
}

fn endpoint(values: &Values, with_key: bool) -> Result<EndpointSource, Wrong> {
    let made = url(values, URL)?;
    let refresh = match text(values, REFRESH_URL) {
        None => None,
        Some(_) => {
            let prolonged = url(values, REFRESH_URL)?;
            if origin(&prolonged) != origin(&made) {
                let reason = "A session is only prolonged by the server that made it: the beginning of both addresses \
                              has to be the same.";
                return Err(Wrong::new(REFRESH_URL, reason));
            }
            Some(RefreshEndpoint { url: prolonged, body: template(values, REFRESH_BODY, true)? })
        }
    };
    Ok(EndpointSource {
        url: made,
        method: if text(values, METHOD) == Some("get") { SessionMethod::Get } else { SessionMethod::Post },
        headers: headers(values)?,
        body: template(values, BODY, false)?,
        pointer: pointer(values)?,
        with_key,
        refresh,
        user: text(values, USER).map(str::to_owned),
    })
}

fn template(values: &Values, key: &'static str, secret: bool) -> Result<Option<Value>, Wrong> {
    let body = json(values, key)?;
    let text = text(values, key).unwrap_or_default();
    known(key, text, secret)?;
    Ok(body)
}

/// Refuses placeholders that stand for nothing here.
fn known(key: &'static str, text: &str, secret: bool) -> Result<(), Wrong> {
    let here = || PLACEHOLDERS.iter().filter(|name| secret || **name != "token");
    let known = here().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ");
    if unknown_placeholder(text).is_some() || (!secret && text.contains("{{token}}")) {
        return Err(Wrong::new(key, format!("One of the placeholders stands for nothing here. There are {known}.")));
    }
    Ok(())
}

fn headers(values: &Values) -> Result<Vec<Header>, Wrong> {
    let lines = text(values, HEADERS).into_iter().flat_map(str::lines).map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| {
            let wrong =
                || Wrong::new(HEADERS, "Write one header in each line, its name and its value, as in X-App: desktop.");
            let (name, value) = line.split_once(':').ok_or_else(wrong)?;
            let (name, value) = (name.trim(), value.trim());
            let sendable = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
            if name.is_empty() || !name.bytes().all(sendable) || !value.bytes().all(|byte| (32..127).contains(&byte)) {
                return Err(wrong());
            }
            if ["authorization", "cookie", "proxy-authorization"].contains(&name.to_ascii_lowercase().as_str()) {
                let reason =
                    "A secret does not belong here: these lines are kept in a file. The token has its own field.";
                return Err(Wrong::new(HEADERS, reason));
            }
            known(HEADERS, value, false)?;
            Ok(Header { name: name.to_owned(), value: value.to_owned() })
        })
        .collect()
}

fn pointer(values: &Values) -> Result<Option<String>, Wrong> {
    match text(values, POINTER) {
        Some(pointer) if !pointer.starts_with('/') => {
            Err(Wrong::new(POINTER, "Begin with a slash, and put one between the names, as in /data/token."))
        }
        pointer => Ok(pointer.map(str::to_owned)),
    }
}

fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

/// The fields as they were filled in.
pub(crate) fn write(source: &SessionSource, values: &mut Values) {
    let SessionSource::Endpoint(endpoint) = source else {
        return put(values, SESSION, Some(KEY.to_owned()));
    };
    let method = if endpoint.method == SessionMethod::Get { "get" } else { "post" };
    let lines: Vec<_> = endpoint.headers.iter().map(|header| format!("{}: {}", header.name, header.value)).collect();
    put(values, SESSION, Some(ENDPOINT.to_owned()));
    put(values, URL, Some(endpoint.url.clone()));
    put(values, METHOD, Some(method.to_owned()));
    put(values, HEADERS, (!lines.is_empty()).then(|| lines.join("\n")));
    put(values, BODY, endpoint.body.as_ref().map(pretty));
    put(values, POINTER, endpoint.pointer.clone());
    put(values, REFRESH_URL, endpoint.refresh.as_ref().map(|refresh| refresh.url.clone()));
    put(values, REFRESH_BODY, endpoint.refresh.as_ref().and_then(|refresh| refresh.body.as_ref()).map(pretty));
    put(values, USER, endpoint.user.clone());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(fields: &[(&str, &str)]) -> Values {
        fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn endpoint_with(more: &[(&str, &str)]) -> Result<SessionSource, Wrong> {
        read(&values(&[&[(SESSION, ENDPOINT), (URL, "https://a.example/s")], more].concat()), true)
    }

    #[test]
    fn a_token_or_none_is_what_most_people_have() {
        assert_eq!(read(&values(&[]), false).unwrap(), SessionSource::None);
        assert_eq!(read(&values(&[]), true).unwrap(), SessionSource::Static);
        assert_eq!(read(&values(&[(SESSION, KEY)]), true).unwrap(), SessionSource::Static);
    }

    #[test]
    fn what_was_filled_in_can_be_edited_later() {
        let whole = endpoint_with(&[
            (METHOD, "get"),
            (HEADERS, "X-App: desktop\n\n X-Device : {{device}} "),
            (BODY, "{\"user\": \"{{user}}\"}"),
            (POINTER, "/data/token"),
            (REFRESH_URL, "https://a.example/r"),
            (REFRESH_BODY, "{\"old\": \"{{token}}\"}"),
            (USER, " ann "),
        ]);
        let whole = whole.unwrap();
        let mut filled = Values::new();
        write(&whole, &mut filled);
        assert_eq!(filled[HEADERS], "X-App: desktop\nX-Device: {{device}}");
        assert_eq!(read(&filled, true).unwrap(), whole);
        let least = endpoint_with(&[]).unwrap();
        let mut filled = Values::new();
        write(&least, &mut filled);
        assert_eq!(read(&filled, true).unwrap(), least);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_not_quoted() {
        for (field, typed, words) in [
            (URL, "sesame", "beginning with"),
            (URL, "", "missing"),
            (BODY, "{sesame", "line 1, column 2"),
            (BODY, "{\"a\": \"{{sesame}}\"}", "{{user}}, {{model}}, {{device}}."),
            (BODY, "{\"a\": \"{{token}}\"}", "stands for nothing here"),
            (REFRESH_URL, "https://b.example/sesame", "the server that made it"),
            (HEADERS, "sesame", "one header in each line"),
            (HEADERS, "se same: x", "one header in each line"),
            (HEADERS, "X: sesamé", "one header in each line"),
            (HEADERS, "Authorization: Bearer sesame", "does not belong here"),
            (POINTER, "sesame", "Begin with a slash"),
        ] {
            let wrong = endpoint_with(&[(field, typed)]).unwrap_err();
            assert_eq!(wrong.key, field, "{wrong}");
            assert!(wrong.reason.contains(words) && !wrong.reason.contains("sesam"), "{typed}: {wrong}");
        }
    }

    #[test]
    fn every_field_has_a_place_in_the_form() {
        for field in FIELDS {
            assert!(!field.label.is_empty() && field.help.ends_with('.'), "{}", field.key);
            assert!(field.when.is_none_or(|when| FIELDS.iter().any(|other| other.key == when.key)));
        }
    }
}
