//! What the server has of a thread's end, and what this machine has of it, become one (section 15, step 4). Pure.

use model::{Item, ItemBody, ItemId, ItemStage, UserMessage};

use crate::reduce::{Entry, RANK_STEP};

/// What the server has of the end of a thread.
#[derive(Debug)]
pub struct ServerTail {
    /// Oldest first.
    pub items: Vec<Item>,
    /// Whether nothing stands before them.
    pub complete: bool,
}

/// The thread as it should be after reading the server's tail (section 15, step 4): the server's copy wins, in the
/// server's order. What this machine has alone stays if the server could not have it: a message that was not sent,
/// and the text that was shown before an answer was stopped or broke.
pub fn reconcile(local: &[Entry], tail: ServerTail) -> Vec<Entry> {
    let from = if tail.complete {
        0
    } else {
        // Nothing in common: everything here is older than the page, and the page follows it.
        local.iter().position(|entry| tail.items.iter().any(|item| item.id == entry.item.id)).unwrap_or(local.len())
    };
    let (before, region) = local.split_at(from);
    let arrived = arrived(region, &tail.items);
    let mut merged: Vec<(Item, ItemStage)> = Vec::new();
    let kept_after =
        |anchor: Option<&ItemId>| kept(region, &tail.items, anchor).filter(|(item, _)| !arrived.contains(&item.id));
    merged.extend(kept_after(None));
    for item in &tail.items {
        let stage = match region.iter().find(|entry| entry.item.id == item.id) {
            // Its copy may say more: what was on its way when the person stopped it. It was stopped all the same.
            Some(entry) if entry.stage == ItemStage::Stopped => ItemStage::Stopped,
            _ => ItemStage::Done,
        };
        merged.push((item.clone(), stage));
        merged.extend(kept_after(Some(&item.id)));
    }
    let mut entries = before.to_vec();
    for (item, stage) in merged {
        let last = entries.last().map(|entry| entry.rank);
        let old = region.iter().find(|entry| entry.item.id == item.id).map(|entry| entry.rank);
        let rank = match (old, last) {
            (Some(old), None) => old,
            (Some(old), Some(last)) if old > last => old,
            (_, last) => last.map_or(0, |last| last + RANK_STEP),
        };
        entries.push(Entry { rank, item, stage });
    }
    entries
}

/// The bubbles whose message the server has after all, under a name of its own: the answer that would have told the name
/// was lost on the way.
fn arrived(region: &[Entry], server: &[Item]) -> Vec<ItemId> {
    let unknown = |item: &&Item| region.iter().all(|entry| entry.item.id != item.id);
    let mut unclaimed: Vec<&UserMessage> = server.iter().filter(unknown).filter_map(message).collect();
    let bubbles = region.iter().filter(|entry| entry.item.id.is_local());
    bubbles
        .filter_map(|entry| {
            let text = message(&entry.item)?.plain_text();
            let place = unclaimed.iter().position(|stored| stored.plain_text().trim_end() == text.trim_end())?;
            unclaimed.remove(place);
            Some(entry.item.id.clone())
        })
        .collect()
}

fn message(item: &Item) -> Option<&UserMessage> {
    match &item.body {
        ItemBody::UserMessage(message) => Some(message),
        _ => None,
    }
}

/// The items only this machine has that stand after `anchor`, up to the next item that the server has too.
fn kept<'a>(
    region: &'a [Entry],
    server: &'a [Item],
    anchor: Option<&ItemId>,
) -> impl Iterator<Item = (Item, ItemStage)> + use<'a> {
    let known = |entry: &Entry| server.iter().any(|item| item.id == entry.item.id);
    let start = match anchor {
        None => 0,
        Some(anchor) => region.iter().position(|e| &e.item.id == anchor).map_or(region.len(), |place| place + 1),
    };
    region[start..].iter().take_while(move |entry| !known(entry)).filter(|entry| is_ours(entry)).map(|entry| {
        let entry = entry.clone();
        (entry.item, entry.stage)
    })
}

fn is_ours(entry: &Entry) -> bool {
    match entry.stage {
        ItemStage::Sending | ItemStage::Unsent => entry.item.id.is_local(),
        ItemStage::Streaming | ItemStage::Stopped | ItemStage::Interrupted => !entry.is_user(),
        ItemStage::Done => false,
    }
}

#[cfg(test)]
mod tests;
