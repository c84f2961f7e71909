//! What becomes of the faults, as a page for readers.

use std::fmt::Write as _;

use model::FailureCode;

use super::{
    Fault, Peer, Stage, Way,
    trial::{Outcome, Part},
};

/// What stands above the tables.
const HEAD: &str = "\
# What faults do

This page is written by a test (`tests/tests/faults.rs`), which has the engine ask a server that gives recorded answers and
does one thing wrong. Each cell is what became of one fault (the column) at one stage of a turn (the row). To write it anew
after a change, and then read what changed:

    KITTIWAKE_UPDATE_FAULTS=1 cargo test -p acceptance --test faults

In every cell, also the good ones: the server sees the message once, whatever happens, and a second time only when the person
asks for another try; the turn ends once; what was shown is on disk at that moment and after a restart; the connection of a
turn that is over is closed, unless it is a WebSocket whose answer is whole; nothing waits for longer than its limit; and *try
again*, where it is offered, leads to the whole answer, with nothing twice. Where the server keeps no conversations and may
have seen the message, the words that offer it say that it may cost once more.

## How to read it
";

/// A cell; none where the fault means nothing.
pub type Cell = (Stage, Fault, Option<Outcome>);

/// The page.
pub fn page(all: &[(&Peer, &[Cell])]) -> String {
    let mut page = format!("{HEAD}\n");
    for fault in Fault::ALL {
        let _ = writeln!(page, "- *{}*: {}.", fault.name(), fault.meaning());
    }
    page.push('\n');
    page.push_str(&legend(all.iter().flat_map(|(_, cells)| *cells).filter_map(|(.., outcome)| outcome.as_ref())));
    for (peer, cells) in all {
        let _ = write!(page, "\n## {}\n\n{}\n\n", peer.name, peer.about);
        page.push_str(&table(peer.way, cells));
    }
    page
}

/// What the words in the cells mean: those that are there.
fn legend<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> String {
    let outcomes: Vec<&Outcome> = outcomes.collect();
    let codes: Vec<FailureCode> = outcomes.iter().filter_map(|outcome| outcome.why).collect();
    let mut lines = vec![("done", "the answer is whole, and nothing is said of the fault")];
    let mut add = |is_there: bool, word: &'static str, meaning: &'static str| {
        if is_there {
            lines.push((word, meaning));
        }
    };
    add(
        outcomes.iter().any(|outcome| outcome.waited),
        "waits",
        "nobody was reached, so nothing was sent; the message waits, and goes out once by itself when the server is back",
    );
    for (code, word, meaning) in WHY {
        add(codes.contains(code), word, meaning);
    }
    let broken = |part: Part| outcomes.iter().any(|outcome| outcome.why.is_some() && outcome.kept == part);
    let parts: Vec<Part> = outcomes.iter().map(|outcome| outcome.kept).collect();
    add(broken(Part::Beginning), "part", "what had arrived of the answer is kept, and marked as broken off");
    add(broken(Part::Whole), "all", "the same, and it happens to be all of it; nothing on the way said so");
    add(
        parts.contains(&Part::Other),
        "**other text**",
        "the text is not what the server meant, and nothing told so: where nothing is numbered, a piece that comes twice is \
         like one that is said twice; and where an end needs no mark, half a piece is like one that was meant",
    );
    add(
        outcomes.iter().any(|outcome| outcome.why.is_none() && outcome.kept == Part::Beginning),
        "**part taken for all**",
        "the end of the answer was lost, and nothing told so: such servers need not say when an answer is whole, so the proper \
         end of a body is the end of the answer",
    );
    add(
        outcomes.iter().any(|outcome| outcome.unsent),
        "unsent",
        "there is nothing of an answer, and the message is marked as not sent",
    );
    add(
        outcomes.iter().any(|outcome| outcome.mended),
        "→ whole",
        "the server has the whole answer; it is read again from there, and takes the place of what had come",
    );
    add(
        outcomes.iter().any(|outcome| outcome.why.is_some() && !outcome.can_retry),
        "final",
        "no other try is offered; it is in all the other cells that are not done",
    );
    lines.push(("–", "the fault means nothing at that stage"));
    lines.into_iter().fold(String::from("The cells:\n\n"), |mut text, (word, meaning)| {
        let _ = writeln!(text, "- {word}: {meaning}.");
        text
    })
}

/// Words for why a turn broke.
const WHY: &[(FailureCode, &str, &str)] = &[
    (FailureCode::Unreachable, "no connection", "the connection failed before an answer began"),
    (FailureCode::FirstByteTimeout, "no answer", "no answer began within the limit"),
    (FailureCode::IdleTimeout, "silent", "the answer fell silent for longer than the limit"),
    (FailureCode::Interrupted, "broke", "the answer broke off"),
    (FailureCode::ServerError, "no end", "the body ended as it should, but nothing said that the answer is whole"),
    (FailureCode::NotChatkit, "odd", "the answer cannot be read"),
];

/// The cells of one way of answering, without stages and faults that mean nothing there at all.
fn table(way: Way, cells: &[Cell]) -> String {
    let is_there = |is: &dyn Fn(&Cell) -> bool| cells.iter().any(|cell| is(cell) && cell.2.is_some());
    let faults: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| is_there(&|cell| cell.1 == *fault)).collect();
    let heads = faults.iter().map(|fault| fault.name().to_owned());
    let mut rows: Vec<Vec<String>> = vec![[String::new()].into_iter().chain(heads).collect()];
    for stage in Stage::ALL.into_iter().filter(|stage| is_there(&|cell| cell.0 == *stage)) {
        let of_stage = cells.iter().filter(|(at, fault, _)| *at == stage && faults.contains(fault));
        let words = of_stage.map(|(.., outcome)| outcome.as_ref().map_or_else(|| "–".to_owned(), cell));
        rows.push([stage.name(way).to_owned()].into_iter().chain(words).collect());
    }
    let widths: Vec<usize> =
        (0..rows[0].len()).map(|at| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!(" {cell:<width$} "));
        let _ = writeln!(text, "|{}|", cells.collect::<Vec<_>>().join("|"));
        if at == 0 {
            let _ =
                writeln!(text, "|{}|", widths.iter().map(|width| "-".repeat(width + 2)).collect::<Vec<_>>().join("|"));
        }
    }
    text
}

fn cell(outcome: &Outcome) -> String {
    let mut words = Vec::new();
    if outcome.waited {
        words.push("waits".to_owned());
    }
    match outcome.why {
        None => words.push("done".to_owned()),
        Some(code) => {
            let known = WHY.iter().find(|(known, ..)| *known == code);
            words.push(known.map_or_else(|| code.to_string(), |(_, word, _)| (*word).to_owned()));
        }
    }
    match outcome.kept {
        Part::Beginning if outcome.why.is_none() => words.push("**part taken for all**".to_owned()),
        Part::Beginning => words.push("part".to_owned()),
        Part::Whole if outcome.why.is_some() => words.push("all".to_owned()),
        Part::Other => words.push("**other text**".to_owned()),
        Part::Whole | Part::Nothing => {}
    }
    if outcome.unsent {
        words.push("unsent".to_owned());
    }
    if outcome.why.is_some() && !outcome.can_retry {
        words.push("final".to_owned());
    }
    let text = words.join(", ");
    if outcome.mended { format!("{text} → whole") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_says_why_what_is_there_and_what_became_of_it() {
        let done =
            Outcome { waited: false, why: None, kept: Part::Whole, unsent: false, can_retry: false, mended: false };
        assert_eq!(cell(&done), "done");
        assert_eq!(cell(&Outcome { waited: true, ..done.clone() }), "waits, done");
        assert_eq!(cell(&Outcome { kept: Part::Beginning, ..done.clone() }), "done, **part taken for all**");
        let broken = Outcome { why: Some(FailureCode::Interrupted), can_retry: true, ..done };
        assert_eq!(cell(&Outcome { mended: true, ..broken.clone() }), "broke, all → whole");
        let refused = Outcome { kept: Part::Nothing, unsent: true, can_retry: false, ..broken };
        assert_eq!(cell(&refused), "broke, unsent, final");
    }
}
