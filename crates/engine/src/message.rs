//! The person's messages as they are shown.

use model::{Attachment, UserContent, UserMessage};
use serde_json::Value;

use crate::view::{AttachmentView, ItemViewBody, UserPartView};

/// A message of the person as it is shown.
pub fn user_message(message: &UserMessage) -> ItemViewBody {
    ItemViewBody::UserMessage {
        text: message.plain_text(),
        parts: parts(&message.content),
        quoted_text: message.quoted_text.clone(),
        attachments: message.attachments.iter().map(attachment).collect(),
        model: message.inference_options.model.clone(),
        tool: message.inference_options.tool.clone(),
    }
}

fn parts(content: &[UserContent]) -> Vec<UserPartView> {
    let part = |content: &UserContent| match content {
        UserContent::Text { text } => Some(UserPartView::Text { text: text.clone() }),
        UserContent::Tag { text, fields, .. } => Some(UserPartView::Tag {
            text: text.clone(),
            group: fields.get("group").and_then(Value::as_str).map(str::to_owned),
            interactive: fields.get("interactive").and_then(Value::as_bool).unwrap_or_default(),
        }),
        UserContent::Unknown { .. } => None,
    };
    content.iter().filter_map(part).collect()
}

fn attachment(file: &Attachment) -> AttachmentView {
    let words = |name: &str| file.extra.get(name).and_then(Value::as_str);
    let mime_type = words("mime_type").unwrap_or_default();
    AttachmentView {
        id: file.id.clone(),
        name: file.name.clone(),
        mime_type: mime_type.to_owned(),
        is_image: words("type") == Some("image") || mime_type.starts_with("image/"),
        preview_url: words("preview_url").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use model::{Extra, InferenceOptions};
    use serde_json::json;

    use super::*;

    fn fields(value: &Value) -> Extra {
        value.as_object().cloned().unwrap_or_default()
    }

    #[test]
    fn tags_files_model_and_tool_are_shown() {
        let message = UserMessage {
            content: vec![
                UserContent::Text { text: "Ask ".into() },
                UserContent::Tag {
                    id: "ada".into(),
                    text: "@Ada".into(),
                    fields: fields(&json!({"group": "People", "interactive": true})),
                },
                UserContent::Unknown { name: "smell".into(), fields: Extra::new() },
            ],
            attachments: vec![Attachment {
                id: "atc_1".into(),
                name: "gull.png".into(),
                extra: fields(
                    &json!({"type": "image", "mime_type": "image/png", "preview_url": "https://a.example/p"}),
                ),
            }],
            quoted_text: None,
            inference_options: InferenceOptions { model: Some("large".into()), tool: Some("search".into()) },
        };
        let ItemViewBody::UserMessage { text, parts, attachments, model, tool, .. } = user_message(&message) else {
            panic!("no message of the person");
        };
        assert_eq!((text.as_str(), model.as_deref(), tool.as_deref()), ("Ask @Ada", Some("large"), Some("search")));
        let tag = UserPartView::Tag { text: "@Ada".into(), group: Some("People".into()), interactive: true };
        assert_eq!(parts, [UserPartView::Text { text: "Ask ".into() }, tag]);
        assert!(attachments[0].is_image && attachments[0].preview_url.is_some());
    }
}
