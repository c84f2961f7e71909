//! From what a connection says to what is shown.

use model::{Kind, MaxSize, SessionSource};
use serde_json::{Value, json};

use super::*;

mod published;

const SERVER: &str = "https://chat.example/api/chatkit";

fn connection(options: Value) -> Connection {
    let options = serde_json::from_value(options).unwrap();
    Connection {
        options: Some(Box::new(options)),
        ..Connection::new("c".into(), "Office", Kind::Chatkit, SERVER, SessionSource::Static)
    }
}

fn profile(options: Value) -> Profile {
    in_force(&connection(options), None)
}

fn view(options: Value) -> ProfileView {
    shown(&profile(options)).unwrap_or_default()
}

#[test]
fn what_is_as_kittiwake_has_it_is_not_shown() {
    assert_eq!(shown(&profile(json!({}))), None);
    let usual = json!({
        "theme": {}, "header": {"title": {"enabled": true}}, "history": {"showDelete": true}, "thread": {"autoScroll": true},
        "threadItemActions": {"feedback": true, "retry": true}, "commands": {"enabled": true}, "entities": {"list": []},
    });
    assert_eq!(shown(&profile(usual)), None);
}

#[test]
fn options_become_what_the_window_shows() {
    let view = view(json!({
        "theme": "dark",
        "header": {"title": {"text": " Office\n"}, "rightAction": {"icon": "bug", "label": "Report", "onClick": {"type": "open_url", "url": "https://bugs.example"}}},
        "history": {"showDelete": false},
        "startScreen": {"greeting": "Hello", "prompts": [{"label": "Begin", "prompt": "Let us begin.", "icon": "bolt"}]},
        "disclaimer": {"text": "It **errs**.", "highContrast": true},
        "composer": {"placeholder": "Ask", "tools": [{"id": "search", "label": "Search"}]},
        "entities": {"list": [{"id": "a", "title": "Anna", "data": {"room": 7}}], "searchUrl": "../people", "showComposerMenu": true},
        "commands": {"list": [{"id": "s", "label": "search", "onSelect": {"type": "tool", "id": "search"}}]},
        "thread": {"autoScroll": false},
    }));
    assert_eq!(view.theme.as_ref().and_then(|theme| theme.scheme), Some(model::ColorScheme::Dark));
    assert_eq!((view.title.as_deref(), view.greeting.as_deref()), (Some("Office"), Some("Hello")));
    assert!(view.right_action.is_some() && view.no_delete && !view.no_rename && view.no_scroll);
    let disclaimer = view.disclaimer.unwrap();
    assert!(disclaimer.high_contrast && format!("{:?}", disclaimer.text).contains("errs"));
    let entities = view.entities.unwrap();
    assert!(entities.searches && entities.in_menu && entities.list[0].data["room"] == 7);
    assert_eq!((view.tools.len(), view.commands.len()), (1, 1));
}

#[test]
fn a_connection_brings_the_prompts_of_its_profile() {
    let profile = profile(json!({"startScreen": {"prompts": [
        {"label": "Plan", "prompt": "Make a\nplan.", "icon": "calendar"}, {"label": " ", "prompt": "x"}, {"label": "x", "prompt": ""},
        {"label": "Ask", "prompt": [
            {"type": "input_tag", "id": "u1", "text": "Ada\n"}, {"type": "input_text", "text": " "}, {"type": "input_tag", "id": "", "text": "x"},
            {"type": "input_text", "text": "about\u{202e} terns"},
        ]},
        {"label": "Empty", "prompt": [{"type": "input_text", "text": " "}]},
    ]}}));
    let prompts = prompts(&profile);
    assert_eq!(prompts.len(), 2);
    assert_eq!((prompts[0].prompt.as_str(), prompts[0].icon.as_deref()), ("Make a\nplan.", Some("calendar")));
    assert_eq!((prompts[1].prompt.as_str(), prompts[1].mentions.len()), ("Ada about terns", 1));
    assert_eq!((prompts[1].mentions[0].at, prompts[1].mentions[0].entity.title.as_str()), (0, "Ada"));
}

#[test]
fn only_addresses_that_are_opened_are_opened() {
    for url in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://user:secret@a.example",
        "//a.example",
        "https:",
        "chatkit-link://x",
    ] {
        let deed = json!({"type": "open_url", "url": url});
        let options = json!({
            "header": {"leftAction": {"icon": "home", "label": "Home", "onClick": deed}},
            "commands": {"list": [{"id": "a", "label": "A", "onSelect": {"type": "menu", "commands": [{"id": "b", "label": "B", "onSelect": deed}]}}]},
        });
        assert_eq!(shown(&profile(options)), None, "{url}");
    }
}

#[test]
fn more_is_searched_on_the_connections_own_origin_alone() {
    let searches = |url: &str| profile(json!({"entities": {"searchUrl": url}})).entities.unwrap().search_url;
    assert_eq!(searches("https://chat.example/people").as_deref(), Some("https://chat.example/people"));
    assert_eq!(searches("people").as_deref(), Some("https://chat.example/api/people"));
    for url in
        ["https://other.example/people", "http://chat.example/people", "//other.example", "https://a@chat.example/"]
    {
        assert_eq!(searches(url), None, "{url}");
    }
}

#[test]
fn names_are_unique_and_lead_somewhere() {
    let command = |id: &str, deed: Value| json!({"id": id, "label": id, "onSelect": deed});
    let view = view(json!({
        "composer": {"tools": [{"id": "a", "label": "First"}, {"id": "a", "label": "Second"}, {"id": "", "label": "None"}, {"id": "b", "label": ""}]},
        "entities": {"list": [{"id": "x", "title": "X"}, {"id": "x", "title": "Again"}]},
        "commands": {"list": [
            command("one", json!({"type": "tool", "id": "missing"})),
            command("one", json!({"type": "new_thread"})),
            command("two", json!({"type": "menu", "commands": [command("one", json!({"type": "new_thread"}))]})),
        ]},
    }));
    assert_eq!(view.tools.iter().map(|tool| tool.label.as_str()).collect::<Vec<_>>(), ["First"]);
    assert_eq!(view.entities.unwrap().list.len(), 1);
    assert_eq!(view.commands.iter().map(|command| command.id.as_str()).collect::<Vec<_>>(), ["one"]);
}

#[test]
fn a_profile_is_bounded_whatever_it_brings() {
    let nested = (0..40).fold(json!({"type": "new_thread"}), |deed, level| {
        json!({"type": "menu", "commands": [{"id": format!("deep{level}"), "label": "x", "onSelect": deed}]})
    });
    let many = |count: usize, entry: &dyn Fn(usize) -> Value| (0..count).map(entry).collect::<Vec<_>>();
    let long = "é".repeat(100_000);
    let view = view(json!({
        "header": {"title": {"text": long}},
        "disclaimer": {"text": long},
        "composer": {"tools": many(5_000, &|at| json!({"id": format!("t{at}"), "label": long}))},
        "entities": {"list": many(5_000, &|at| json!({"id": format!("e{at}"), "title": "E", "data": {}}))},
        "commands": {"list": many(5_000, &|at| json!({"id": format!("c{at}"), "label": "c", "onSelect": {"type": "new_thread"}}))},
    }));
    assert_eq!((view.tools.len(), view.commands.len()), (32, 200));
    assert_eq!(view.entities.unwrap().list.len(), 500);
    assert_eq!(view.title.unwrap().chars().count(), 100);
    assert!(format!("{:?}", view.disclaimer.unwrap().text).len() < 10_000);
    assert_eq!(
        shown(&profile(json!({"commands": {"list": [{"id": "menu", "label": "x", "onSelect": nested}]}}))),
        None
    );
    let heavy = json!({"entities": {"list": [{"id": "e", "title": "E", "data": {"a": "x".repeat(10_000)}}]}});
    assert_eq!(shown(&profile(heavy)), None);
}

#[test]
fn a_profile_says_which_files_go_and_the_connection_has_the_last_word() {
    let mut connection = connection(json!({
        "composer": {"attachments": {"enabled": true, "maxSize": 10, "maxCount": 2, "accept": {"image/*": [".png"]}}},
        "api": {"uploadStrategy": {"type": "direct", "uploadUrl": "files"}},
    }));
    let said = files::attachments(&connection, None).unwrap();
    assert_eq!((said.max_count, said.max_size.clone()), (Some(2), Some(MaxSize::Any(10))));
    assert_eq!(said.upload_url.as_deref(), Some("https://chat.example/api/files"));
    connection.attachments = Some(model::AttachmentOptions { max_count: Some(7), ..Default::default() });
    let both = files::attachments(&connection, None).unwrap();
    assert_eq!((both.max_count, both.max_size), (Some(7), Some(MaxSize::Any(10))));
    assert_eq!(files::attachments(&self::connection(json!({})), None), None);
}

#[test]
fn files_go_to_no_other_server_because_a_profile_says_so() {
    let direct = |url: &str| json!({"api": {"uploadStrategy": {"type": "direct", "uploadUrl": url}}});
    let other = serde_json::from_value(direct("https://other.example/files")).unwrap();
    assert_eq!(files::attachments(&connection(json!({})), Some(&other)), None);
    let own = serde_json::from_value(direct("files")).unwrap();
    assert!(files::attachments(&connection(json!({})), Some(&own)).is_some());
    let announced = connection(json!({"api": {"uploadStrategy": {"type": "two_phase"}}}));
    assert_eq!(files::attachments(&announced, Some(&own)), None);
}

#[test]
fn all_of_the_example_is_in_force() {
    let mut options: Value = serde_json::from_str(include_str!("../../../../docs/profile.example.json")).unwrap();
    options.as_object_mut().unwrap().remove("models");
    let options = options.to_string();
    let typed = typed(&options, SERVER).unwrap().unwrap();
    let view = shown(&checked::checked((*typed).clone(), SERVER)).unwrap();
    assert_eq!((view.tools.len(), view.commands.len(), prompts(&typed).len()), (2, 3, 2));
    assert!(view.left_action.is_some() && view.right_action.is_some() && view.no_rename);
    let entities = view.entities.unwrap();
    assert!(entities.searches && entities.list.len() == 1);
    let theme = view.theme.unwrap();
    assert_eq!((theme.base_size, theme.colors.is_empty()), (Some(16), false));
    assert_eq!(typed.files().max_count, Some(4));
}
