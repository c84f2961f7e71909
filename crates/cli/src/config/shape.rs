//! Whether a file has the shape that its schema describes, in words for whoever wrote it.

use jsonschema::{
    JsonType, ValidationError,
    error::{TypeKind, ValidationErrorKind as Kind},
};
use serde_json::Value;

use super::{
    described::{self, Described},
    finding::{Wrong, below, called, called_within, did_you_mean, one_of},
};

/// All that is not as the schema says.
pub fn wrongs(described: &Described, content: &Value) -> Vec<Wrong> {
    let Ok(validator) = jsonschema::validator_for(described.root()) else { return Vec::new() };
    let mut telling = Telling { described, content, found: Vec::new() };
    for error in validator.iter_errors(content) {
        telling.error(&error);
    }
    telling.found.dedup();
    telling.found
}

struct Telling<'a> {
    described: &'a Described,
    content: &'a Value,
    found: Vec<Wrong>,
}

impl Telling<'_> {
    fn error(&mut self, error: &ValidationError<'_>) {
        let at = error.instance_path().as_str();
        let what = called(at);
        let words = match error.kind() {
            Kind::OneOfNotValid { context } | Kind::AnyOf { context } => return self.choice(error, context),
            Kind::Type { kind } => not_a(&what, error.instance(), &types(kind)),
            Kind::Enum { options } => {
                not_one_of(&what, error.instance(), &texts(options.as_array().map(Vec::as_slice).unwrap_or_default()))
            }
            Kind::Constant { expected_value } => {
                not_one_of(&what, error.instance(), &texts(&[expected_value.as_ref().clone()]))
            }
            Kind::Required { property } => return self.missing(at, property.as_str().unwrap_or_default()),
            Kind::Minimum { limit } => format!("{what} is too small. The least is {limit}."),
            Kind::Maximum { limit } => format!("{what} is too large. The most is {limit}."),
            _ => format!("{what} is not as it has to be: {}.", error.masked()),
        };
        self.found.push(Wrong::value(at, words));
    }

    fn missing(&mut self, at: &str, key: &str) {
        let pointer = below(at, key);
        let says = self.described.at(self.content, &pointer);
        let words: Vec<_> = says.iter().filter_map(|say| say.get("const")).cloned().collect();
        let meaning = match described::sentence(&says) {
            _ if !words.is_empty() => format!(" It is {}.", one_of(&texts(&words))),
            Some(sentence) => format!(" {sentence}"),
            None => String::new(),
        };
        let place = if at.is_empty() { String::new() } else { format!(" in {}", called_within(at)) };
        self.found.push(Wrong::key(at, format!("“{key}” is missing{place}. Add it.{meaning}")));
    }

    /// A value has none of several forms: says what is wrong with the one that was probably meant.
    fn choice(&mut self, error: &ValidationError<'_>, forms: &[Vec<ValidationError<'static>>]) {
        let (at, instance) = (error.instance_path().as_str(), error.instance());
        let judged: Vec<_> = forms.iter().map(|form| Form::of(at, form)).collect();
        let meant: Vec<_> = judged.iter().zip(forms).filter(|(form, _)| matches!(form, Form::Meant(_))).collect();
        // What is wrong further down was written by somebody who meant that form.
        let is_deeper =
            |errors: &[ValidationError<'_>]| errors.iter().any(|error| error.instance_path().as_str() != at);
        let likeliest = meant.iter().find(|(_, errors)| is_deeper(errors)).or_else(|| meant.first());
        if let Some((_, errors)) = likeliest {
            let missing = |form: &Form| if let Form::Meant(missing) = form { missing.clone() } else { Vec::new() };
            let of_all =
                missing(meant[0].0).into_iter().find(|key| meant.iter().all(|(form, _)| missing(form).contains(key)));
            match of_all {
                // Without the word that tells the forms apart nobody knows which one was meant.
                Some(key) if meant.len() > 1 => self.missing(at, &key),
                _ => errors.iter().for_each(|error| self.error(error)),
            }
            return;
        }
        let tags = judged
            .iter()
            .filter_map(|form| if let Form::Tagged(place, word) = form { Some((place, word)) } else { None });
        let (places, words): (Vec<_>, Vec<_>) = tags.map(|(place, word)| (place.clone(), word.clone())).unzip();
        if let Some(place) = places.first() {
            let found = self.content.pointer(place).unwrap_or(&Value::Null);
            let words = not_one_of(&called(place), found, &words);
            self.found.push(Wrong::value(place, words));
            return;
        }
        let mut types: Vec<_> = judged
            .iter()
            .flat_map(|form| if let Form::Typed(types) = form { types.clone() } else { Vec::new() })
            .collect();
        types.dedup();
        let words = judged.into_iter().flat_map(|form| if let Form::Word(words) = form { words } else { Vec::new() });
        let words: Vec<_> = words.collect();
        let what = called(at);
        let words = if types.is_empty() { not_one_of(&what, instance, &words) } else { not_a(&what, instance, &types) };
        self.found.push(Wrong::value(at, words));
    }
}

/// Why a value does not have one of the forms that it could have.
enum Form {
    /// It would have to be of another type.
    Typed(Vec<JsonType>),
    /// It would have to be one of these words.
    Word(Vec<String>),
    /// One of its members, at this place, would have to be this word.
    Tagged(String, String),
    /// For some other reason, so that the form was probably meant; with the keys that are missing.
    Meant(Vec<String>),
}

impl Form {
    fn of(at: &str, errors: &[ValidationError<'_>]) -> Self {
        let here = |error: &&ValidationError<'_>| error.instance_path().as_str() == at;
        let words = |error: &ValidationError<'_>| match error.kind() {
            Kind::Constant { expected_value } => texts(&[expected_value.as_ref().clone()]),
            Kind::Enum { options } => texts(options.as_array().map(Vec::as_slice).unwrap_or_default()),
            _ => Vec::new(),
        };
        let all: Vec<_> = errors.iter().filter(here).flat_map(words).collect();
        if !all.is_empty() {
            return Self::Word(all);
        }
        let of_type = errors.iter().filter(here).find_map(|error| match error.kind() {
            Kind::Type { kind } => Some(types(kind)),
            _ => None,
        });
        if let Some(types) = of_type {
            return Self::Typed(types);
        }
        let tag = errors.iter().filter(|error| matches!(error.kind(), Kind::Constant { .. }));
        if let Some((error, word)) = tag.flat_map(|error| Some((error, words(error).into_iter().next()?))).next() {
            return Self::Tagged(error.instance_path().as_str().to_owned(), word);
        }
        let missing = errors.iter().filter(here).filter_map(|error| match error.kind() {
            Kind::Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        });
        Self::Meant(missing.collect())
    }
}

/// The types that are wanted; `null` stands for nothing, and nobody has to write it.
fn types(kind: &TypeKind) -> Vec<JsonType> {
    let all: Vec<_> = match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(set) => set.iter().collect(),
    };
    all.into_iter().filter(|one| *one != JsonType::Null).collect()
}

fn texts(options: &[Value]) -> Vec<String> {
    options.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn not_a(what: &str, found: &Value, wanted: &[JsonType]) -> String {
    let found = match found {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(number) if number.is_f64() => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    let wanted: Vec<_> = wanted
        .iter()
        .map(|wanted| match wanted {
            JsonType::Null => "null",
            JsonType::Boolean => "true or false",
            JsonType::Integer => "a whole number, without quotation marks",
            JsonType::Number => "a number, without quotation marks",
            JsonType::String => "text in quotation marks",
            JsonType::Array => "a list in [ ]",
            JsonType::Object => "an object in { }",
        })
        .collect();
    let wanted = if wanted.is_empty() { "left out".to_owned() } else { wanted.join(" or ") };
    format!("{what} is {found}. It has to be {wanted}.")
}

fn not_one_of(what: &str, found: &Value, options: &[String]) -> String {
    match found {
        Value::String(word) if word.chars().count() <= LONGEST => {
            let mean = did_you_mean(word, options);
            format!("{what} cannot be “{word}”. It has to be {}{mean}", one_of(options))
        }
        Value::String(_) => format!("{what} cannot be this. It has to be {}.", one_of(options)),
        other => not_a(what, other, &[JsonType::String]).replace("text in quotation marks", &one_of(options)),
    }
}

/// The longest word that is repeated in a message, in characters: something else may have been pasted there.
const LONGEST: usize = 20;
