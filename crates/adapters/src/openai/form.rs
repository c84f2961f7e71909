//! The form of an OpenAI-compatible server: its fields, and what they say.

use std::sync::LazyLock;

use model::{AnswerOptions, Connection, ContextRule, ContextSettings, ModelParameters, OpenaiDialect, OpenaiSettings};
use serde_json::Number;

use super::address;
use crate::{
    Adapter,
    chatkit::Chatkit,
    form::{Choice, Described, Field, Input, TOKEN, Values, When, Wrong, number, put, text},
    session::FIELDS as SESSION_FIELDS,
    sign_in::FIELDS as SIGN_IN_FIELDS,
};

const ADDRESS: &str = "url";
const MODEL: &str = "model";
const DIALECT: &str = "dialect";
const CHAT: &str = "chat_completions";
const RESPONSES: &str = "responses";
const SYSTEM: &str = "system_prompt";
const TEMPERATURE: &str = "temperature";
const TOP_P: &str = "top_p";
const MAX_TOKENS: &str = "max_tokens";
const STOP: &str = "stop";
const SEED: &str = "seed";
const EFFORT: &str = "reasoning_effort";
const WINDOW: &str = "context_window";
const RULE: &str = "context_rule";
const DROP: &str = "drop";
const SUMMARISE: &str = "summarise";
const TELL: &str = "tell";
/// The choice of those who leave it to the server.
const USUAL: &str = "usual";

/// The fields that can be set for one conversation, too.
const OPTIONS: [&str; 8] = [MODEL, SYSTEM, TEMPERATURE, TOP_P, MAX_TOKENS, STOP, SEED, EFFORT];
/// No window is smaller; a question and an answer have to fit.
const LEAST: u32 = 256;

const fn needed(key: &'static str, label: &'static str, help: &'static str) -> Field {
    Field { required: true, advanced: false, ..advanced(key, label, help, Input::Text) }
}

const fn advanced(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when: None, advanced: true }
}

/// Only Chat Completions has these.
const fn of_chat(field: Field) -> Field {
    Field { when: Some(When { key: DIALECT, is: CHAT }), ..field }
}

const fn efforts(usual: &'static str) -> [Choice; 7] {
    [
        Choice { value: USUAL, label: usual },
        Choice { value: "none", label: "None" },
        Choice { value: "minimal", label: "Minimal" },
        Choice { value: "low", label: "Low" },
        Choice { value: "medium", label: "Medium" },
        Choice { value: "high", label: "High" },
        Choice { value: "xhigh", label: "Very high" },
    ]
}

/// The choice of how long to think for one conversation.
const OWN_EFFORTS: Input = Input::Choice(&efforts("As the connection has it"));

const FIRST: [Field; 2] = [
    needed(
        ADDRESS,
        "Address",
        "Where its API is, such as https://api.openai.com/v1 or http://localhost:11434. With or without /v1, and a whole \
         endpoint will do, too.",
    ),
    needed(MODEL, "Model", "The name that the server has for it, such as gpt-4.1-mini or llama3.2."),
];

const LAST: [Field; 10] = [
    advanced(
        DIALECT,
        "Dialect",
        "Nearly all such servers know Chat Completions; Responses is OpenAI's newer one.",
        Input::Choice(&[
            Choice { value: CHAT, label: "Chat Completions" },
            Choice { value: RESPONSES, label: "Responses" },
        ]),
    ),
    advanced(SYSTEM, "System prompt", "What the model is told before a conversation.", Input::Lines),
    advanced(
        TEMPERATURE,
        "Temperature",
        "How freely words are chosen, such as 0.7; 0 is the least. Empty: as the server has it.",
        Input::Text,
    ),
    advanced(
        TOP_P,
        "Top-p",
        "From what share of the likeliest words to choose, from 0 to 1. Empty: as the server has it.",
        Input::Text,
    ),
    advanced(
        MAX_TOKENS,
        "Maximum tokens",
        "The most that an answer may have. Empty: as the server has it.",
        Input::Number,
    ),
    of_chat(advanced(STOP, "Stop at", "Texts at which an answer ends, one in each line.", Input::Lines)),
    of_chat(advanced(
        SEED,
        "Seed",
        "With the same number, some servers answer the same question alike. Empty: none.",
        Input::Number,
    )),
    advanced(
        EFFORT,
        "Reasoning effort",
        "How long a model that can think does so. Others may refuse to be asked.",
        Input::Choice(&efforts("As the server has it")),
    ),
    advanced(
        WINDOW,
        "Size of the window",
        "How many tokens the model can read and write in one go, such as 8192. Empty: unknown; the server then says when it \
         is full.",
        Input::Number,
    ),
    advanced(
        RULE,
        "When the window is full",
        "What becomes of a conversation that is longer. A line in it shows from where on it is still sent.",
        Input::Choice(&[
            Choice { value: DROP, label: "Leave out the oldest turns" },
            Choice { value: SUMMARISE, label: "Send a summary of the oldest turns, which the model writes" },
            Choice { value: TELL, label: "Tell me" },
        ]),
    ),
];

/// The fields: those of signing in are the same everywhere, but such servers call the token a key.
pub(super) static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let mut fields = [&FIRST[..], &SIGN_IN_FIELDS, &SESSION_FIELDS, &LAST].concat();
    for field in &mut fields {
        if field.key == TOKEN && field.label == "Token" {
            field.label = "API key";
            field.help = "From whoever runs the server. One on your own computer mostly needs none: leave it empty.";
        }
    }
    fields
});

/// What the fields say.
pub(super) fn read(values: &Values, has_token: bool) -> Result<Described, Wrong> {
    let described = Chatkit.describe(values, has_token)?;
    let found = address::base(&described.url).map_err(|error| Wrong::new(ADDRESS, error.to_string()))?;
    let (url, pasted) = found;
    let dialect = match text(values, DIALECT) {
        Some(RESPONSES) => OpenaiDialect::Responses,
        Some(_) => OpenaiDialect::ChatCompletions,
        None => pasted.unwrap_or_default(),
    };
    let model = text(values, MODEL).ok_or_else(|| Wrong::new(MODEL, "Write the name of the model."))?.to_owned();
    let (parameters, context) = (parameters(values, dialect)?, context(values)?);
    let openai = Some(OpenaiSettings { dialect, model, parameters, context });
    Ok(Described { url, openai, ..described })
}

fn parameters(values: &Values, dialect: OpenaiDialect) -> Result<ModelParameters, Wrong> {
    let max_tokens = number(values, MAX_TOKENS)?;
    if max_tokens == Some(0) {
        return Err(Wrong::new(MAX_TOKENS, "An answer needs at least one token."));
    }
    let (stop, seed) = match dialect {
        OpenaiDialect::ChatCompletions => (stop(values), number(values, SEED)?),
        OpenaiDialect::Responses => (Vec::new(), None),
    };
    Ok(ModelParameters {
        system_prompt: text(values, SYSTEM).map(str::to_owned),
        temperature: fraction(values, TEMPERATURE, f64::MAX, "Write a number from 0, such as 0.7, or leave it empty.")?,
        top_p: fraction(values, TOP_P, 1.0, "Write a number from 0 to 1, such as 0.9, or leave it empty.")?,
        max_tokens,
        stop,
        seed,
        reasoning_effort: text(values, EFFORT).filter(|effort| *effort != USUAL).map(str::to_owned),
    })
}

fn context(values: &Values) -> Result<ContextSettings, Wrong> {
    let window = number(values, WINDOW)?;
    if window.is_some_and(|window| window < LEAST) {
        return Err(Wrong::new(WINDOW, format!("Write a number of tokens from {LEAST}, or leave it empty.")));
    }
    let rule = match text(values, RULE) {
        Some(SUMMARISE) => ContextRule::Summarise,
        Some(TELL) => ContextRule::Tell,
        _ => ContextRule::Drop,
    };
    Ok(ContextSettings { window, rule })
}

/// A number from 0 that need not be whole. A comma is what many people write in it.
fn fraction(values: &Values, key: &'static str, most: f64, reason: &str) -> Result<Option<Number>, Wrong> {
    let Some(typed) = text(values, key) else { return Ok(None) };
    let read = typed.replace(',', ".").parse().ok().filter(|number| (0.0..=most).contains(number));
    read.and_then(Number::from_f64).map(Some).ok_or_else(|| Wrong::new(key, reason))
}

/// Blanks around such a text belong to it.
fn stop(values: &Values) -> Vec<String> {
    let typed = values.get(STOP).map(String::as_str).unwrap_or_default();
    typed.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
}

/// The fields as they were filled in.
pub(super) fn write(connection: &Connection) -> Values {
    let mut values = Chatkit.values(connection);
    let Some(OpenaiSettings { dialect, model, parameters, context }) = &connection.openai else { return values };
    values.insert(ADDRESS.to_owned(), address::shown(&connection.url, *dialect));
    put(&mut values, MODEL, Some(model.clone()));
    let named = if *dialect == OpenaiDialect::Responses { RESPONSES } else { CHAT };
    put(&mut values, DIALECT, Some(named.to_owned()));
    put_parameters(&mut values, parameters);
    put(&mut values, WINDOW, context.window.map(|window| window.to_string()));
    let rule = match context.rule {
        ContextRule::Drop => None,
        ContextRule::Summarise => Some(SUMMARISE),
        ContextRule::Tell => Some(TELL),
    };
    put(&mut values, RULE, rule.map(str::to_owned));
    values
}

fn put_parameters(values: &mut Values, parameters: &ModelParameters) {
    let whole = |number: &Option<u32>| number.map(|number| number.to_string());
    let part = |number: &Option<Number>| number.as_ref().map(Number::to_string);
    put(values, SYSTEM, parameters.system_prompt.clone());
    put(values, TEMPERATURE, part(&parameters.temperature));
    put(values, TOP_P, part(&parameters.top_p));
    put(values, MAX_TOKENS, whole(&parameters.max_tokens));
    put(values, STOP, (!parameters.stop.is_empty()).then(|| parameters.stop.join("\n")));
    put(values, SEED, whole(&parameters.seed));
    put(values, EFFORT, parameters.reasoning_effort.clone());
}

/// What can be set for one conversation: the model, and how it answers.
pub(super) fn options(connection: &Connection) -> Vec<Field> {
    let chat = connection.openai.as_ref().is_some_and(|openai| openai.dialect == OpenaiDialect::ChatCompletions);
    let fields = FIRST.iter().chain(&LAST).filter(|field| OPTIONS.contains(&field.key));
    let there = fields.filter(|field| field.when.is_none() || chat);
    let plain = there.map(|field| {
        // What is meant by an empty field is another matter here.
        let help = field.help.split_once(" Empty:").map_or(field.help, |(help, _)| help);
        Field { required: false, advanced: false, when: None, help, ..*field }
    });
    plain.map(|field| if field.key == EFFORT { Field { input: OWN_EFFORTS, ..field } } else { field }).collect()
}

/// What was set for one conversation.
pub(super) fn read_options(connection: &Connection, values: &Values) -> Result<AnswerOptions, Wrong> {
    let dialect = connection.openai.as_ref().map(|openai| openai.dialect).unwrap_or_default();
    let model = text(values, MODEL).map(str::to_owned);
    Ok(AnswerOptions { model, parameters: parameters(values, dialect)?, ..AnswerOptions::default() })
}

/// The fields of a conversation as they were filled in.
pub(super) fn write_options(options: &AnswerOptions) -> Values {
    let mut values = Values::new();
    put(&mut values, MODEL, options.model.clone());
    put_parameters(&mut values, &options.parameters);
    values
}

#[cfg(test)]
mod tests {
    use model::{Kind, SessionSource};

    use super::*;

    fn values(fields: &[(&str, &str)]) -> Values {
        fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
    }

    fn read_with(more: &[(&str, &str)]) -> Result<Described, Wrong> {
        let least = [(ADDRESS, "http://127.0.0.1:11434"), (MODEL, "llama3.2")];
        read(&values(&[&least[..], more].concat()), false)
    }

    /// The form as it is filled in for a server that was described so.
    fn again(described: &Described) -> Values {
        let mut connection = Connection::new("c".into(), "", Kind::Openai, &described.url, described.session.clone());
        connection.openai.clone_from(&described.openai);
        write(&connection)
    }

    #[test]
    fn an_address_and_a_model_are_enough() {
        let least = read_with(&[]).unwrap();
        assert_eq!((least.url.as_str(), &least.session), ("http://127.0.0.1:11434/v1", &SessionSource::None));
        let openai = least.openai.unwrap();
        assert_eq!((openai.model.as_str(), openai.dialect), ("llama3.2", OpenaiDialect::ChatCompletions));
        assert!(openai.parameters.is_default());
        let keyed = read(&values(&[(ADDRESS, "https://a.example"), (MODEL, "m")]), true).unwrap();
        assert_eq!(keyed.session, SessionSource::Static);
    }

    #[test]
    fn what_was_filled_in_can_be_edited_later() {
        for address in ["https://a.example/v1", "https://a.example/deployments/d/chat/completions?v=1"] {
            let whole = [
                (ADDRESS, address),
                (SYSTEM, "Be brief.\nBe kind."),
                (TEMPERATURE, "0,7"),
                (TOP_P, "1"),
                (MAX_TOKENS, "500"),
                (STOP, "###\n\n END"),
                (SEED, "7"),
                (EFFORT, "low"),
            ];
            let described = read_with(&whole).unwrap();
            let parameters = &described.openai.as_ref().unwrap().parameters;
            assert_eq!(parameters.stop, ["###", " END"]);
            assert_eq!(parameters.temperature, Number::from_f64(0.7));
            assert_eq!(read(&again(&described), false).unwrap(), described);
        }
        let usual = read_with(&[(EFFORT, USUAL), (DIALECT, CHAT)]).unwrap();
        assert!(usual.openai.as_ref().unwrap().parameters.is_default());
    }

    #[test]
    fn the_window_and_its_rule_are_kept() {
        let described = read_with(&[(WINDOW, "8192"), (RULE, SUMMARISE)]).unwrap();
        let context = described.openai.as_ref().unwrap().context;
        assert_eq!(context, ContextSettings { window: Some(8192), rule: ContextRule::Summarise });
        assert_eq!(read(&again(&described), false).unwrap(), described);
        assert!(read_with(&[(WINDOW, ""), (RULE, DROP)]).unwrap().openai.unwrap().context.is_default());
        assert!(read_with(&[(WINDOW, "20")]).unwrap_err().reason.contains("256"));
    }

    #[test]
    fn a_conversation_has_the_fields_that_its_dialect_knows_and_needs_none_of_them() {
        let server = |dialect| {
            let mut connection =
                Connection::new("c".into(), "", Kind::Openai, "https://a.example", SessionSource::None);
            connection.openai = Some(OpenaiSettings { dialect, ..OpenaiSettings::default() });
            connection
        };
        let chat = server(OpenaiDialect::ChatCompletions);
        let fields = options(&chat);
        assert_eq!(fields.iter().map(|field| field.key).collect::<Vec<_>>(), OPTIONS);
        assert!(fields.iter().all(|field| !field.required && field.when.is_none() && !field.help.contains("Empty")));
        assert_eq!(options(&server(OpenaiDialect::Responses)).len(), OPTIONS.len() - 2);
        let filled = values(&[(MODEL, "larger"), (TEMPERATURE, "0.2"), (EFFORT, "low"), (STOP, "END")]);
        let read = read_options(&chat, &filled).unwrap();
        assert_eq!((read.model.as_deref(), read.parameters.stop.len()), (Some("larger"), 1));
        assert_eq!(write_options(&read), filled);
        assert_eq!(read_options(&chat, &Values::new()).unwrap(), AnswerOptions::default());
        assert_eq!(read_options(&chat, &values(&[(SEED, "x")])).unwrap_err().key, SEED);
    }

    #[test]
    fn the_newer_dialect_has_no_stop_and_no_seed() {
        let described = read_with(&[(DIALECT, RESPONSES), (STOP, "###"), (SEED, "nonsense")]).unwrap();
        let openai = described.openai.as_ref().unwrap();
        assert_eq!(openai.dialect, OpenaiDialect::Responses);
        assert!(openai.parameters.is_default());
        assert_eq!(read(&again(&described), false).unwrap(), described);
        let pasted = read_with(&[(ADDRESS, "https://a.example/v1/responses")]).unwrap();
        assert_eq!((pasted.url.as_str(), pasted.openai.unwrap().dialect), ("https://a.example/v1", openai.dialect));
        let chosen = read_with(&[(ADDRESS, "https://a.example/v1/responses"), (DIALECT, CHAT)]).unwrap();
        assert_eq!(chosen.openai.unwrap().dialect, OpenaiDialect::ChatCompletions);
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        for (key, typed) in [
            (ADDRESS, "sesame"),
            (MODEL, "  "),
            (TEMPERATURE, "warm"),
            (TEMPERATURE, "-1"),
            (TEMPERATURE, "NaN"),
            (TEMPERATURE, "inf"),
            (TOP_P, "1.1"),
            (MAX_TOKENS, "0"),
            (MAX_TOKENS, "many"),
            (SEED, "-1"),
        ] {
            assert_eq!(read_with(&[(key, typed)]).unwrap_err().key, key, "{typed}");
        }
    }

    #[test]
    fn the_token_is_called_a_key_and_passwords_are_not() {
        let labels: Vec<_> = FIELDS.iter().filter(|field| field.key == TOKEN).map(|field| field.label).collect();
        assert_eq!(labels, ["API key", "Password"]);
    }
}
