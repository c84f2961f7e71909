//! Presses in the Guide's cards (section 10), and what comes of them.

use serde_json::{Map, Value};

use crate::{
    answer::{self, Piece},
    cards::{self, Card, EVERYWHERE},
    failure::Refusal,
    index::{Hit, Index, meaningful_words},
    request::Action,
};

/// Opens a page of the settings: `{page}`.
pub(crate) const SETTINGS: &str = "guide.settings";

/// Looks for words: `{words, page}`.
pub(crate) const SEARCH: &str = "guide.search";

/// Quotes a section: `{section}`.
pub(crate) const SHOW: &str = "guide.show";

/// The longest words of a search that are told again, in characters.
const TOLD: usize = 60;

/// What a person wants by a press.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Press {
    /// To see that page of the settings.
    Settings(&'static str),
    /// To have these words looked for, on one page of the manual or on all.
    Search { words: String, page: Option<String> },
    /// To read the section at that place.
    Show(usize),
}

impl Press {
    /// Reads an action of one of the cards.
    ///
    /// # Errors
    ///
    /// If it is none of theirs, in words.
    pub fn of(index: &Index, action: &Action) -> Result<Self, Refusal> {
        let text = |key: &str| action.payload.get(key).and_then(Value::as_str).unwrap_or_default();
        let none = |what: &str| Refusal::bad_request(format!("The Guide has no {what} of this name."));
        match action.kind.as_str() {
            SETTINGS => cards::page_named(text("page")).map(Self::Settings).ok_or_else(|| none("page of the settings")),
            SHOW => {
                let place = index.sections().iter().position(|section| section.heading == text("section"));
                place.map(Self::Show).ok_or_else(|| none("section"))
            }
            SEARCH => {
                let page = Some(text("page")).filter(|page| !page.is_empty() && *page != EVERYWHERE);
                Ok(Self::Search { words: text("words").to_owned(), page: page.map(str::to_owned) })
            }
            _ => Err(none("button")),
        }
    }
}

/// What a search found, as a card.
pub(crate) fn searched(index: &Index, words: &str, page: Option<&str>) -> rusqlite::Result<Card> {
    let hits = index.search(&meaningful_words(words))?;
    let on_page = |hit: &Hit| page.is_none_or(|page| index.sections()[hit.section].page == page);
    let hits: Vec<Hit> = hits.into_iter().filter(on_page).collect();
    let told: String = words.chars().filter(|char| !char.is_control()).take(TOLD).collect();
    Ok(cards::found(index, told.trim(), &hits))
}

/// A section, quoted as in an answer, with the card that belongs to it.
pub(crate) fn shown(index: &Index, place: usize) -> Vec<Piece> {
    let section = &index.sections()[place];
    let mut pieces: Vec<Piece> = answer::passage(section).into();
    pieces.extend(cards::place_of(section.heading).map(cards::settings).map(Piece::Card));
    pieces
}

/// What goes with an effect that opens a page of the settings.
pub(crate) fn to_settings(page: &str) -> Map<String, Value> {
    Map::from_iter([("page".to_owned(), Value::from(page))])
}
