//! What a server has the window do without asking for an answer (section 4, `client_effect`). Nothing leaves the window by it.

use std::sync::Arc;

use model::{Extra, ThreadEvent};
use serde_json::Value;

use crate::{
    engine::Engine,
    live::Live,
    view::{EffectView, SettingsPage},
};

impl Engine {
    /// Carries out the effects among some events, if the thread is in sight: what happens behind the person's back would
    /// only confuse them.
    pub(crate) fn take_effects(&self, live: &Arc<Live>, events: &[ThreadEvent]) {
        for event in events {
            let ThreadEvent::ClientEffect { name, data } = event else { continue };
            let effect = effect(name, data).filter(|_| live.with(|inner| inner.is_in_sight()));
            let connection = live.with(|inner| inner.thread.connection.clone());
            tracing::info!(%connection, known = effect.is_some(), "a server sends an effect");
            if let Some(effect) = effect {
                self.shared.hub.effect(effect);
            }
        }
    }
}

/// What the window does at that name; nothing at any other.
pub fn effect(name: &str, data: &Extra) -> Option<EffectView> {
    let text = |key: &str| data.get(key).and_then(Value::as_str);
    Some(match name {
        "show_settings" => {
            EffectView::Settings { page: text("page").map_or(Some(SettingsPage::default()), SettingsPage::named)? }
        }
        "new_thread" => EffectView::NewThread,
        "open_link" => EffectView::Link { url: text("url")?.to_owned() },
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_few_effects_are_known_and_others_do_nothing() {
        let of = |name, data: Value| effect(name, data.as_object().unwrap());
        assert_eq!(of("new_thread", json!({})), Some(EffectView::NewThread));
        assert_eq!(
            of("show_settings", json!({"page": "models"})),
            Some(EffectView::Settings { page: SettingsPage::Models })
        );
        let url = "https://a.example".to_owned();
        assert_eq!(of("open_link", json!({"url": url})), Some(EffectView::Link { url }));
        for (name, data) in
            [("confetti", json!({})), ("open_link", json!({"url": 7})), ("show_settings", json!({"page": "x"}))]
        {
            assert_eq!(of(name, data), None, "{name}");
        }
    }
}
