//! Which part of a conversation goes out: whole turns, the newest ones, and always the last.

use model::{ContextRule, Item, ItemBody, ItemId};

use super::estimate::{Scale, costs};

/// What the choice depends on beside the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The size of the window in tokens, if anybody knows it.
    pub window: Option<u32>,
    /// What is done when it is full.
    pub rule: ContextRule,
    /// The most tokens that the answer may have, if that was set.
    pub answer: Option<u32>,
    /// About how many tokens go out beside the conversation.
    pub beside: u64,
    /// How estimates are corrected.
    pub scale: Scale,
}

/// The conversation does not fit, and nothing is to be left out unasked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Room {
    /// About how many tokens a request may have, so that there is room for the answer.
    fn question(&self, window: u32) -> u64 {
        let window = u64::from(window);
        let answer = self.answer.map_or(window / 4, u64::from).min(window / 2);
        window - answer
    }

    /// About how many tokens a request with these items has.
    pub fn taken(&self, items: &[Item]) -> u64 {
        self.scale.of(costs(items) + self.beside)
    }
}

/// Where the turns begin: each message of the person begins one, and what stands before the first belongs to none.
fn turns(items: &[Item]) -> Vec<usize> {
    let own = |(_, item): &(usize, &Item)| matches!(item.body, ItemBody::UserMessage(_));
    items.iter().enumerate().filter(own).map(|(at, _)| at).collect()
}

/// The place from which on items went out the last time; the beginning if that is not known, or not there any more.
pub fn place(items: &[Item], from: Option<&ItemId>) -> usize {
    from.and_then(|from| items.iter().position(|item| &item.id == from)).unwrap_or(0)
}

/// The place from which on items go out. What was left out once stays so, and when something has to be left out it is enough
/// for a while: that the beginning of what goes out changes rarely keeps servers fast, and what is shown calm.
///
/// # Errors
///
/// [`TooLong`] where the rule wants the person to be asked.
pub fn choose(items: &[Item], from: Option<&ItemId>, room: &Room) -> Result<usize, TooLong> {
    let start = place(items, from);
    let Some(window) = room.window else { return Ok(start) };
    let most = room.question(window);
    if room.taken(&items[start..]) <= most {
        return Ok(start);
    }
    if room.rule == ContextRule::Tell {
        return Err(TooLong);
    }
    Ok(within(items, start, most * 3 / 4, room))
}

/// The place from which on items go out after a request from `from` on was refused as too long, and `stated` is the size of
/// the window by the server's word. `None` if only the last turn is left.
pub fn shorter(items: &[Item], from: Option<&ItemId>, stated: Option<u32>, room: &Room) -> Option<usize> {
    let start = place(items, from);
    let next = turns(items).into_iter().find(|turn| *turn > start)?;
    let half = room.taken(&items[start..]) / 2;
    let most = stated.or(room.window).map_or(half, |window| half.min(room.question(window) * 3 / 4));
    Some(within(items, next, most, room))
}

/// The first turn from which on items take no more than that; the last turn if none does.
fn within(items: &[Item], start: usize, most: u64, room: &Room) -> usize {
    let turns = turns(items);
    let later = || turns.iter().copied().filter(|turn| *turn >= start);
    let fits = later().find(|turn| room.taken(&items[*turn..]) <= most);
    fits.or_else(|| later().next_back()).unwrap_or(start)
}

#[cfg(test)]
mod tests;
