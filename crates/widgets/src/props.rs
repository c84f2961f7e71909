//! The props of one component, read leniently: what cannot be used is left out, and named.

use std::cell::RefCell;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::read::Hint;

/// The longest text that is drawn, in bytes. What follows is cut off.
const LONGEST: usize = 200_000;

/// The props of one component.
pub struct Props<'a> {
    fields: &'a Map<String, Value>,
    /// What the component calls itself.
    component: &'a str,
    hints: &'a RefCell<Vec<Hint>>,
}

impl<'a> Props<'a> {
    pub fn new(fields: &'a Map<String, Value>, component: &'a str, hints: &'a RefCell<Vec<Hint>>) -> Self {
        Self { fields, component, hints }
    }

    /// A prop as it came; null is absent.
    pub fn get(&self, key: &str) -> Option<&'a Value> {
        self.fields.get(key).filter(|value| !value.is_null())
    }

    /// A prop that something reads.
    pub fn with<T>(&self, key: &str, read: impl FnOnce(&Value) -> Option<T>) -> Option<T> {
        let read = read(self.get(key)?);
        if read.is_none() {
            self.hint(key);
        }
        read
    }

    /// One of a closed set of words.
    pub fn word<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        self.with(key, |value| serde_json::from_value(value.clone()).ok())
    }

    /// A text; a number or a truth is one as well.
    pub fn text(&self, key: &str) -> Option<String> {
        self.with(key, |value| match value {
            Value::String(text) => Some(cut(text).to_owned()),
            Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
            _ => None,
        })
    }

    /// A text that has to be there.
    pub fn required(&self, key: &str) -> String {
        if self.get(key).is_none() {
            self.hint(key);
        }
        self.text(key).unwrap_or_default()
    }

    /// Whether something is so; absent is not.
    pub fn flag(&self, key: &str) -> bool {
        self.maybe(key).unwrap_or_default()
    }

    /// The same where absent is something else.
    pub fn maybe(&self, key: &str) -> Option<bool> {
        self.with(key, Value::as_bool)
    }

    /// A number that counts something; it may have become a float on its way.
    pub fn count(&self, key: &str) -> Option<u32> {
        self.with(key, |value| {
            let number =
                value.as_f64().filter(|number| number.fract() == 0.0 && (0.0..=1_000_000.0).contains(number))?;
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between the two ends")]
            Some(number as u32)
        })
    }

    /// A number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.with(key, |value| value.as_f64().filter(|number| number.is_finite()))
    }

    fn hint(&self, prop: &str) {
        self.hints.borrow_mut().push(Hint::Prop { component: self.component.to_owned(), prop: prop.to_owned() });
    }
}

/// The beginning of a text, up to what is drawn of it.
fn cut(text: &str) -> &str {
    if text.len() <= LONGEST {
        return text;
    }
    let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}
