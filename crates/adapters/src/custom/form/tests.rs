use model::{Kind, SessionSource};

use super::*;

fn values(fields: &[(&str, &str)]) -> Values {
    fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn read_with(more: &[(&str, &str)]) -> Result<Described, Wrong> {
    read(&values(&[&[(ADDRESS, "http://127.0.0.1:8000")][..], more].concat()), false)
}

/// The form as it is filled in for a server that was described so.
fn again(described: &Described) -> Values {
    let mut connection = Connection::new("c".into(), "", Kind::Custom, &described.url, described.session.clone());
    connection.custom.clone_from(&described.custom);
    write(&connection)
}

#[test]
fn an_address_is_enough() {
    let least = read_with(&[]).unwrap();
    assert_eq!((least.url.as_str(), &least.session), ("http://127.0.0.1:8000/", &SessionSource::None));
    assert_eq!(least.custom.unwrap(), CustomSettings::default());
    let pasted = read(&values(&[(ADDRESS, "https://a.example/bot/api/chat")]), true).unwrap();
    assert_eq!((pasted.url.as_str(), pasted.session), ("https://a.example/bot", SessionSource::Static));
}

#[test]
fn what_was_filled_in_can_be_edited_later() {
    let whole = read_with(&[
        (ANSWERS, SSE),
        (CHAT_PATH, "/chat"),
        (STREAM_PATH, "http://127.0.0.1:8000/stream?raw=1"),
        (SOCKET_PATH, "/ws/{session}"),
        (HEALTH_PATH, "/healthz"),
        (CONVERSATIONS, SERVER),
        (CONVERSATIONS_PATH, "/api/conversations"),
        (NAME, "/data/id"),
        (MODEL, "small"),
        (MODELS_PATH, "/v1/models"),
        (MESSAGE_FIELD, "question"),
        (SESSION_FIELD, "conversation"),
        (MODEL_FIELD, "engine"),
        (METADATA, "{\"user\": {\"name\": \"Ann\"}}"),
        (TEMPLATE, "{\"q\": \"{{text}}\", \"h\": \"{{ history }}\"}"),
        (WHOLE, "/reply/body"),
        (EVENT, "/d"),
    ]);
    let whole = whole.unwrap();
    let custom = whole.custom.as_ref().unwrap();
    assert_eq!((custom.answers, custom.request.message.as_str()), (CustomAnswers::Sse, "question"));
    assert_eq!(read(&again(&whole), false).unwrap(), whole);
    let least = read_with(&[]).unwrap();
    assert_eq!(again(&least).keys().collect::<Vec<_>>(), [ANSWERS, CONVERSATIONS, SESSION, "sign_in", ADDRESS]);
    assert_eq!(read(&again(&least), false).unwrap(), least);
}

#[test]
fn a_session_is_made_at_a_path_of_the_server_or_elsewhere() {
    let made_at = |more: &[(&str, &str)]| {
        let described = read_with(&[&[(SESSION, ENDPOINT)], more].concat()).unwrap();
        assert_eq!(read(&again(&described), false).unwrap(), described);
        let SessionSource::Endpoint(endpoint) = described.session else { panic!("no endpoint") };
        (endpoint.url, endpoint.refresh.map(|refresh| refresh.url))
    };
    let here = |path: &str| format!("http://127.0.0.1:8000{path}");
    assert_eq!(made_at(&[]), (here("/api/sessions"), None));
    assert_eq!(made_at(&[(SESSION_URL, "/s"), (REFRESH_URL, "/r")]), (here("/s"), Some(here("/r"))));
    assert_eq!(made_at(&[(SESSION_URL, "https://b.example/s")]), ("https://b.example/s".to_owned(), None));
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    for (key, typed, words) in [
        (ADDRESS, "sesame", "beginning with"),
        (STREAM_PATH, "https://b.example/stream", "same server"),
        (METADATA, "[1]", "JSON object"),
        (TEMPLATE, "{\"a\": }", "line 1"),
        (TEMPLATE, "{\"a\": \"{{user}}\"}", "{{history}}."),
        (CONVERSATIONS_PATH, "https://b.example/s", "same server"),
        (NAME, "id", "Begin with a slash"),
        (WHOLE, "reply", "Begin with a slash"),
        (EVENT, "token", "Begin with a slash"),
    ] {
        let wrong = read_with(&[(key, typed)]).unwrap_err();
        assert_eq!(wrong.key, key, "{wrong}");
        assert!(wrong.reason.contains(words), "{typed}: {wrong}");
    }
}
