//! What happens when something in a widget is used (section 10.1).

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::look::words;

words! {
    /// Who handles an action.
    Handler { Server = "server", Client = "client" }
}
words! {
    /// What looks busy while an action is under way.
    Loading { Auto = "auto", None = "none", Itself = "self", Container = "container" }
}

/// An action. What is absent on the wire has its default.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export_to = "widget/")]
pub struct Action {
    /// What the server calls it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What goes with it; nobody here looks into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional, type = "unknown")]
    pub payload: Option<Value>,
    /// Who handles it.
    #[serde(default = "server")]
    pub handler: Handler,
    /// What looks busy meanwhile.
    #[serde(default = "auto", rename = "loadingBehavior")]
    pub loading: Loading,
    /// Whether the answer streams, so that it has to wait for a turn under way.
    #[serde(default = "streams")]
    pub streaming: bool,
}

fn server() -> Handler {
    Handler::Server
}

fn auto() -> Loading {
    Loading::Auto
}

fn streams() -> bool {
    true
}

impl Action {
    /// One that cannot be read in full is read as far as its name, for the defaults are the careful choice.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        if let Ok(action) = serde_json::from_value(value.clone()) {
            return Some(action);
        }
        let kind = value.get("type")?.as_str()?.to_owned();
        let payload = value.get("payload").filter(|payload| !payload.is_null()).cloned();
        Some(Self { kind, payload, handler: server(), loading: auto(), streaming: true })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_absent_has_its_default() {
        let action = Action::read(&json!({"type": "order.track"})).unwrap();
        assert_eq!((action.handler, action.loading, action.streaming), (Handler::Server, Loading::Auto, true));
        let all = json!({"type": "t", "payload": {"id": null}, "handler": "client", "loadingBehavior": "self", "streaming": false});
        assert_eq!(serde_json::to_value(Action::read(&all).unwrap()).unwrap(), all);
        let odd = Action::read(&json!({"type": "t", "handler": "mars"})).unwrap();
        assert_eq!(odd.handler, Handler::Server);
        assert_eq!(Action::read(&json!({"payload": 1})), None);
    }
}
