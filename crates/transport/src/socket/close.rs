//! Why a WebSocket was closed, in words.

/// What a closing code means, as a clause about the server; `None` for codes that applications make up.
pub fn meaning(code: u16) -> Option<&'static str> {
    Some(match code {
        1000 => "it had nothing more to say",
        1001 => "it is going away, as when it is started anew",
        1002 => "it did not understand the protocol",
        1003 => "it does not take messages of this kind",
        1005 => "it gave no reason",
        1007 => "it could not read the message",
        1008 => "the message is against its rules, or it wants another sign-in",
        1009 => "the message is larger than it takes",
        1010 => "it misses an extension of the protocol",
        1011 => "it failed",
        1012 => "it is being started anew",
        1013 => "it is too busy",
        1014 => "the server behind it gave a bad answer",
        3000 => "it wants a sign-in",
        3003 => "it does not allow this",
        3008 => "it waited too long",
        _ => return None,
    })
}

/// A code and a server's own words.
pub(crate) fn told(code: Option<u16>, reason: &str) -> String {
    let code = code.unwrap_or(1005);
    let meaning = meaning(code).unwrap_or("for a reason of its own");
    let reason = reason.trim();
    if reason.is_empty() { format!("{meaning} ({code})") } else { format!("{meaning} ({code}): {reason}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_told_in_words_and_what_a_server_says_stands_behind() {
        assert_eq!(told(Some(1011), ""), "it failed (1011)");
        assert_eq!(told(None, ""), "it gave no reason (1005)");
        assert_eq!(told(Some(4001), " no more seats "), "for a reason of its own (4001): no more seats");
    }
}
