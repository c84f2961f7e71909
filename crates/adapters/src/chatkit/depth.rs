//! JSON that nests as deep as it likes. What is deeper than anybody can use is left out, and the rest is read: one widget
//! of a hostile or broken server must not make a whole page of a thread unreadable.

use std::cell::Cell;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// How many lists and objects may stand inside each other. Beyond it, each is read as null. What is kept nests a little
/// deeper on disk than on the wire, and `serde_json` reads no more than 128 levels back.
pub(super) const DEEPEST: usize = 100;

/// A value, as deep as it may be.
#[derive(Debug)]
pub(super) struct Shallow {
    /// The value.
    pub(super) value: Value,
    /// Whether something was too deep.
    pub(super) cut: bool,
}

/// Reads JSON. What is left out is passed over without recursion, so that no depth costs any stack.
///
/// # Errors
///
/// If it is not JSON.
pub(super) fn shallow(data: &[u8]) -> Result<Shallow, serde_json::Error> {
    let cut = Cell::new(false);
    let mut deserializer = serde_json::Deserializer::from_slice(data);
    let value = Level { left: DEEPEST, cut: &cut }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Shallow { value, cut: cut.get() })
}

/// A value below which so many levels may follow.
#[derive(Clone, Copy)]
struct Level<'a> {
    left: usize,
    cut: &'a Cell<bool>,
}

impl Level<'_> {
    /// The level below this one; none where it may not be.
    fn below(self) -> Option<Self> {
        let left = self.left.checked_sub(1);
        if left.is_none() {
            self.cut.set(true);
        }
        left.map(|left| Self { left, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let Some(below) = self.below() else {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        };
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(below)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let Some(below) = self.below() else {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            return Ok(Value::Null);
        };
        let mut fields = Map::new();
        while let Some(key) = object.next_key()? {
            fields.insert(key, object.next_value_seed(below)?);
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(data: &str) -> Shallow {
        shallow(data.as_bytes()).unwrap()
    }

    fn lists(levels: usize) -> String {
        format!("{}{}", "[".repeat(levels), "]".repeat(levels))
    }

    /// How many lists stand inside each other along the first entries.
    fn depth(mut value: &Value) -> usize {
        let mut depth = 0;
        while let Value::Array(values) = value {
            depth += 1;
            value = values.first().unwrap_or(&Value::Null);
        }
        depth
    }

    #[test]
    fn what_is_not_deep_is_read_as_it_always_is() {
        let data =
            r#" {"a": [null, true, -1, 18446744073709551615, 2.5, 1e3, "t\u00e9xt \n"], "b": {"c": {}}, "a2": []} "#;
        let Shallow { value, cut } = read(data);
        assert_eq!((value, cut), (serde_json::from_str(data).unwrap(), false));
        let Shallow { value, cut } = read(&lists(DEEPEST));
        assert_eq!((depth(&value), cut), (DEEPEST, false));
    }

    #[test]
    fn what_is_too_deep_is_left_out_and_its_neighbours_are_not() {
        for levels in [DEEPEST + 1, 10_000, 1_000_000] {
            let Shallow { value, cut } = read(&lists(levels));
            assert_eq!((depth(&value), cut), (DEEPEST, true), "{levels}");
        }
        let objects = format!("{}1{}", r#"{"a":"#.repeat(10_000), "}".repeat(10_000));
        let Shallow { value, cut } = read(&format!(r#"{{"deep": {objects}, "after": 7}}"#));
        assert_eq!((&value["after"], cut), (&json!(7), true));
    }

    #[test]
    fn what_is_not_json_is_an_error_at_any_depth() {
        for data in ["", "{", "[1] x", "{\"a\" 1}", &"[".repeat(1_000_000), &format!("{}1,{}", "[".repeat(500), "]")] {
            assert!(shallow(data.as_bytes()).is_err());
        }
    }
}
