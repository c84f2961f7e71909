//! A request as a command that sends it again. Its secrets are variables of the shell.

use secrets::Redactor;

use super::{Purpose, book::Exchange};

/// The command. The variables `TOKEN`, `TOKEN_2` and so on are where its secrets were.
pub fn command(exchange: &Exchange, redactor: &Redactor) -> String {
    let Exchange { method, address, headers, request, .. } = exchange;
    let mut command = format!("curl -N -i -X {method} {}", quoted(&redactor.clean(address)));
    let mut secrets = 0;
    for header in headers {
        command.push_str(" -H ");
        let name = &header.name;
        command.push_str(&match header.open(redactor) {
            Some(value) => quoted(&format!("{name}: {value}")),
            None => {
                secrets += 1;
                let scheme = header.scheme.as_ref().map(|scheme| format!("{scheme} ")).unwrap_or_default();
                format!("\"{}${}\"", escaped(&format!("{name}: {scheme}")), variable(secrets))
            }
        });
    }
    match request.left_out {
        0 if matches!(exchange.label.purpose, Purpose::Upload) => command.push_str(" --data-binary @FILE"),
        0 if request.text.is_empty() => {}
        0 => command.push_str(&format!(" --data-binary {}", quoted(&redactor.clean(&request.text)))),
        _ => command.push_str(" --data-binary @BODY"),
    }
    command
}

fn variable(number: usize) -> String {
    if number == 1 { "TOKEN".to_owned() } else { format!("TOKEN_{number}") }
}

/// One word, whatever is in it: within single quotes a shell reads nothing but their end.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The same within double quotes.
fn escaped(text: &str) -> String {
    let escape = |char| if matches!(char, '"' | '\\' | '$' | '`') { vec!['\\', char] } else { vec![char] };
    text.chars().flat_map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_one_word_for_a_shell() {
        assert_eq!(quoted("it's $HOME `x` \"y\""), r#"'it'\''s $HOME `x` "y"'"#);
        assert_eq!(escaped(r#"a"$b\`"#), r#"a\"\$b\\\`"#);
    }
}
