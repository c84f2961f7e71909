//! What of a frame this version does not know or does not do, found by reading it once more as the turn reads it.

use adapters::{Adapter, Mapper};
use model::{Extra, Item, ItemBody, ItemUpdate, Operation, Reply, ThreadEvent, Widget};
use serde_json::Value;
use url::Url;
use widgets::{Hint, Limits};

use super::label::{Label, Purpose};
use crate::{
    render::unknown_kind,
    tools::effects,
    view::{Mark, MarkSort},
};

/// The most marks of one frame: the first are enough to begin with.
const MOST: usize = 20;

/// What links into the program begin with.
const INSIDE: &str = "chatkit-link:";

/// Reads the frames of one answer.
pub struct Reader {
    adapter: &'static dyn Adapter,
    label: Label,
    operation: Operation,
    mapper: Option<Box<dyn Mapper + Send>>,
}

impl Reader {
    /// For the answer to a request, where it is one to an operation.
    pub fn of(label: &Label) -> Option<Self> {
        let Purpose::Operation(adapter, operation) = &label.purpose else { return None };
        Some(Self { adapter: *adapter, label: label.clone(), operation: (**operation).clone(), mapper: None })
    }

    /// The next message that is sent is answered anew.
    pub fn begin(&mut self) {
        self.mapper = None;
    }

    /// The marks of an event, or of a message over a WebSocket.
    pub fn event(&mut self, name: &str, data: &str) -> Vec<Mark> {
        let (adapter, connection, operation) = (self.adapter, &self.label.connection, &self.operation);
        let mapper = self.mapper.get_or_insert_with(|| adapter.mapper_for(connection, operation));
        let mut marks = Marks::default();
        mapper.on_frame(name, data).iter().for_each(|event| marks.event(event));
        marks.links(data);
        marks.0
    }

    /// The marks of a whole answer.
    pub fn whole(&mut self, body: &[u8]) -> Vec<Mark> {
        let mut marks = Marks::default();
        if self.operation.streams() {
            let mut mapper = self.adapter.mapper_for(&self.label.connection, &self.operation);
            let events = mapper.on_whole(body).unwrap_or_default();
            events.iter().for_each(|event| marks.event(event));
        } else {
            match self.adapter.reply_to(&self.label.connection, &self.operation, body) {
                Ok(Reply::Items(page)) => page.data.iter().for_each(|item| marks.item(item)),
                Ok(Reply::Updated(Some(item))) => marks.item(&item),
                Ok(_) | Err(_) => {}
            }
        }
        marks.links(&String::from_utf8_lossy(body));
        marks.0
    }
}

#[derive(Default)]
struct Marks(Vec<Mark>);

impl Marks {
    fn event(&mut self, event: &ThreadEvent) {
        match event {
            ThreadEvent::Unknown { name } => self.unknown(format!("Unknown event “{name}”: passed over.")),
            ThreadEvent::ItemAdded(item) | ThreadEvent::ItemDone(item) | ThreadEvent::ItemReplaced(item) => {
                self.item(item);
            }
            ThreadEvent::ItemUpdated { update, .. } => self.update(update),
            ThreadEvent::ClientEffect { name, data } if effects::effect(name, data).is_none() => {
                self.add(MarkSort::Unhandled, format!("The effect “{name}” has no handler here: nothing was done."));
            }
            _ => {}
        }
    }

    fn update(&mut self, update: &ItemUpdate) {
        match update {
            ItemUpdate::Unknown { name } => self.unknown(format!("Unknown update “{name}”: passed over.")),
            ItemUpdate::WidgetComponent { by, .. } | ItemUpdate::WidgetRoot(by) => self.widget(by),
            _ => {}
        }
    }

    fn item(&mut self, item: &Item) {
        if let Some(name) = unknown_kind(&item.body) {
            self.unknown(format!("Unknown item “{name}”: kept, and shown as one neutral line."));
        }
        if let ItemBody::Widget(Widget { root, .. }) = &item.body {
            self.widget(root);
        }
        self.fields(&item.extra);
    }

    fn fields(&mut self, extra: &Extra) {
        for name in extra.keys() {
            self.unknown(format!("Unknown field “{name}” of the item: kept, and not shown."));
        }
    }

    fn widget(&mut self, root: &Value) {
        for hint in widgets::read(root, Limits::default()).hints {
            let words = match hint {
                Hint::Component { name } => format!("Unknown component “{name}”: its children are shown."),
                Hint::Prop { component, prop } => {
                    format!("“{prop}” of “{component}” cannot be used, or is missing.")
                }
                Hint::NoComponent => "Something in the widget is no component: left out.".to_owned(),
                Hint::TooMuch => "The widget has more than is drawn: the rest is left out.".to_owned(),
                Hint::TooDeep => "The widget is nested more deeply than is drawn: the rest is left out.".to_owned(),
            };
            self.add(MarkSort::Widget, words);
        }
    }

    /// Links into the program, wherever they stand.
    fn links(&mut self, text: &str) {
        for (at, _) in text.match_indices(INSIDE) {
            let rest = &text[at..];
            let end = rest.find(|char: char| char.is_whitespace() || "\"\\)<>'".contains(char)).unwrap_or(rest.len());
            let link = &rest[..end];
            if !is_handled(link) {
                self.add(
                    MarkSort::Unhandled,
                    format!("The link “{link}” has no handler here: pressing it does nothing."),
                );
            }
        }
    }

    fn unknown(&mut self, words: String) {
        self.add(MarkSort::Unknown, words);
    }

    fn add(&mut self, sort: MarkSort, words: String) {
        let mark = Mark { sort, words };
        if self.0.len() < MOST && !self.0.contains(&mark) {
            self.0.push(mark);
        }
    }
}

/// Whether a link into the program leads anywhere.
fn is_handled(link: &str) -> bool {
    let Ok(url) = Url::parse(link) else { return false };
    let name = url.host_str().filter(|host| !host.is_empty()).unwrap_or_else(|| url.path().trim_start_matches('/'));
    let data: Extra = url.query_pairs().map(|(key, value)| (key.into_owned(), value.into_owned().into())).collect();
    effects::effect(name, &data).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_into_the_program_lead_somewhere_or_are_marked() {
        let mut marks = Marks::default();
        marks.links(r#"{"text":"[a](chatkit-link://new_thread) [b](chatkit-link://confetti?x=1)"}"#);
        assert_eq!(marks.0.len(), 1);
        assert!(marks.0[0].words.contains("chatkit-link://confetti?x=1"), "{:?}", marks.0);
    }

    #[test]
    fn the_same_is_said_once_and_not_endlessly() {
        let mut marks = Marks::default();
        for number in 0..50 {
            marks.unknown("twice".to_owned());
            marks.unknown(format!("{number}"));
        }
        assert_eq!(marks.0.len(), MOST);
    }
}
