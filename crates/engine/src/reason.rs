//! The reason that a server gives when it refuses, out of the answer in which it gives it.

use serde_json::Value;

/// The longest reason that is told, in characters.
const LONGEST: usize = 200;

/// What a refusal says in words, in the places where servers put them: `detail`, `error`, `message` and their like.
/// `None` for a web page, and where nothing is said.
pub fn reason(body: &str) -> Option<String> {
    let text = match serde_json::from_str::<Value>(body.trim()) {
        Ok(json) => words(&json)?,
        // A short line that is no markup is a reason, too.
        Err(_) if body.trim().lines().count() == 1 && !body.contains(['<', '{']) => body.trim().to_owned(),
        Err(_) => return None,
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line: String = line.chars().take(LONGEST).collect();
    (!line.is_empty()).then_some(line)
}

fn words(json: &Value) -> Option<String> {
    const PLACES: [&str; 7] = ["detail", "error_description", "message", "error", "msg", "title", "reason"];
    match json {
        Value::String(text) => Some(text.clone()),
        Value::Array(all) => all.first().and_then(words),
        // A field that is missing, or of the wrong kind, as FastAPI tells it.
        Value::Object(fields) if fields.contains_key("loc") && fields.contains_key("msg") => {
            let field = json["loc"].as_array().and_then(|way| way.last()).and_then(Value::as_str);
            let said = json["msg"].as_str()?;
            Some(field.map_or_else(|| said.to_owned(), |field| format!("{field}: {said}")))
        }
        Value::Object(fields) => PLACES.iter().find_map(|place| fields.get(*place).and_then(words)),
        _ => None,
    }
}

/// A sentence with what the server says, to put behind another one; empty if it says nothing.
pub fn says(body: &str) -> String {
    reason(body).map(|reason| format!(" The server says: “{reason}”.")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_found_where_servers_put_it() {
        for (body, said) in [
            (r#"{"detail": "Invalid API key"}"#, "Invalid API key"),
            (r#"{"error": {"message": "No such\n workflow", "code": 7}}"#, "No such workflow"),
            (r#"{"error": "invalid_grant", "error_description": "Expired"}"#, "Expired"),
            (r#"{"detail": [{"loc": ["body", "user"], "msg": "Field required"}]}"#, "user: Field required"),
            ("Unauthorized\n", "Unauthorized"),
        ] {
            assert_eq!(reason(body).as_deref(), Some(said), "{body}");
        }
        assert_eq!(reason(&"x".repeat(900)).unwrap().len(), LONGEST);
    }

    #[test]
    fn what_says_nothing_is_no_reason() {
        for body in ["", "  ", "<html>Sign in</html>", "{}", r#"{"ok": false}"#, "{\"detail\": ", "two\nlines"] {
            assert_eq!(reason(body), None, "{body}");
        }
    }
}
