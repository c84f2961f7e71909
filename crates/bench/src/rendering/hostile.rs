//! Texts made to break whoever draws them, each in twenty pieces.

/// In how many pieces they arrive.
pub const PIECES: usize = 20;

/// The texts, by name.
pub fn all() -> Vec<(&'static str, String)> {
    let many = |piece: &str, times: usize| piece.repeat(times);
    vec![
        ("brackets, closed", [many("[", 5_000), many("]", 5_000)].concat()),
        ("images, open", many("![", 10_000)),
        ("quotes in quotes", (1..300).map(|depth| format!("{} line\n", many(">", depth))).collect()),
        ("a table of 500 columns", wide_table(500, 40)),
        ("HTML, 5,000 elements", many("<div>", 5_000)),
        ("quotes on a line", many(">", 10_000)),
        ("underscores", many("_a", 10_000)),
        ("brackets, open", many("[", 10_000)),
        ("comments, open", many("<!-- ", 5_000)),
        ("links, open", many("[a](", 10_000)),
        ("less-than signs", many("<", 20_000)),
        ("strong, open", many("**a ", 10_000)),
        ("addresses of mail", many("<a@b.c ", 5_000)),
        ("emphasis, open", many("*a _b ", 8_000)),
        ("pipes", many("|", 10_000)),
        ("references", (0..2_000).map(|n| format!("[n{n}]: a\n\n[n{n}] ")).collect()),
        ("backticks of all lengths", (1..400).map(|length| format!("a{} ", many("`", length))).collect()),
        ("dollars, open", many("$a ", 10_000)),
        ("lists in lists", (0..300).map(|depth| format!("{}- item\n", many("  ", depth))).collect()),
        ("entities", many("&amp;&nosuch;&#x;", 3_000)),
        ("a line of a megabyte", many("word ", 200_000)),
        ("stars", many("*", 10_000)),
        ("a megabyte in bold", format!("**{}**", many("word ", 200_000))),
        ("a word of a megabyte", many("a", 1_000_000)),
        ("a line of code of 100 KB", format!("```js\n{}\n```\n", many("let a = 1;", 10_000))),
        ("items on a line", many("- ", 5_000)),
        ("a formula that multiplies itself", bomb()),
        ("a formula of braces", format!("$${}$$\n", many("{", 5_000))),
    ]
}

fn wide_table(columns: usize, rows: usize) -> String {
    let row = format!("|{}\n", " a |".repeat(columns));
    format!("{row}|{}\n{}", "---|".repeat(columns), row.repeat(rows))
}

/// Each macro is ten of the one before it.
fn bomb() -> String {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let macros: String =
        names.windows(2).map(|pair| format!("\\def\\{}{{{}}}", pair[1], format!("\\{}", pair[0]).repeat(10))).collect();
    format!("$$\\def\\a{{x}}{macros}\\h$$\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_28() {
        assert_eq!(all().len(), 28);
        assert!(all().iter().all(|(_, text)| text.len() > 100));
    }
}
