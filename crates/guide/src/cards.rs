//! The cards beside an answer: widgets of the protocol (section 11), as any server could send them. They say nothing that is
//! not in the answer; they lead on.

use std::{cmp::Reverse, collections::HashMap};

use serde_json::{Map, Value, json};

use crate::{
    index::{Hit, Index},
    manual::{Section, WHO_ANSWERS},
    press::{SEARCH, SETTINGS, SHOW},
};

/// What a person finds about cards, and about forms and charts: those answers show what they tell of.
const CARDS: &str = "Cards, lists and tables of a server";
const FORMS: &str = "Forms, buttons and charts of a server";

/// How to ask.
const ASKING: &str = "Asking the Guide well";

/// The value of the choice that leaves no page of the manual out.
pub(crate) const EVERYWHERE: &str = "all";

/// How many pages have a bar of their own in the chart.
const BARS: usize = 5;

/// Pages whose titles are too long to stand below a bar, and what stands there.
const SHORT: [(&str, &str); 7] = [
    ("What the doctor finds", "Doctor"),
    ("When something fails", "Failures"),
    ("What is shown", "Shown"),
    ("Kittiwake in the terminal", "Terminal"),
    ("Keyboard and appearance", "Keyboard"),
    ("For developers of ChatKit servers", "Developers"),
    ("All others", "Others"),
];

/// How many sections a list has at most.
const LISTED: usize = 12;

/// Sections that tell of something in the settings, by the page where it is.
const PLACES: [(&str, &[&str]); 3] = [
    (
        "connections",
        &[
            "Setting up a connection to a ChatKit server",
            "Setting up an OpenAI-compatible server",
            "Model servers on your own computer",
            "Servers that want a session first",
            "Proxies",
            "Private certificate authorities and pinned certificates",
            "Client certificates (mTLS)",
            "Testing a connection",
            "How fast a connection answers",
            "Signing in with your browser",
            "Signing in with e-mail and password",
            "Headers of your own",
            "Limiting how much is sent",
            "Several connections",
            "Exporting and importing",
            "Changing a connection",
            "Removing a connection",
            "Connecting a backend that you wrote",
            "Several servers behind one name",
        ],
    ),
    ("models", &["Where the list of models comes from", "The list of models in the settings"]),
    ("appearance", &["Opening the settings", "Light and dark"]),
];

/// A widget, and the same in words.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Card {
    /// Its root.
    pub widget: Value,
    /// What it says, for whoever copies it or sees no widgets.
    pub words: String,
}

/// The cards to an answer: what belongs to the section that was quoted first, or a way on where none was.
pub(crate) fn beside(index: &Index, first: Option<&Section>, is_greeting: bool) -> Vec<Card> {
    match first.map(|section| section.heading) {
        None => vec![search(index)],
        Some(_) if is_greeting => Vec::new(),
        Some(ASKING) => vec![search(index)],
        Some(WHO_ANSWERS) => vec![chart(index)],
        Some(CARDS) => vec![neighbours(index, CARDS)],
        Some(FORMS) => vec![search(index), chart(index)],
        Some(heading) => place_of(heading).map(settings).into_iter().collect(),
    }
}

/// Whether there is such a page in the settings.
pub(crate) fn page_named(name: &str) -> Option<&'static str> {
    ["connections", "models", "appearance", "about"].into_iter().find(|page| *page == name)
}

/// The page of the settings that a section tells of.
pub(crate) fn place_of(heading: &str) -> Option<&'static str> {
    PLACES.iter().find(|(_, sections)| sections.contains(&heading)).map(|(page, _)| *page)
}

/// A button that opens a page of the settings.
pub(crate) fn settings(page: &'static str) -> Card {
    let title = match page {
        "connections" => "Connections",
        "models" => "Models",
        "appearance" => "Appearance",
        _ => "About",
    };
    let words = format!("This is in Settings → {title}.");
    let widget = json!({
        "type": "Card", "size": "sm",
        "children": [{
            "type": "Row", "justify": "between", "align": "center", "gap": 3, "wrap": "wrap",
            "children": [
                {"type": "Text", "value": words},
                {
                    "type": "Button", "label": format!("Open {title}"), "style": "primary", "size": "sm",
                    "iconStart": "settings-slider",
                    "onClickAction": {"type": SETTINGS, "payload": {"page": page}},
                },
            ],
        }],
    });
    Card { widget, words }
}

/// A form that looks for words on one page of the manual, or on all of them.
pub(crate) fn search(index: &Index) -> Card {
    let mut options = vec![json!({"value": EVERYWHERE, "label": "The whole manual"})];
    options.extend(pages(index).into_iter().map(|(page, _)| json!({"value": page, "label": page})));
    let widget = json!({
        "type": "Card", "size": "sm", "asForm": true,
        "children": [
            {"type": "Title", "value": "Search the manual", "size": "sm"},
            {"type": "Label", "value": "Words to look for", "fieldName": "words"},
            {"type": "Input", "name": "words", "placeholder": "keychain token", "required": true},
            {"type": "Label", "value": "Where", "fieldName": "page"},
            {"type": "Select", "name": "page", "options": options, "defaultValue": EVERYWHERE, "block": true},
        ],
        "confirm": {"label": "Search", "action": {"type": SEARCH, "loadingBehavior": "container"}},
    });
    Card { widget, words: "A form to search the manual: which words, and where.".to_owned() }
}

/// What a search found, in place of its form.
pub(crate) fn found(index: &Index, words: &str, hits: &[Hit]) -> Card {
    let sections: Vec<&Section> = hits.iter().take(LISTED).map(|hit| &index.sections()[hit.section]).collect();
    if sections.is_empty() {
        let Card { mut widget, .. } = search(index);
        let told = format!("Nothing in the manual fits “{words}” there. Try other words, or look in the whole manual.");
        if let Some(children) = widget["children"].as_array_mut() {
            children.insert(1, json!({"type": "Text", "value": told, "color": "secondary"}));
        }
        return Card { widget, words: told };
    }
    list(&sections, &format!("Found for “{words}”"))
}

/// The sections that stand on the same page as one.
fn neighbours(index: &Index, heading: &str) -> Card {
    let page = index.sections().iter().find(|section| section.heading == heading).map(|section| section.page);
    let same = |section: &&Section| Some(section.page) == page && section.heading != heading;
    let sections: Vec<&Section> = index.sections().iter().filter(same).take(LISTED).collect();
    list(&sections, &format!("More about: {}", page.unwrap_or_default()))
}

/// Sections to choose from; one that is chosen is quoted.
fn list(sections: &[&Section], title: &str) -> Card {
    let row = |section: &&Section| {
        json!({
            "type": "ListViewItem", "key": section.heading, "gap": 3, "align": "center",
            "onClickAction": {"type": SHOW, "payload": {"section": section.heading}},
            "children": [
                {"type": "Icon", "name": "document"},
                {
                    "type": "Col", "gap": 0, "flex": 1,
                    "children": [
                        {"type": "Text", "value": section.heading, "weight": "medium"},
                        {"type": "Caption", "value": section.page},
                    ],
                },
            ],
        })
    };
    let rows: Vec<Value> = sections.iter().map(row).collect();
    let lines: Vec<String> = sections.iter().map(|section| format!("\n- {}", section.heading)).collect();
    let widget = json!({"type": "ListView", "limit": 5, "status": {"text": title, "icon": "search"}, "children": rows});
    Card { widget, words: format!("{title}:{}", lines.concat()) }
}

/// What the Guide knows: how many sections each page of the manual has.
fn chart(index: &Index) -> Card {
    let mut pages = pages(index);
    pages.sort_by_key(|&(_, sections)| Reverse(sections));
    let others: usize = pages.iter().skip(BARS).map(|(_, sections)| sections).sum();
    pages.truncate(BARS);
    pages.push(("All others", others));
    let data: Vec<Value> = pages.iter().map(|(page, sections)| json!({"page": page, "sections": sections})).collect();
    let labels: Map<String, Value> = SHORT.iter().map(|&(page, short)| (page.to_owned(), Value::from(short))).collect();
    let all = index.sections().len();
    let title = format!("What I can quote: {all} sections of the manual");
    let widget = json!({
        "type": "Card", "size": "lg",
        "children": [
            {"type": "Title", "value": title, "size": "sm"},
            {
                "type": "Chart", "height": 200, "data": data,
                "xAxis": {"dataKey": "page", "labels": labels}, "showYAxis": true, "showTooltip": true,
                "series": [{"type": "bar", "dataKey": "sections", "label": "Sections", "color": "blue"}],
            },
        ],
    });
    let lines: Vec<String> = pages.iter().map(|(page, sections)| format!("\n- {page}: {sections}")).collect();
    Card { widget, words: format!("{title}{}", lines.concat()) }
}

/// The pages of the manual in reading order, each with how many sections it has.
fn pages(index: &Index) -> Vec<(&'static str, usize)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut pages = Vec::new();
    for section in index.sections() {
        let count = counts.entry(section.page).or_default();
        *count += 1;
        if *count == 1 {
            pages.push(section.page);
        }
    }
    pages.into_iter().map(|page| (page, counts.get(page).copied().unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_that_a_card_names_is_in_the_manual() {
        let index = Index::of_manual().unwrap();
        let named = PLACES.iter().flat_map(|(_, sections)| sections.iter()).chain(&[CARDS, FORMS, ASKING]);
        for heading in named {
            assert!(index.sections().iter().any(|section| section.heading == *heading), "{heading}");
        }
        assert!(PLACES.iter().all(|(page, _)| page_named(page).is_some()));
    }

    #[test]
    fn the_chart_counts_every_section_once() {
        let index = Index::of_manual().unwrap();
        let Card { widget, .. } = chart(&index);
        let data = widget["children"][1]["data"].as_array().unwrap();
        let sum: u64 = data.iter().map(|row| row["sections"].as_u64().unwrap()).sum();
        assert_eq!(sum, index.sections().len() as u64);
        assert_eq!(data.len(), BARS + 1);
    }
}
