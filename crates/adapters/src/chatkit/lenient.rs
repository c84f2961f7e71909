//! Reading what servers really send: null is absent, numbers may be floats, and a field of the wrong type is no reason
//! to lose its neighbours (section 2.4).

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

/// A list that may be absent or null, but not anything else.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<Vec<T>>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// An index, which may have become a float on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Index(pub(super) usize);

impl<'de> Deserialize<'de> for Index {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        // Every index of a real text is far below the 2^53 up to which floats are exact.
        if number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            return Ok(Self(number as usize));
        }
        Err(serde::de::Error::custom("not an index"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn indexes() {
        for (value, index) in [(json!(0), 0), (json!(7), 7), (json!(7.0), 7), (json!(1e3), 1000)] {
            assert_eq!(Index::deserialize(value).unwrap().0, index);
        }
        for value in [json!(-1), json!(0.5), json!("1"), json!(null), json!(1e300)] {
            assert!(Index::deserialize(&value).is_err(), "{value}");
        }
    }
}
