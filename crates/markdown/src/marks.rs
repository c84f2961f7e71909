//! Marks that stand at characters of the text, such as the numbers of sources.
//!
//! A mark's place is a character of the source, which may stand in the middle of markup. It becomes a node of its own at
//! the nearest place at or after it where a line of text can hold one; never in code, a formula or a link, but after it.

use std::{cmp::Reverse, collections::BTreeMap, ops::Range};

use crate::{
    autolink::past_address,
    convert::{Continued, Draft, Parsed},
    patch::{Node, NodeId},
};

/// A mark at a place of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How many characters (code points) of the text as it came stand before it. Beyond the end it waits for more text,
    /// and stands at the end when there will be none.
    pub at: usize,
    /// What it refers to, by number.
    pub sources: Vec<u32>,
    /// What it shows in place of the numbers.
    pub label: Option<String>,
}

/// The marks of a text that grows, each with its place in bytes as soon as the text has come so far.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// In the order of their places.
    marks: Vec<Mark>,
    /// The places of the first of them, in bytes.
    places: Vec<usize>,
    /// Up to where characters were counted: so many, so many bytes.
    counted: (usize, usize),
}

impl Marks {
    /// Other marks from now on.
    pub(crate) fn set(&mut self, mut marks: Vec<Mark>) {
        marks.sort_by_key(|mark| mark.at);
        *self = Self { marks, ..Self::default() };
    }

    /// Finds the places that the text has reached. `dropped` are the characters that it came with and does not hold.
    pub(crate) fn locate(&mut self, text: &str, dropped: &[usize]) {
        let (mut characters, mut bytes) = self.counted;
        while let Some(mark) = self.marks.get(self.places.len()) {
            let at = mark.at - dropped.partition_point(|place| *place < mark.at);
            let wanted = at.saturating_sub(characters);
            let rest = &text[bytes..];
            let (mut seen, mut end) = (0, rest.len());
            for (place, _) in rest.char_indices() {
                if seen == wanted {
                    end = place;
                    break;
                }
                seen += 1;
            }
            (characters, bytes) = (characters + seen, bytes + end);
            if seen < wanted {
                break;
            }
            self.places.push(bytes);
        }
        self.counted = (characters, bytes);
    }

    /// Whether one of them stands after `from` and not after `to`, in bytes.
    pub(crate) fn any_in(&self, from: usize, to: usize) -> bool {
        let next = self.places.partition_point(|place| *place <= from);
        self.places.get(next).is_some_and(|place| *place <= to)
    }

    /// Those up to a place in bytes, for comparing.
    pub(crate) fn up_to(&self, end: usize) -> Vec<Mark> {
        self.marks[..self.places.partition_point(|place| *place <= end)].to_vec()
    }

    /// Those after `from` and not after `to`, with their places counted from `from`.
    pub(crate) fn within(&self, from: usize, to: usize) -> Vec<(usize, &Mark)> {
        let is_first = from == 0;
        let all = self.places.iter().zip(&self.marks);
        all.filter(|(place, _)| (**place > from || is_first) && **place <= to)
            .map(|(place, mark)| (place - from, mark))
            .collect()
    }

    /// All of them; those that the text has not reached stand at its end.
    pub(crate) fn all(&self, text: &str) -> Vec<(usize, &Mark)> {
        let place = |index: usize| self.places.get(index).copied().unwrap_or(text.len());
        self.marks.iter().enumerate().map(|(index, mark)| (place(index), mark)).collect()
    }
}

/// A stretch of the source at which a mark can stand.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    /// Where in the source.
    pub(crate) source: Range<usize>,
    /// The block of text that it is in: its number and where it begins in the source.
    pub(crate) leaf: (usize, usize),
    /// Where among the nodes.
    pub(crate) place: Place,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Place {
    /// In a text, from this byte of it on.
    Text {
        /// Its place among the nodes.
        node: usize,
        /// Where in it.
        at: usize,
        /// So many bytes of it are of this stretch: fewer than of the source where that has an entity.
        length: usize,
    },
    /// Before what comes next.
    After {
        /// The place among the nodes of what comes next.
        node: usize,
        /// In what the mark stands.
        parent: NodeId,
    },
}

/// Where a mark is put: before a node, or in a text. Before one node the inner ones come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Before { parent: Reverse<NodeId> },
    Inside { at: usize },
}

/// What of the sources a mark shows.
type Shown = (Vec<u32>, Option<String>);

/// Puts the marks in. Nodes after them move up, and whatever names nodes by their place follows.
pub(crate) fn put(parsed: &mut Parsed, base: NodeId, marks: &[(usize, &Mark)]) {
    let spots = std::mem::take(&mut parsed.spots);
    let mut slots: BTreeMap<(usize, Slot), Shown> = BTreeMap::new();
    for (at, mark) in marks {
        let Some(slot) = slot_for(*at, &spots, &parsed.nodes) else { continue };
        let (sources, label) = slots.entry(slot).or_default();
        // Marks that meet show their numbers.
        *label = if sources.is_empty() { mark.label.clone() } else { None };
        sources.extend(mark.sources.iter().filter(|source| !sources.contains(source)).copied().collect::<Vec<_>>());
    }
    if slots.is_empty() {
        return;
    }
    let places = expand(parsed, base, slots);
    let moved = |id: NodeId| if id > base { base + 1 + places[(id - base) as usize - 1] as NodeId } else { id };
    for part in parsed.blocks.iter_mut().chain(&mut parsed.parts) {
        part.node = places[part.node];
    }
    match &mut parsed.last {
        Continued::List { id, .. } | Continued::Table { id } => *id = moved(*id),
        Continued::Nothing => {}
    }
}

fn slot_for(at: usize, spots: &[Spot], nodes: &[Draft]) -> Option<(usize, Slot)> {
    let next = spots.partition_point(|spot| spot.source.end < at);
    let before = next.checked_sub(1).map(|place| &spots[place]);
    let Some(spot) = spots.get(next) else { return before.map(|spot| slot(spot, usize::MAX, nodes)) };
    let is_of_before =
        spot.source.start >= at && at <= spot.leaf.1 && before.is_some_and(|before| before.leaf.0 != spot.leaf.0);
    match before.filter(|_| is_of_before) {
        Some(before) => Some(slot(before, usize::MAX, nodes)),
        None => Some(slot(spot, at, nodes)),
    }
}

fn slot(spot: &Spot, source: usize, nodes: &[Draft]) -> (usize, Slot) {
    match spot.place {
        Place::After { node, parent } => (node, Slot::Before { parent: Reverse(parent) }),
        Place::Text { node, at, length } => {
            let into = source.saturating_sub(spot.source.start).min(length);
            let text = match nodes.get(node).map(|draft| &draft.node) {
                Some(Node::Text { text }) => text.as_str(),
                _ => "",
            };
            let mut at = (at + into).min(text.len());
            // A character that is written as an entity is shorter than its source.
            while !text.is_char_boundary(at) {
                at += 1;
            }
            (node, Slot::Inside { at: past_address(text, at) })
        }
    }
}

/// Puts the marks between the nodes. Answers with the new place of each node, and of the end.
fn expand(parsed: &mut Parsed, base: NodeId, slots: BTreeMap<(usize, Slot), Shown>) -> Vec<usize> {
    let mut nodes: Vec<Draft> = Vec::with_capacity(parsed.nodes.len() + slots.len() * 2);
    let mut places: Vec<usize> = Vec::with_capacity(parsed.nodes.len() + 1);
    let mut slots = slots.into_iter().peekable();
    let drafts = std::mem::take(&mut parsed.nodes);
    let count = drafts.len();
    for (place, draft) in drafts.into_iter().map(Some).chain([None]).enumerate() {
        let parent_of = |parent: NodeId, places: &[usize]| match parent.checked_sub(base + 1) {
            Some(above) => base + 1 + places[above as usize] as NodeId,
            None => parent,
        };
        let mut inside = Vec::new();
        while let Some(((_, slot), shown)) = slots.next_if(|((node, _), _)| *node == place) {
            match slot {
                Slot::Before { parent } => nodes.push(mark(parent_of(parent.0, &places), shown)),
                Slot::Inside { at } => inside.push((at, shown)),
            }
        }
        places.push(nodes.len());
        let Some(draft) = draft else { break };
        let parent = parent_of(draft.parent, &places);
        match draft.node {
            Node::Text { text } if !inside.is_empty() => split(&text, parent, inside, &mut nodes),
            node => nodes.push(Draft { parent, node, ..draft }),
        }
    }
    debug_assert_eq!(places.len(), count + 1);
    parsed.nodes = nodes;
    places
}

fn split(text: &str, parent: NodeId, marks: Vec<(usize, Shown)>, nodes: &mut Vec<Draft>) {
    let plain = |text: &str| Draft { parent, node: Node::Text { text: text.to_owned() }, ended: true };
    let mut shown = 0;
    for (at, sources) in marks {
        if at > shown {
            nodes.push(plain(&text[shown..at]));
        }
        nodes.push(mark(parent, sources));
        shown = at;
    }
    if shown < text.len() {
        nodes.push(plain(&text[shown..]));
    }
}

fn mark(parent: NodeId, (sources, label): Shown) -> Draft {
    Draft { parent, node: Node::Mark { sources, label }, ended: true }
}
