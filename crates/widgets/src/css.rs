//! Lengths, colours and proportions of a server, parsed and written anew. A text that is not one of them is nothing.

use serde_json::Value;

/// What a spacing unit is, in pixels (section 11.1).
const UNIT: f64 = 4.0;

/// The largest length that is drawn, in any unit. More is a mistake, or meant to hide the rest of the window.
const LONGEST: f64 = 10_000.0;

/// The units of lengths that stand for themselves. Those of the viewport are the window's, not the widget's.
const UNITS: &[&str] = &["px", "rem", "em", "%", "ch", "ex", "pt", "fr"];

/// Lengths that are words.
const WORDS: &[&str] = &["auto", "min-content", "max-content", "fit-content"];

/// A size: a number of pixels, or a length of CSS.
pub fn dim(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => pixels(number.as_f64()?),
        Value::String(text) => length(text),
        _ => None,
    }
}

/// A distance: a number of spacing units, or a length of CSS.
pub fn space(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => pixels(number.as_f64()? * UNIT),
        Value::String(text) => length(text),
        _ => None,
    }
}

/// A number of pixels.
pub fn pixels(number: f64) -> Option<String> {
    (number.is_finite() && number.abs() <= LONGEST).then(|| format!("{}px", plain(number)))
}

/// A length as it is written in CSS: a number with a unit, or one of a few words. No function.
pub fn length(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    if text == "0" || WORDS.contains(&text.as_str()) {
        return Some(text);
    }
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || matches!(letter, '.' | '-' | '+')))?;
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let fits = number.is_finite() && number.abs() <= LONGEST;
    (fits && UNITS.contains(&unit)).then(|| format!("{}{unit}", plain(number)))
}

/// How an element shares room with its neighbours: a number, or `grow shrink basis` of CSS.
pub fn flex(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => share(number.as_f64()?),
        Value::String(text) if matches!(text.trim(), "auto" | "none" | "initial") => Some(text.trim().to_owned()),
        Value::String(text) => {
            let parts: Vec<&str> = text.split_whitespace().collect();
            let number = |part: &str| part.parse().ok().and_then(share);
            match parts.as_slice() {
                [grow] => number(grow),
                [grow, second] => Some(format!("{} {}", number(grow)?, number(second).or_else(|| length(second))?)),
                [grow, shrink, basis] => Some(format!("{} {} {}", number(grow)?, number(shrink)?, length(basis)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// Width to height: a number, or two with a slash or a colon between them.
pub fn ratio(value: &Value) -> Option<String> {
    let is_ratio = |number: f64| number.is_finite() && (0.01..=100.0).contains(&number);
    match value {
        Value::Number(number) => number.as_f64().filter(|number| is_ratio(*number)).map(plain),
        Value::String(text) => {
            let mut sides = text.split(['/', ':']).map(|side| side.trim().parse::<f64>().ok());
            let (width, height) = (sides.next()??, sides.next().unwrap_or(Some(1.0))?);
            let rest = sides.next().is_none();
            (rest && is_ratio(width / height) && width > 0.0).then(|| format!("{} / {}", plain(width), plain(height)))
        }
        _ => None,
    }
}

/// A colour of CSS, as the hexadecimal number that it is.
pub fn color(text: &str) -> Option<String> {
    parsed(text).map(|color| color.to_css_hex())
}

/// A colour of CSS. Names of variables, functions that are none of colours, and everything else is nothing.
pub fn parsed(text: &str) -> Option<csscolorparser::Color> {
    // `hsv` and bare hexadecimal numbers are that library's own.
    let text = text.trim();
    let bare = text.chars().all(|letter| letter.is_ascii_hexdigit()) && text.chars().any(|it| it.is_ascii_digit());
    if text.is_empty() || bare || text.len() > 100 {
        return None;
    }
    csscolorparser::parse(text).ok()
}

fn share(number: f64) -> Option<String> {
    (number.is_finite() && (0.0..=1_000.0).contains(&number)).then(|| plain(number))
}

/// A number without an exponent, and without an end of zeros.
fn plain(number: f64) -> String {
    let rounded = (number * 1_000.0).round() / 1_000.0;
    format!("{rounded}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lengths_are_written_anew_or_left_out() {
        for (value, expected) in [
            (json!(12), "12px"),
            (json!(12.0), "12px"),
            (json!("50%"), "50%"),
            (json!(" 1.50REM "), "1.5rem"),
            (json!("auto"), "auto"),
            (json!("0"), "0"),
            (json!("-4px"), "-4px"),
        ] {
            assert_eq!(dim(&value).as_deref(), Some(expected), "{value}");
        }
        for value in [
            json!("100vh"),
            json!("calc(100% + 1px)"),
            json!("url(https://a.example)"),
            json!("1px; position: fixed"),
            json!("expression(1)"),
            json!("12"),
            json!("px"),
            json!("1e9px"),
            json!(1e9),
            json!("NaNpx"),
            json!(null),
            json!({"a": 1}),
        ] {
            assert_eq!(dim(&value), None, "{value}");
        }
        assert_eq!(space(&json!(2)).as_deref(), Some("8px"));
        assert_eq!(space(&json!(2.5)).as_deref(), Some("10px"));
        assert_eq!(space(&json!("2px")).as_deref(), Some("2px"));
    }

    #[test]
    fn shares_and_proportions() {
        for (value, expected) in
            [(json!(1), "1"), (json!("auto"), "auto"), (json!("1 1 0"), "1 1 0"), (json!("2 50%"), "2 50%")]
        {
            assert_eq!(flex(&value).as_deref(), Some(expected), "{value}");
        }
        for value in [json!(-1), json!("1 2 3 4"), json!("1;color:red"), json!("x"), json!(true)] {
            assert_eq!(flex(&value), None, "{value}");
        }
        for (value, expected) in [(json!(1.5), "1.5"), (json!("16/9"), "16 / 9"), (json!("4:3"), "4 / 3")] {
            assert_eq!(ratio(&value).as_deref(), Some(expected), "{value}");
        }
        for value in [json!(0), json!("1/0"), json!("-1/1"), json!("a/b"), json!("1/2/3"), json!(1e9)] {
            assert_eq!(ratio(&value), None, "{value}");
        }
    }

    #[test]
    fn colours_are_numbers_in_the_end() {
        for (text, expected) in [
            ("#0f0", "#00ff00"),
            ("rebeccapurple", "#663399"),
            ("rgb(0 128 255 / 50%)", "#0080ff80"),
            ("hsl(120deg 100% 25%)", "#008000"),
        ] {
            assert_eq!(color(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "var(--accent)", "url(x)", "red; background: url(x)", "00ff00", "inherit", "currentcolor"] {
            assert_eq!(color(text), None, "{text}");
        }
    }
}
