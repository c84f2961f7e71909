//! What a server has drawn: widgets and pictures, and what a press in a widget asks for (sections 6.3, 10 and 11).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::item::Extra;

/// A card, a list or a form (section 6.3, `widget`). Whoever draws it reads its root with the crate `widgets`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Widget {
    /// Its root, as the server sent it (section 11).
    pub root: Value,
    /// What *copy* puts on the clipboard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub copy_text: Option<String>,
}

impl Widget {
    /// What a person can read in it: what its server says is to be copied, or else the words of its texts in order, one
    /// below another. None if it holds none.
    pub fn plain_text(&self) -> Option<String> {
        let given = self.copy_text.clone().filter(|text| !text.trim().is_empty());
        given.or_else(|| Some(words(&self.root).join("\n")).filter(|text| !text.is_empty()))
    }
}

/// So many components are looked through: more are not drawn either.
const COMPONENTS: usize = 10_000;

/// The words of the texts in a tree, without recursion: how deep it is, is its server's choice.
fn words(root: &Value) -> Vec<&str> {
    let mut words = Vec::new();
    let mut waiting = vec![root];
    for _ in 0..COMPONENTS {
        let Some(component) = waiting.pop() else { break };
        let text = |key: &str| component.get(key).and_then(Value::as_str);
        words.extend(match text("type") {
            Some("Title" | "Caption" | "Text" | "Markdown" | "Label") => text("value"),
            Some("Badge") => text("label"),
            _ => None,
        });
        match component.get("children") {
            Some(Value::Array(all)) => waiting.extend(all.iter().take(COMPONENTS).rev()),
            Some(one) => waiting.push(one),
            None => {}
        }
    }
    words.retain(|text| !text.trim().is_empty());
    words
}

/// What a press in a widget asks of the server (section 3.5).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CustomAction {
    /// The server's name for it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What goes with it: that of the widget, and the values of its form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payload: Option<Value>,
}

/// A picture that a server made (section 6.3, `generated_image`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GeneratedImage {
    /// The picture, or a preview of it; absent at the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<ImageSource>,
    /// How much of it is made, from 0 to 1, while it is being made. Servers that do not know say 0 (section 5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<f64>,
}

/// Where a picture is (section 6.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageSource {
    /// The server's id for it.
    pub id: String,
    /// Its address: `https:`, or `data:` with all of it.
    pub url: String,
    /// Unknown fields.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn text(root: Value, copy_text: Option<&str>) -> Option<String> {
        Widget { root, copy_text: copy_text.map(str::to_owned) }.plain_text()
    }

    #[test]
    fn the_words_of_a_widget_are_those_of_its_texts_in_order() {
        let root = json!({"type": "Card", "children": [
            {"type": "Row", "children": [{"type": "Title", "value": "Espresso"}, {"type": "Badge", "label": "sent"}]},
            {"type": "Transition", "children": {"type": "Text", "value": "It arrives."}},
            {"type": "Hologram", "value": "no text", "children": [{"type": "Caption", "value": "Order 81"}]},
            {"type": "Button", "label": "Track"}, {"type": "Text", "value": " "}, {"type": "Text", "value": 7}, null,
        ]});
        assert_eq!(text(root.clone(), None).as_deref(), Some("Espresso\nsent\nIt arrives.\nOrder 81"));
        assert_eq!(text(root.clone(), Some(" ")), text(root.clone(), None));
        assert_eq!(text(root, Some("Order 81")).as_deref(), Some("Order 81"));
        assert_eq!(text(json!({"type": "Chart"}), None), None);
        assert_eq!(text(json!("words"), None), None);
    }
}
