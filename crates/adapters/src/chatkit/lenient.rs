//! Reading what servers really send: null is absent, numbers may be floats, and a field of the wrong type is no reason
//! to lose its neighbours (section 2.4).

use model::Extra;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

/// A field that may be absent, null or unreadable.
pub(super) fn optional<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    Ok(T::deserialize(Value::deserialize(deserializer)?).ok())
}

/// A field that is its default where it is absent, null or unreadable.
pub(super) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    optional(deserializer).map(Option::unwrap_or_default)
}

/// A number from nought on, without what is behind its point. Every real one is far below the 2^53 up to which floats are
/// exact.
pub(super) fn whole(number: f64) -> Option<u64> {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it lies between the two ends")]
    (0.0..9_007_199_254_740_992.0).contains(&number).then_some(number as u64)
}

/// Takes a field out of those of an object. What cannot be read stays where it is, so that it is kept with all that nobody
/// asked for; null is taken out and is nothing.
pub(super) fn take<T>(fields: &mut Extra, key: &str, read: impl FnOnce(Value) -> Result<T, Value>) -> Option<T> {
    match read(fields.remove(key)?) {
        Ok(value) => Some(value),
        Err(Value::Null) => None,
        Err(other) => {
            fields.insert(key.to_owned(), other);
            None
        }
    }
}

/// Takes a word of an open set out of some fields. One that this version does not know stays where it is.
pub(super) fn take_word<T>(fields: &mut Extra, key: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
    take(fields, key, |value| value.as_str().and_then(read).ok_or(value))
}

/// Takes a list of texts out of some fields. Where not all of them are texts, the list stays there as well, whole.
pub(super) fn take_texts(fields: &mut Extra, key: &str) -> Vec<String> {
    let Some(values) = take(fields, key, list) else { return Vec::new() };
    if !values.iter().all(Value::is_string) {
        fields.insert(key.to_owned(), Value::Array(values.clone()));
    }
    values.into_iter().filter_map(|value| text(value).ok()).collect()
}

/// A text.
pub(super) fn text(value: Value) -> Result<String, Value> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(other),
    }
}

/// An object.
pub(super) fn object(value: Value) -> Result<Extra, Value> {
    match value {
        Value::Object(fields) => Ok(fields),
        other => Err(other),
    }
}

/// A list of anything.
pub(super) fn list(value: Value) -> Result<Vec<Value>, Value> {
    match value {
        Value::Array(values) => Ok(values),
        other => Err(other),
    }
}

/// Yes or no.
pub(super) fn flag(value: Value) -> Result<bool, Value> {
    value.as_bool().ok_or(value)
}

/// A number.
pub(super) fn number(value: Value) -> Result<f64, Value> {
    value.as_f64().ok_or(value)
}

/// An index, which may have become a float on its way.
pub(super) fn index(value: Value) -> Result<usize, Value> {
    let number = value.as_f64().filter(|number| number.fract() == 0.0);
    number.and_then(whole).and_then(|whole| whole.try_into().ok()).ok_or(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn indexes() {
        for (value, expected) in [(json!(0), 0), (json!(7), 7), (json!(7.0), 7), (json!(1e3), 1000)] {
            assert_eq!(index(value), Ok(expected));
        }
        for value in [json!(-1), json!(0.5), json!("1"), json!(null), json!(1e300)] {
            assert_eq!(index(value.clone()), Err(value));
        }
    }

    fn fields(value: Value) -> Extra {
        object(value).unwrap()
    }

    #[test]
    fn what_is_taken_is_gone_and_what_cannot_be_read_stays() {
        let mut some = fields(json!({"a": "x", "b": null, "c": 3, "d": true, "e": 2.0, "f": [1], "g": {}}));
        assert_eq!(take(&mut some, "a", text), Some("x".to_owned()));
        assert_eq!(take(&mut some, "b", text), None);
        assert_eq!(take(&mut some, "c", text), None);
        assert_eq!(take(&mut some, "d", flag), Some(true));
        assert_eq!(take(&mut some, "e", index), Some(2));
        assert_eq!(take(&mut some, "f", list), Some(vec![json!(1)]));
        assert_eq!(take(&mut some, "g", number), None);
        assert_eq!(take(&mut some, "h", object), None);
        assert_eq!(some, fields(json!({"c": 3, "g": {}})));
    }

    #[test]
    fn a_word_that_nobody_knows_stays() {
        let read = |word: &str| (word == "good").then_some(1);
        let mut some = fields(json!({"a": "good", "b": "odd", "c": 7, "d": null}));
        let taken = ["a", "b", "c", "d", "e"].map(|key| take_word(&mut some, key, read));
        assert_eq!(taken, [Some(1), None, None, None, None]);
        assert_eq!(some, fields(json!({"b": "odd", "c": 7})));
    }

    #[test]
    fn texts_among_other_things_are_read_and_the_rest_is_kept() {
        let mut some = fields(json!({"a": ["x", "y"], "b": ["x", 3, null], "c": "x"}));
        assert_eq!(take_texts(&mut some, "a"), ["x", "y"]);
        assert_eq!(take_texts(&mut some, "b"), ["x"]);
        assert_eq!(take_texts(&mut some, "c"), [""; 0]);
        assert_eq!(some, fields(json!({"b": ["x", 3, null], "c": "x"})));
    }

    #[test]
    fn whole_numbers() {
        assert_eq!([7.0, 7.9, 0.0, -0.5, 1e300, f64::NAN].map(whole), [Some(7), Some(7), Some(0), None, None, None]);
    }
}
