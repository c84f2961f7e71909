//! The texts that are drawn: answers of several kinds, generated, and texts of this repository for which nothing was
//! tuned.

use std::{
    fmt::Write,
    fs, io,
    path::{Path, PathBuf},
};

use super::words::{Words, capital};

/// A kilobyte.
const KB: usize = 1000;

/// Which renderers draw it, and how often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// Plain text and Kittiwake.
    Floor,
    /// These, and streamdown.
    Streamdown,
    /// These, and all peers.
    Peers,
}

/// A text to draw.
pub struct Document {
    /// What it is, as the table says it.
    pub name: &'static str,
    /// How many times the floor's work it may cost; none where it is only to be looked at.
    pub most: Option<f64>,
    /// How many times less than with streamdown it has to cost.
    pub least_beside_streamdown: Option<f64>,
    /// Whether its beginning is like its end, so that the first frames can be held against the last.
    pub is_even: bool,
    /// Who draws it.
    pub company: Company,
    /// The text.
    pub text: String,
}

/// All texts.
///
/// # Errors
///
/// If the repository's own texts cannot be read.
pub fn all() -> io::Result<Vec<Document>> {
    let generated = |name, most, least_beside_streamdown, company, text| Document {
        name,
        most,
        least_beside_streamdown,
        is_even: true,
        company,
        text,
    };
    let own = |name, most, least_beside_streamdown, company, text| Document {
        name,
        most,
        least_beside_streamdown,
        is_even: false,
        company,
        text,
    };
    Ok(vec![
        // A dozen paragraphs: too few for the last ones to be held against the first.
        Document { is_even: false, ..generated("prose, 5 KB", None, None, Company::Peers, prose(5 * KB, 1)) },
        generated("prose, 50 KB", Some(1.5), Some(20.0), Company::Peers, prose(50 * KB, 2)),
        generated("prose, 200 KB", Some(2.0), Some(20.0), Company::Streamdown, prose(200 * KB, 3)),
        generated("code, 2,000 lines", Some(1.5), Some(15.0), Company::Peers, code(2_000, 4)),
        generated("one list, 50 KB", Some(2.5), None, Company::Peers, list(50 * KB, 5)),
        generated("tables, 50 KB", Some(4.0), None, Company::Peers, tables(50 * KB, 6)),
        generated("one table, 50 KB", Some(4.0), None, Company::Floor, table(50 * KB, 7)),
        generated("mathematics, 50 KB", Some(8.0), None, Company::Peers, mathematics(50 * KB, 8)),
        own("this repository's texts, 50 KB", Some(1.5), None, Company::Peers, own_texts(50 * KB)?),
        own("this repository's code, 2,000 lines", Some(1.5), Some(15.0), Company::Streamdown, own_code(2_000)?),
    ])
}

/// A short text in which everything occurs.
pub fn some_of_everything() -> String {
    [prose(3 * KB, 10), table(KB, 10), "\n".to_owned(), mathematics(KB, 10), code(40, 10)].concat()
}

/// Pieces, until the text is as long as wished.
fn fill(length: usize, mut piece: impl FnMut(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0.. {
        text.push_str(&piece(at));
        if text.len() >= length {
            break;
        }
    }
    text
}

/// Paragraphs, with what stands between them in an answer.
fn prose(length: usize, seed: u64) -> String {
    let mut words = Words::new(seed);
    fill(length, |at| match at % 12 {
        0 => format!("## {}\n\n", capital(&words.phrase(2, 4))),
        5 => (0..4).map(|_| format!("- {}\n", words.sentence())).collect::<String>() + "\n",
        8 if at % 24 == 8 => format!("> {}\n\n", words.sentences(1, 1)),
        9 if at % 36 == 9 => format!("```rust\n{}```\n\n", code_lines(8, &mut words)),
        _ => words.sentences(2, 4) + "\n\n",
    })
}

/// One list of three levels.
fn list(length: usize, seed: u64) -> String {
    let mut words = Words::new(seed);
    fill(length, |at| {
        let indent = ["", "", "  ", "  ", "    ", "  "][at % 6];
        format!("{indent}- **{}**: {}\n", capital(&words.phrase(1, 2)), words.sentences(1, 1))
    })
}

fn row(words: &mut Words) -> String {
    let link = format!("[{}](https://{}.example)", words.word(), words.word());
    let mark = format!("**{}**", words.phrase(1, 1));
    let code = format!("`{}`", words.name());
    let last = [link, mark, words.phrase(2, 5)][words.below(3)].clone();
    format!("| {} | {code} | {} | {last} |\n", capital(&words.phrase(1, 2)), words.below(100_000))
}

fn head(words: &mut Words) -> String {
    let cells: String = (0..4).map(|_| format!(" {} |", capital(words.word()))).collect();
    format!("|{cells}\n|---|:---|---:|---|\n")
}

/// Tables of 5 to 40 rows, with a paragraph before each.
fn tables(length: usize, seed: u64) -> String {
    let mut words = Words::new(seed);
    fill(length, |_| {
        let rows = 5 + words.below(36);
        let rows: String = (0..rows).map(|_| row(&mut words)).collect();
        format!("{}\n\n{}{rows}\n", words.sentences(1, 2), head(&mut words))
    })
}

/// One table.
fn table(length: usize, seed: u64) -> String {
    let mut words = Words::new(seed);
    let head = head(&mut words);
    [head, fill(length, |_| row(&mut words))].concat()
}

/// Paragraphs with formulas in their lines, and formulas that stand by themselves.
fn mathematics(length: usize, seed: u64) -> String {
    let mut words = Words::new(seed);
    fill(length, |at| {
        let sentence = capital(&words.phrase(4, 6));
        let (first, second) = (term(&mut words), term(&mut words));
        let standing = if at % 3 == 0 { format!("$$\n{}\n$$\n\n", equation(&mut words)) } else { String::new() };
        format!("{sentence} ${first}$ {}, {} ${second}$.\n\n{standing}", words.phrase(2, 4), words.phrase(2, 3))
    })
}

fn term(words: &mut Words) -> String {
    let (a, b, n) = (letter(words), letter(words), words.below(9) + 1);
    match words.below(6) {
        0 => format!("{a}_{n}"),
        1 => format!("{a}^2 + {b}^2"),
        2 => format!("\\frac{{{a}}}{{{b} + {n}}}"),
        3 => format!("\\sqrt{{{a} - {n}}}"),
        4 => format!("{a}_{{i+1}} \\leq {n}{b}"),
        _ => format!("f({a}, {b})"),
    }
}

fn equation(words: &mut Words) -> String {
    let (first, second) = (term(words), term(words));
    match words.below(4) {
        0 => format!("\\sum_{{i=1}}^{{n}} {first} = \\frac{{n(n+1)}}{{2}} {second}"),
        1 => format!("\\int_0^\\infty e^{{-x^2}} \\, dx = \\frac{{\\sqrt{{\\pi}}}}{{2}} + {first}"),
        2 => format!("\\begin{{pmatrix}} {first} & {second} \\\\ 0 & 1 \\end{{pmatrix}}"),
        _ => format!("\\lim_{{n \\to \\infty}} \\left( 1 + {first} \\right)^n = e^{{{second}}}"),
    }
}

fn letter(words: &mut Words) -> &'static str {
    words.pick(&["x", "y", "z", "a", "k", "n", "\\alpha", "\\beta", "\\lambda", "\\mu"])
}

/// One block of code.
fn code(lines: usize, seed: u64) -> String {
    format!("```rust\n{}```\n", code_lines(lines, &mut Words::new(seed)))
}

/// Functions with the density of symbols that written code has.
fn code_lines(lines: usize, words: &mut Words) -> String {
    let mut code = String::new();
    while code.lines().count() < lines {
        let (name, argument, kind) = (words.name(), words.word(), capital(words.word()));
        // Writing into a string cannot fail.
        let _ = writeln!(code, "/// {}.\npub fn {name}({argument}: &{kind}) -> Option<usize> {{", words.phrase(4, 6));
        for _ in 0..2 + words.below(8) {
            let (a, b, n) = (words.name(), words.name(), words.below(1000));
            let _ = match words.below(7) {
                0 => writeln!(code, "    // {}", words.phrase(3, 6)),
                1 => writeln!(code, "    let {a} = {argument}.{b}({n})?;"),
                2 => writeln!(code, "    if {a} >= {n} && !{argument}.is_empty() {{\n        return None;\n    }}"),
                3 => writeln!(code, "    let mut {a}: Vec<{kind}> = Vec::with_capacity({n} * 2 + 1);"),
                4 => writeln!(
                    code,
                    "    for (at, {a}) in {argument}.iter().enumerate() {{\n        {b} += {a} - at;\n    }}"
                ),
                5 => writeln!(code, "    tracing::debug!(\"{}: {{{a}}}\", {b});", words.phrase(2, 3)),
                _ => writeln!(code, "    {a}.push({kind}::new(\"{}\", {n}, &{b}[..]));", words.phrase(1, 2)),
            };
        }
        let _ = writeln!(code, "    Some({argument}.len())\n}}\n");
    }
    code.lines().take(lines).flat_map(|line| [line, "\n"]).collect()
}

/// The manual and what else is written here, one after the other.
fn own_texts(length: usize) -> io::Result<String> {
    let mut files = files(Path::new("docs"), "md")?;
    files.extend(["README.md", "ARCHITECTURE.md", "CHANGELOG.md"].map(PathBuf::from));
    let texts = files.iter().map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?;
    let mut all = texts.join("\n\n");
    let end = all.char_indices().map(|(at, _)| at).find(|at| *at >= length).unwrap_or(all.len());
    all.truncate(end);
    Ok(all)
}

/// The engine's own code as one block.
fn own_code(lines: usize) -> io::Result<String> {
    let texts = files(Path::new("crates/engine/src"), "rs")?;
    let texts = texts.iter().map(fs::read_to_string).collect::<io::Result<Vec<_>>>()?.concat();
    let lines: String = texts.lines().take(lines).flat_map(|line| [line, "\n"]).collect();
    Ok(format!("````rust\n{lines}````\n"))
}

/// The files of a kind below a folder, in the order of their names.
fn files(folder: &Path, extension: &str) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path, extension)?);
        } else if path.extension().is_some_and(|of| of == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_texts_are_the_same_each_time_and_as_long_as_they_say() {
        assert_eq!(prose(5_000, 1), prose(5_000, 1));
        assert_ne!(prose(5_000, 1), prose(5_000, 2));
        for make in [prose, list, tables, table, mathematics] {
            let length = make(50_000, 9).len();
            assert!((50_000..53_000).contains(&length), "{length}");
        }
        assert_eq!(code(2_000, 4).lines().count(), 2_002);
    }
}
