//! The address of a backend, as a person types it.

use url::Url;

use crate::RequestError;

/// Reads an address: an absolute http or https URL with a host. A fragment means nothing to a server and is dropped.
///
/// # Errors
///
/// If it is anything else, in words that say what to change. Nothing of the address is quoted in them: a token may have
/// been pasted into the wrong field.
pub fn address(text: &str) -> Result<Url, RequestError> {
    let text = text.trim();
    if text.is_empty() {
        return wrong("The address is missing.");
    }
    let whole = "Write the whole address, beginning with https:// or http://.";
    let mut url = match Url::parse(text) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => return wrong(whole),
        Err(error) => return wrong(&format!("The address cannot be read: {error}.")),
    };
    if !matches!(url.scheme(), "http" | "https") {
        return wrong(whole);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("Leave the user name and password out of the address; a token has its own field.");
    }
    url.set_fragment(None);
    Ok(url)
}

fn wrong<T>(reason: &str) -> Result<T, RequestError> {
    Err(RequestError::Address { reason: reason.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_addresses() {
        for (text, url) in [
            (" https://chat.example/chatkit \n", "https://chat.example/chatkit"),
            ("http://127.0.0.1:8000", "http://127.0.0.1:8000/"),
            ("HTTPS://Chat.Example/a?b=c#d", "https://chat.example/a?b=c"),
            ("http://[::1]:1/x", "http://[::1]:1/x"),
        ] {
            assert_eq!(address(text).unwrap().as_str(), url);
        }
    }

    #[test]
    fn bad_addresses_say_why_and_quote_nothing() {
        for (text, why) in [
            ("", "missing"),
            ("   ", "missing"),
            ("sesame/chatkit", "beginning with"),
            ("localhost:8000", "beginning with"),
            ("ftp://sesame", "beginning with"),
            ("javascript:sesame", "beginning with"),
            ("https://", "cannot be read"),
            ("http://sesame:99999/", "cannot be read"),
            ("https://ann:sesame@chat.example/", "user name"),
        ] {
            let words = address(text).unwrap_err().to_string();
            assert!(words.contains(why) && !words.contains("sesame"), "{text}: {words}");
        }
    }
}
