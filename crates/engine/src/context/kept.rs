//! What is remembered of how a thread's conversation goes out.

use std::collections::BTreeMap;

use model::{AnswerOptions, Item, ItemId, OpenaiSettings};
use serde::{Deserialize, Serialize};

use super::{
    estimate::{Scale, counted, tokens},
    fit::Room,
    names::{NAMES, ServerNames},
};
use crate::view::ContextView;

/// The names under which it is kept.
pub const CONTEXT: &str = "context";
pub const OPTIONS: &str = "options";

/// What a thread wants, and how its conversation went out the last time.
#[derive(Debug, Default)]
pub struct Context {
    /// Whether what was kept has been read.
    restored: bool,
    /// What it wants otherwise than its connection does.
    pub options: AnswerOptions,
    /// How it went out.
    pub sent: SentPart,
    /// What servers call it.
    pub names: ServerNames,
    /// What is shown of it; nothing where the connection knows no window.
    pub view: Option<ContextView>,
}

/// How a conversation went out, to which model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentPart {
    /// Which model, and what was set as the size of its window: with others it is chosen anew.
    model: String,
    window: Option<u32>,
    /// The first item that goes out, where not all do.
    pub from: Option<ItemId>,
    /// What the server said of the size of the window.
    pub stated: Option<u32>,
    /// What goes out in place of what does not.
    pub summary: Option<Summary>,
    /// How estimates are corrected.
    pub scale: Scale,
    /// About how many tokens the last request had, uncorrected.
    pub estimate: u64,
    /// About how many tokens question and answer took together.
    pub taken: u64,
}

/// What stands for the items before one of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The words; none if the model could not be brought to write any.
    pub text: String,
    /// The first item that it does not tell of.
    pub before: ItemId,
}

impl SentPart {
    /// The same for a model, as far as it belongs to that.
    pub fn with(self, model: &str, window: Option<u32>) -> Self {
        if self.model == model && self.window == window {
            return self;
        }
        Self { model: model.to_owned(), window, ..Self::default() }
    }

    /// The words that stand for what does not go out, if there are any.
    pub fn summary_text(&self) -> Option<&str> {
        let summary = self.summary.as_ref().filter(|summary| self.from.as_ref() == Some(&summary.before));
        summary.map(|summary| summary.text.as_str()).filter(|text| !text.is_empty())
    }

    /// What the choice depends on, for a connection and what a thread wants.
    pub fn room(&self, settings: &OpenaiSettings, options: &AnswerOptions) -> Room {
        let parameters = options.parameters.over(&settings.parameters);
        let beside = parameters.system_prompt.as_deref().map_or(0, tokens) + self.summary_text().map_or(0, tokens);
        Room {
            window: settings.context.window.or(self.stated),
            rule: settings.context.rule,
            answer: parameters.max_tokens,
            beside,
            scale: self.scale,
        }
    }

    /// What is known after an answer: the server's count, if it gave one.
    pub fn answered(&mut self, answer: Option<&Item>, estimate_with_answer: u64) {
        self.taken = match answer.and_then(counted) {
            Some((question, answer)) => {
                self.scale = Scale::new(self.estimate, question);
                question + answer
            }
            None => self.scale.of(estimate_with_answer),
        };
    }
}

/// The model that is asked.
pub fn model<'a>(settings: &'a OpenaiSettings, options: &'a AnswerOptions) -> &'a str {
    options.model.as_deref().unwrap_or(&settings.model)
}

impl Context {
    /// Takes what was kept, once. What cannot be read is as if it had not been kept.
    pub fn restore(&mut self, kept: &BTreeMap<String, String>) {
        if std::mem::replace(&mut self.restored, true) {
            return;
        }
        let read = |name: &str| kept.get(name).map(String::as_str).unwrap_or_default();
        self.options = serde_json::from_str(read(OPTIONS)).unwrap_or_default();
        self.names = serde_json::from_str(read(NAMES)).unwrap_or_default();
        self.sent = serde_json::from_str(read(CONTEXT)).unwrap_or_default();
    }

    /// What is shown with a connection's settings; nothing where it has none.
    pub fn seen(&self, settings: Option<&OpenaiSettings>) -> Option<ContextView> {
        let settings = settings?;
        let model = model(settings, &self.options);
        let sent = self.sent.clone().with(model, settings.context.window);
        let window = settings.context.window.or(sent.stated).map(u64::from).filter(|_| sent.taken > 0);
        let percent = window.map(|window| u32::try_from(sent.taken * 100 / window).unwrap_or(u32::MAX));
        Some(ContextView {
            model: model.to_owned(),
            percent,
            summary: sent.summary_text().map(str::to_owned),
            from: sent.from,
            has_options: self.options != AnswerOptions::default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use model::{ContextRule, ContextSettings, Extra, ItemBody};
    use serde_json::json;

    use super::*;

    fn settings(window: Option<u32>) -> OpenaiSettings {
        let context = ContextSettings { window, rule: ContextRule::Drop };
        OpenaiSettings { model: "tiny".into(), context, ..OpenaiSettings::default() }
    }

    fn sent() -> SentPart {
        let summary = Summary { text: "It was about tea.".into(), before: "3".into() };
        SentPart {
            from: Some("3".into()),
            summary: Some(summary),
            taken: 620,
            ..SentPart::default().with("tiny", Some(1000))
        }
    }

    #[test]
    fn what_was_kept_is_read_once_and_what_is_damaged_is_left() {
        let kept = |options: &str| {
            let sent = serde_json::to_string(&sent()).unwrap();
            BTreeMap::from([(CONTEXT.to_owned(), sent), (OPTIONS.to_owned(), options.to_owned())])
        };
        let mut context = Context::default();
        context.restore(&kept(r#"{"model": "large", "seed": 7, "later": 1}"#));
        context.restore(&BTreeMap::new());
        assert_eq!((context.options.model.as_deref(), &context.sent), (Some("large"), &sent()));
        let mut context = Context::default();
        context.restore(&kept("nonsense"));
        assert_eq!(context.options, AnswerOptions::default());
    }

    #[test]
    fn what_was_left_out_for_one_model_says_nothing_of_another() {
        assert_eq!(sent().with("tiny", Some(1000)), sent());
        for other in [sent().with("large", Some(1000)), sent().with("tiny", Some(2000)), sent().with("tiny", None)] {
            assert_eq!((other.from, other.summary, other.taken), (None, None, 0));
        }
    }

    #[test]
    fn it_is_shown_how_full_the_window_is_and_where_it_begins() {
        let context = Context { sent: sent(), ..Context::default() };
        let view = context.seen(Some(&settings(Some(1000)))).unwrap();
        assert_eq!((view.percent, view.from, view.model.as_str()), (Some(62), Some("3".into()), "tiny"));
        assert_eq!(view.summary.as_deref(), Some("It was about tea."));
        assert_eq!(context.seen(Some(&settings(None))).unwrap().percent, None);
        assert_eq!(context.seen(None), None);
        let moved = SentPart { from: Some("5".into()), ..sent() };
        assert_eq!(moved.summary_text(), None, "it does not tell of all that is left out");
    }

    #[test]
    fn the_count_of_the_server_is_believed() {
        let mut answer = Item { id: "a".into(), created_at: None, body: ItemBody::EndOfTurn, extra: Extra::new() };
        let mut part = SentPart { estimate: 100, ..SentPart::default() };
        part.answered(Some(&answer), 140);
        assert_eq!(part.taken, 140);
        answer.extra.insert("usage".into(), json!({"prompt_tokens": 150, "completion_tokens": 30}));
        part.answered(Some(&answer), 140);
        assert_eq!((part.taken, part.scale.of(100)), (180, 150));
    }
}
