//! The field of a form that says how many messages go out in a minute. The same for every kind of backend.

use std::num::NonZeroU32;

use crate::form::{Field, Input, Values, Wrong, put, text};

const PER_MINUTE: &str = "per_minute";

/// More than anybody asks for, and few enough to count.
const MOST: u32 = 10_000;

/// The field.
pub(crate) const FIELD: Field = Field {
    key: PER_MINUTE,
    label: "Messages per minute, at most",
    help: "What goes beyond waits, counts down and is sent by itself. Leave it empty for no limit.",
    input: Input::Number,
    required: false,
    when: None,
    advanced: true,
};

/// What the field says.
pub(crate) fn read(values: &Values) -> Result<Option<NonZeroU32>, Wrong> {
    let Some(typed) = text(values, PER_MINUTE) else { return Ok(None) };
    let number = typed.parse::<NonZeroU32>().ok().filter(|number| number.get() <= MOST);
    let wrong = || Wrong::new(PER_MINUTE, format!("Write a whole number from 1 to {MOST}, or leave it empty."));
    number.map(Some).ok_or_else(wrong)
}

/// The field as it was filled in.
pub(crate) fn write(per_minute: Option<NonZeroU32>, values: &mut Values) {
    put(values, PER_MINUTE, per_minute.map(|number| number.to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_nothing() {
        let typed = |typed: &str| read(&Values::from([(PER_MINUTE.to_owned(), typed.to_owned())]));
        assert_eq!(read(&Values::new()), Ok(None));
        assert_eq!(typed(" "), Ok(None));
        assert_eq!(typed(" 20 ").unwrap().map(NonZeroU32::get), Some(20));
        for wrong in ["0", "-1", "1.5", "many", "10001"] {
            assert_eq!(typed(wrong).unwrap_err().key, PER_MINUTE, "{wrong}");
        }
        let mut values = Values::new();
        write(NonZeroU32::new(20), &mut values);
        assert_eq!(read(&values), Ok(NonZeroU32::new(20)));
    }
}
