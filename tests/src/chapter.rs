//! The manual's chapter about the doctor, written from its findings.

use std::fmt::Write as _;

use engine::{
    findings::{About, all},
    view::Whose,
};

/// What stands before the findings. Of these the sections are answers; this is for whoever reads from the beginning.
const BEGINNING: &str = "# What the doctor finds

**Test**, beside a connection in **Settings → Connections**, and `kittiwake-cli doctor` in a terminal go the whole way to a
server: this computer, the network, the session, a question, and a short hello. Each step is timed. Where something is wrong
that has a name, the doctor says its name, whose it is to mend, what is the matter, and what to do. These are the names; the
sections below them say the rest.

";

/// The whole chapter.
pub fn chapter() -> String {
    let mut page = BEGINNING.to_owned();
    page.push_str("| Name | What it is | Who can mend it |\n|---|---|---|\n");
    for About { finding, title, whose, .. } in all() {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{finding}` | {title} | {} |", who(*whose));
    }
    all().for_each(|about| write(&mut page, about));
    page
}

fn write(page: &mut String, About { finding, title, whose, cause, remedy, also, ask }: &About) {
    // The Guide offers one question for a section; it finds the section by all of them.
    let (first, others) = ask.split_first().unwrap_or((title, &[]));
    let also = also.iter().chain(others).copied().collect::<Vec<_>>().join(" ");
    let mend = match whose {
        Whose::Nobody => "Nobody has to mend it: it passes.".to_owned(),
        _ => format!("To be mended by {}.", lower(who(*whose))),
    };
    let _ = write!(
        page,
        "\n## {title}\n<!-- also: {finding} {also} -->\n<!-- ask: {first} -->\n\n{cause}\n\n{remedy}\n\n\
         {mend} The doctor calls it `{finding}`.\n"
    );
}

/// Who can mend something, as a person calls them.
fn who(whose: Whose) -> &'static str {
    match whose {
        Whose::Server => "Whoever runs the server",
        Whose::Network => "Whoever runs the network on the way",
        Whose::Settings => "You, in the connection's settings",
        Whose::Computer => "You, or whoever looks after this computer",
        Whose::Nobody => "Nobody needs to",
    }
}

fn lower(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
}
