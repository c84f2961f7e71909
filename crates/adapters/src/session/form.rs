//! What a filled-in form says of where the secret comes from. The same for every kind of backend with sessions.

use model::{Carried, Connection, EndpointSource, Header, RefreshEndpoint, SessionMethod, SessionSource};
use serde_json::Value;
use url::Url;

use super::{
    fields::{
        BODY, CARRIED, DIRECT, ENDPOINT, HEADERS, METHOD, POINTER, REFRESH_BODY, REFRESH_URL, SESSION, URL, USER,
    },
    template::{PLACEHOLDERS, names, unknown_placeholder},
};
use crate::form::{self, Values, Wrong, headers, is_of_a_name, pretty, put, text, url};

/// What the fields say. `has_credential` is whether the person has a token, or signs in.
pub(crate) fn read(values: &Values, has_credential: bool) -> Result<SessionSource, Wrong> {
    match text(values, SESSION) {
        Some(ENDPOINT) => endpoint(values, has_credential).map(SessionSource::Endpoint),
        _ if has_credential => Ok(SessionSource::Static),
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
            Some(RefreshEndpoint { url: prolonged, body: template(values, REFRESH_BODY, Before::Nothing)? })
        }
    };
    Ok(EndpointSource {
        url: made,
        method: if text(values, METHOD) == Some("get") { SessionMethod::Get } else { SessionMethod::Post },
        headers: headers_of_endpoint(values)?,
        body: template(values, BODY, Before::Session)?,
        pointer: pointer(values, POINTER)?,
        with_key,
        gives: model::Gives::Token,
        refresh,
        user: text(values, USER).map(str::to_owned),
    })
}

/// When a request is made: the secret of a session is there only after it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Before {
    Session,
    Nothing,
}

pub(crate) fn template(values: &Values, key: &'static str, before: Before) -> Result<Option<Value>, Wrong> {
    let body = form::json(values, key)?;
    let text = text(values, key).unwrap_or_default();
    known(key, text, before)?;
    Ok(body)
}

/// Refuses placeholders that stand for nothing here.
fn known(key: &'static str, text: &str, before: Before) -> Result<(), Wrong> {
    let here = || PLACEHOLDERS.iter().filter(|name| before == Before::Nothing || **name != "token");
    let known = here().map(|name| format!("{{{{{name}}}}}")).collect::<Vec<_>>().join(", ");
    if unknown_placeholder(text).is_some() || (before == Before::Session && names(text, "token")) {
        return Err(Wrong::new(key, format!("One of the placeholders stands for nothing here. There are {known}.")));
    }
    Ok(())
}

/// Headers of a session endpoint, in which placeholders may stand.
fn headers_of_endpoint(values: &Values) -> Result<Vec<Header>, Wrong> {
    let headers = headers(values, HEADERS)?;
    for Header { name, value } in &headers {
        if form::is_for_secrets(name) && !names(value, "key") {
            let reason = "A secret does not belong here: these lines are kept in a file. The token has its own field, \
                          and {{key}} stands for it here.";
            return Err(Wrong::new(HEADERS, reason));
        }
        known(HEADERS, value, Before::Session)?;
    }
    Ok(headers)
}

pub(crate) fn pointer(values: &Values, key: &'static str) -> Result<Option<String>, Wrong> {
    match text(values, key) {
        Some(pointer) if !pointer.starts_with('/') => {
            Err(Wrong::new(key, "Begin with a slash, and put one between the names, as in /data/token."))
        }
        pointer => Ok(pointer.map(str::to_owned)),
    }
}

/// The header in which requests carry the secret, if it is not the usual one.
pub(crate) fn read_carried(values: &Values) -> Result<Option<Carried>, Wrong> {
    let Some(typed) = text(values, CARRIED) else { return Ok(None) };
    let (header, scheme) = typed.split_once(':').map_or((typed, ""), |(name, scheme)| (name, scheme.trim()));
    let header = header.trim();
    if header.is_empty() || !header.bytes().all(is_of_a_name) || !scheme.bytes().all(is_of_a_name) {
        let reason = "Write the name of a header, such as X-Auth-Token, and after a colon the word before the token, if \
                      there is one.";
        return Err(Wrong::new(CARRIED, reason));
    }
    Ok(Some(Carried { header: header.to_owned(), scheme: (!scheme.is_empty()).then(|| scheme.to_owned()) }))
}

fn origin(url: &str) -> Option<String> {
    Some(Url::parse(url).ok()?.origin().ascii_serialization())
}

/// The fields as they were filled in.
pub(crate) fn write(connection: &Connection, values: &mut Values) {
    put(
        values,
        CARRIED,
        connection.carried.as_ref().map(|Carried { header, scheme }| match scheme {
            Some(scheme) => format!("{header}: {scheme}"),
            None => header.clone(),
        }),
    );
    match &connection.session {
        SessionSource::Endpoint(endpoint) => write_endpoint(endpoint, values),
        _ => put(values, SESSION, Some(DIRECT.to_owned())),
    }
}

fn write_endpoint(endpoint: &EndpointSource, values: &mut Values) {
    let method = if endpoint.method == SessionMethod::Get { "get" } else { "post" };
    put(values, SESSION, Some(ENDPOINT.to_owned()));
    put(values, URL, Some(endpoint.url.clone()));
    put(values, METHOD, Some(method.to_owned()));
    put(values, HEADERS, form::lines(&endpoint.headers));
    put(values, BODY, endpoint.body.as_ref().map(pretty));
    put(values, POINTER, endpoint.pointer.clone());
    put(values, REFRESH_URL, endpoint.refresh.as_ref().map(|refresh| refresh.url.clone()));
    put(values, REFRESH_BODY, endpoint.refresh.as_ref().and_then(|refresh| refresh.body.as_ref()).map(pretty));
    put(values, USER, endpoint.user.clone());
}

#[cfg(test)]
mod tests {
    use model::Kind;

    use super::{super::FIELDS, *};

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
        assert_eq!(read(&values(&[(SESSION, DIRECT)]), true).unwrap(), SessionSource::Static);
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
        assert_eq!(again(&whole)[HEADERS], "X-App: desktop\nX-Device: {{device}}");
        assert_eq!(read(&again(&whole), true).unwrap(), whole);
        let least = endpoint_with(&[]).unwrap();
        assert_eq!(read(&again(&least), true).unwrap(), least);
    }

    /// The form as it is filled in for a connection that was described so.
    fn again(source: &SessionSource) -> Values {
        let mut values = Values::new();
        write(&Connection::new("c".into(), "", Kind::Chatkit, "https://a.example", source.clone()), &mut values);
        values
    }

    #[test]
    fn the_header_of_the_token_is_a_name_and_perhaps_a_word() {
        let read = |typed| read_carried(&values(&[(CARRIED, typed)]));
        let carried = |header: &str, scheme: Option<&str>| {
            Some(Carried { header: header.to_owned(), scheme: scheme.map(str::to_owned) })
        };
        assert_eq!(read("  ").unwrap(), None);
        assert_eq!(read("X-Auth-Token").unwrap(), carried("X-Auth-Token", None));
        assert_eq!(read("Authorization: Token").unwrap(), carried("Authorization", Some("Token")));
        for wrong in ["X Auth", ": Token", "Authorization: my token", "Xé"] {
            assert_eq!(read(wrong).unwrap_err().key, CARRIED);
        }
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field_and_not_quoted() {
        for (field, typed, words) in [
            (URL, "sesame", "beginning with"),
            (URL, "", "missing"),
            (BODY, "{sesame", "line 1, column 2"),
            (BODY, "{\"a\": \"{{sesame}}\"}", "{{user}}, {{model}}, {{device}}, {{key}}."),
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
