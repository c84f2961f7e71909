//! The fields of a form for more headers. The same for every kind of backend.

use model::{Connection, Header};

use crate::form::{Field, Input, Values, Wrong, headers, is_for_secrets, lines, put};

/// The key of the field that holds headers with secret values.
pub const SECRET_HEADERS: &str = "secret_headers";

const HEADERS: &str = "headers";

const fn field(key: &'static str, label: &'static str, help: &'static str, input: Input) -> Field {
    Field { key, label, help, input, required: false, when: None, advanced: true }
}

/// The fields.
pub(crate) const FIELDS: [Field; 2] = [
    field(
        HEADERS,
        "Headers",
        "What every request to the server carries, one in each line, such as X-Client-Version: 2.",
        Input::Headers,
    ),
    field(
        SECRET_HEADERS,
        "Secret headers",
        "The same with values that nobody should see, such as X-Api-Key. They are kept in the keychain.",
        Input::SecretHeaders,
    ),
];

/// What the fields say that are no secrets.
pub(crate) fn read(values: &Values) -> Result<Vec<Header>, Wrong> {
    let headers = headers(values, HEADERS)?;
    if headers.iter().any(|header| is_for_secrets(&header.name)) {
        let reason = "A secret does not belong here: these lines are kept in a file. Write it into the secret headers.";
        return Err(Wrong::new(HEADERS, reason));
    }
    if headers.iter().any(|header| is_ours(&header.name)) {
        return Err(Wrong::new(HEADERS, OURS));
    }
    Ok(headers)
}

/// What is wrong with a header that is not the person's to set.
pub const OURS: &str = "Content-Type, Content-Length, Host, Accept and Connection belong to the requests themselves. Leave \
                        them out.";

/// Whether a header belongs to the request itself.
pub fn is_ours(name: &str) -> bool {
    let ours = ["content-type", "content-length", "host", "accept", "connection", "transfer-encoding"];
    ours.contains(&name.to_ascii_lowercase().as_str())
}

/// The fields as they were filled in.
pub(crate) fn write(connection: &Connection, values: &mut Values) {
    put(values, HEADERS, lines(&connection.headers));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_may_be_a_secret_is_not_kept_in_a_file() {
        let read = |typed: &str| read(&Values::from([(HEADERS.to_owned(), typed.to_owned())]));
        let found = read(" X-Client-Version: 2\n\nX-Team : a: b ").unwrap();
        assert_eq!(lines(&found).unwrap(), "X-Client-Version: 2\nX-Team: a: b");
        for (typed, words) in [
            ("Authorization: sesame", "into the secret headers"),
            ("cookie: a=sesame", "into the secret headers"),
            ("Content-Type: sesame", "belong to the requests themselves"),
            ("sesame", "one header in each line"),
            (": sesame", "one header in each line"),
        ] {
            let wrong = read(typed).unwrap_err();
            assert!(wrong.reason.contains(words) && !wrong.reason.contains("sesame"), "{typed}: {wrong}");
        }
    }
}
