//! Wire messages of the person and of the assistant → those of the model (sections 6.3, 8.1 and 9).

use model::{Attachment, Extra, InferenceOptions, TextPart, UserContent, UserMessage};
use serde_json::Value;

use super::{
    lenient::{list, object, take, text},
    text::part,
};

/// Reads a message of the person. What the model cannot hold stays among the other fields.
///
/// # Errors
///
/// The fields as they came, if its content is no list.
pub(super) fn user_message(mut fields: Extra) -> Result<(UserMessage, Extra), Extra> {
    let Some(content) = take_content(&mut fields, user_content) else { return Err(fields) };
    let attachments = attachments(&mut fields);
    let quoted_text = take(&mut fields, "quoted_text", text);
    let message = UserMessage {
        content,
        attachments,
        // Hosted servers send an empty quote where there is none.
        quoted_text: quoted_text.filter(|quote| !quote.is_empty()),
        inference_options: inference_options(&mut fields),
    };
    Ok((message, fields))
}

/// Reads a message of the assistant. What the model cannot hold stays among the other fields.
///
/// # Errors
///
/// The fields as they came, if its content is no list.
pub(super) fn assistant_message(mut fields: Extra) -> Result<(Vec<TextPart>, Extra), Extra> {
    match take_content(&mut fields, part) {
        Some(content) => Ok((content, fields)),
        None => Err(fields),
    }
}

/// The parts of a message; none where there is no list of them. Where the model cannot hold all of a part, the list stays
/// in the fields as well, whole.
fn take_content<T>(fields: &mut Extra, read: fn(Value) -> (T, bool)) -> Option<Vec<T>> {
    let wire = match take(fields, "content", list) {
        Some(wire) => wire,
        None if fields.contains_key("content") => return None,
        None => Vec::new(),
    };
    let (content, whole): (Vec<_>, Vec<_>) = wire.iter().cloned().map(read).unzip();
    if whole.contains(&false) {
        fields.insert("content".to_owned(), Value::Array(wire));
    }
    Some(content)
}

/// A part of a user message (section 9), and whether the model can hold all of it.
fn user_content(value: Value) -> (UserContent, bool) {
    let mut fields = match object(value) {
        Ok(fields) => fields,
        Err(other) => {
            let fields = Extra::from_iter([("part".to_owned(), other)]);
            return (UserContent::Unknown { name: String::new(), fields }, false);
        }
    };
    let name = take(&mut fields, "type", text).unwrap_or_default();
    let has = |key| fields.get(key).is_some_and(Value::is_string);
    match name.as_str() {
        "input_text" if has("text") => {
            let text = take(&mut fields, "text", text).unwrap_or_default();
            (UserContent::Text { text }, fields.is_empty())
        }
        "input_tag" if has("id") && has("text") => {
            let id = take(&mut fields, "id", text).unwrap_or_default();
            let text = take(&mut fields, "text", text).unwrap_or_default();
            (UserContent::Tag { id, text, fields }, true)
        }
        _ => (UserContent::Unknown { name, fields }, true),
    }
}

/// The files of a message. Where one has no id, the list stays in the fields as well, whole.
fn attachments(fields: &mut Extra) -> Vec<Attachment> {
    let wire = take(fields, "attachments", list).unwrap_or_default();
    let read: Vec<_> = wire.iter().cloned().filter_map(attachment).collect();
    if read.len() < wire.len() {
        fields.insert("attachments".to_owned(), Value::Array(wire));
    }
    read
}

fn attachment(value: Value) -> Option<Attachment> {
    let mut extra = object(value).ok()?;
    let id = take(&mut extra, "id", text)?;
    Some(Attachment { name: take(&mut extra, "name", text).unwrap_or_else(|| id.clone()), id, extra })
}

/// Model and tool as they are echoed (section 9). Where there is more, it stays in the fields as well, whole.
fn inference_options(fields: &mut Extra) -> InferenceOptions {
    let Some(wire) = take(fields, "inference_options", object) else { return InferenceOptions::default() };
    let mut rest = wire.clone();
    let model = take(&mut rest, "model", text);
    let mut tool_choice = take(&mut rest, "tool_choice", object).unwrap_or_default();
    let tool = take(&mut tool_choice, "id", text);
    if !rest.is_empty() || !tool_choice.is_empty() {
        fields.insert("inference_options".to_owned(), Value::Object(wire));
    }
    InferenceOptions { model, tool }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields(value: Value) -> Extra {
        object(value).unwrap()
    }

    fn user(value: Value) -> (UserMessage, Extra) {
        user_message(fields(value)).unwrap()
    }

    #[test]
    fn a_user_message_with_everything() {
        let (read, extra) = user(json!({
            "content": [
                {"type": "input_text", "text": "Compare "},
                {"type": "input_tag", "id": "d7", "text": "Q3", "data": {"a": null}, "interactive": true},
                {"type": "input_song", "notes": "c"},
            ],
            "attachments": [{"type": "file", "id": "a1", "name": "a.pdf", "mime_type": "application/pdf"}],
            "quoted_text": "said", "inference_options": {"model": "fast", "tool_choice": {"id": "search"}},
            "mood": "good",
        }));
        let expected = UserMessage {
            content: vec![
                UserContent::Text { text: "Compare ".into() },
                UserContent::Tag {
                    id: "d7".into(),
                    text: "Q3".into(),
                    fields: fields(json!({"data": {"a": null}, "interactive": true})),
                },
                UserContent::Unknown { name: "input_song".into(), fields: fields(json!({"notes": "c"})) },
            ],
            attachments: vec![Attachment {
                id: "a1".into(),
                name: "a.pdf".into(),
                extra: fields(json!({"type": "file", "mime_type": "application/pdf"})),
            }],
            quoted_text: Some("said".into()),
            inference_options: InferenceOptions { model: Some("fast".into()), tool: Some("search".into()) },
        };
        assert_eq!((read, extra), (expected, fields(json!({"mood": "good"}))));
    }

    #[test]
    fn null_is_absent() {
        let null = json!({"content": null, "attachments": null, "quoted_text": null, "inference_options": null});
        for wire in [null, json!({}), json!({"quoted_text": "", "inference_options": {"model": null}})] {
            assert_eq!(user(wire), (UserMessage::default(), Extra::new()));
        }
    }

    #[test]
    fn fields_of_the_wrong_type_are_kept_and_cost_nothing_else() {
        let odd = json!({
            "attachments": [{"id": "a1", "name": 7}, {"name": "no id"}, 9], "quoted_text": 3,
            "inference_options": {"model": 1, "tool_choice": {"name": "x"}},
        });
        let mut wire = fields(odd.clone());
        wire.insert("content".into(), json!([{"type": "input_text", "text": "a"}]));
        let (read, extra) = user_message(wire).unwrap();
        assert_eq!((read.plain_text().as_str(), read.quoted_text, extra), ("a", None, fields(odd)));
        assert_eq!(read.inference_options, InferenceOptions::default());
        let named: Vec<_> = read.attachments.iter().map(|file| (file.id.as_str(), file.name.as_str())).collect();
        assert_eq!(named, [("a1", "a1")]);
    }

    #[test]
    fn attachments_of_servers_before_sdk_1_5_keep_their_address() {
        let wire =
            json!({"id": "a1", "name": "a", "type": "file", "upload_url": "https://u.example", "metadata": null});
        let (read, _) = user(json!({"content": [], "attachments": [wire]}));
        assert_eq!(read.attachments[0].extra["upload_url"], json!("https://u.example"));
    }

    #[test]
    fn what_the_model_cannot_hold_is_kept_beside_it() {
        for options in [json!({"model": "m", "warmth": 0.5}), json!({"tool_choice": {"id": "t", "force": true}})] {
            let (_, extra) = user(json!({"content": [], "inference_options": options}));
            assert_eq!(extra["inference_options"], options);
        }
        for content in [json!([{"type": "input_text", "text": "a", "lang": "en"}]), json!([7])] {
            let (read, extra) = user(json!({"content": content}));
            assert_eq!((read.content.len(), &extra["content"]), (1, &content));
        }
        let content = json!([{"type": "output_text", "text": "a"}, {"type": "output_song", "notes": "c"}, 7]);
        let (parts, extra) = assistant_message(fields(json!({"content": content}))).unwrap();
        assert_eq!((parts.len(), parts[0].text.as_str()), (3, "a"), "each part keeps its place");
        assert_eq!(extra["content"], content);
    }

    #[test]
    fn content_that_is_no_list_is_given_back() {
        for wire in [json!({"content": "text"}), json!({"content": {}, "quoted_text": "x"})] {
            assert_eq!(user_message(fields(wire.clone())), Err(fields(wire.clone())));
            assert_eq!(assistant_message(fields(wire.clone())), Err(fields(wire)));
        }
    }
}
