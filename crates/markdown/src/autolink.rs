//! Bare addresses in text become links, as in GitHub's flavour: web addresses with their scheme or `www.`, and e-mail.

use std::sync::LazyLock;

use linkify::{Link, LinkFinder, LinkKind};

use crate::{
    convert::{Continued, Draft, Parsed},
    patch::{Node, NodeId},
};

static FINDER: LazyLock<LinkFinder> = LazyLock::new(|| {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url, LinkKind::Email]).url_must_have_scheme(false);
    finder
});

/// Whether a text can hold an address at all. So few do that the others should cost nothing.
pub(crate) fn may_hold_address(text: &str) -> bool {
    text.contains("://") || text.contains('@') || text.contains("www.") || text.contains("WWW.")
}

/// The place itself, or the end of the address that it is in: an address is not to be torn apart.
pub(crate) fn past_address(text: &str, at: usize) -> usize {
    if !may_hold_address(text) {
        return at;
    }
    let mut around = FINDER.links(text).filter(|link| href(link).is_some());
    around.find(|link| link.start() < at && at < link.end()).map_or(at, |link| link.end())
}

/// Turns the addresses in plain text into links. Nodes after them move up, and whatever names nodes by their place
/// follows.
pub(crate) fn link(parsed: &mut Parsed, base: NodeId) {
    let mut holds = parsed.nodes.iter().filter_map(|draft| text_of(&draft.node));
    if !holds.any(may_hold_address) {
        return;
    }
    let places = expand(parsed, base);
    let moved = |id: NodeId| if id > base { base + 1 + places[(id - base) as usize - 1] as NodeId } else { id };
    for part in parsed.blocks.iter_mut().chain(&mut parsed.parts) {
        part.node = places[part.node];
    }
    match &mut parsed.last {
        Continued::List { id, .. } | Continued::Table { id } => *id = moved(*id),
        Continued::Nothing => {}
    }
}

/// Puts the links in. Answers with the new place of each node, and of the end.
fn expand(parsed: &mut Parsed, base: NodeId) -> Vec<usize> {
    let mut nodes: Vec<Draft> = Vec::with_capacity(parsed.nodes.len() + 8);
    let mut places: Vec<usize> = Vec::with_capacity(parsed.nodes.len() + 1);
    // For each node whether it is a link or in one: there is no link in a link.
    let mut linked: Vec<bool> = Vec::with_capacity(parsed.nodes.len());
    for mut draft in std::mem::take(&mut parsed.nodes) {
        places.push(nodes.len());
        let above = draft.parent.checked_sub(base + 1).map(|place| place as usize);
        let is_in_link = above.is_some_and(|place| linked[place]);
        linked.push(is_in_link || matches!(draft.node, Node::Link { .. }));
        if let Some(place) = above {
            draft.parent = base + 1 + places[place] as NodeId;
        }
        match draft.node {
            Node::Text { text } if !is_in_link && may_hold_address(&text) => {
                split(&text, draft.parent, base, &mut nodes);
            }
            node => nodes.push(Draft { node, ..draft }),
        }
    }
    places.push(nodes.len());
    parsed.nodes = nodes;
    places
}

fn split(text: &str, parent: NodeId, base: NodeId, nodes: &mut Vec<Draft>) {
    let mut shown = 0;
    let plain = |text: &str, parent| Draft { parent, node: Node::Text { text: text.to_owned() }, ended: true };
    for (link, href) in FINDER.links(text).filter_map(|link| href(&link).map(|href| (link, href))) {
        if link.start() > shown {
            nodes.push(plain(&text[shown..link.start()], parent));
        }
        nodes.push(Draft { parent, node: Node::Link { href, title: None }, ended: true });
        nodes.push(plain(link.as_str(), base + nodes.len() as NodeId));
        shown = link.end();
    }
    if shown < text.len() {
        nodes.push(plain(&text[shown..], parent));
    }
}

fn text_of(node: &Node) -> Option<&str> {
    match node {
        Node::Text { text } => Some(text),
        _ => None,
    }
}

/// Where an address leads, if it is one of those that become links.
fn href(link: &Link<'_>) -> Option<String> {
    let address = link.as_str();
    let starts = |with: &str| address.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    match link.kind() {
        LinkKind::Email => Some(format!("mailto:{address}")),
        _ if starts("http://") || starts("https://") => Some(address.to_owned()),
        _ if starts("www.") => Some(format!("http://{address}")),
        _ => None,
    }
}
