//! What becomes of an item that was under way when its stream ended (sections 2.6, 6.3 and 15).

use model::{ItemBody, ItemStage};

use super::{Entry, update::Effect, widget};

/// What becomes of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Its stage is another one.
    Stage,
    /// It looks otherwise.
    Redrawn,
    /// It goes: its server drops it too.
    Gone,
}

/// Ends an item of an answer, which is over as `stage` says.
pub(super) fn end(entry: &mut Entry, stage: ItemStage) -> End {
    entry.stage = stage;
    match &mut entry.item.body {
        // It is only paused: the next turn may go on with it, under the same id. Whether its server keeps it is seen
        // when the thread is read again.
        ItemBody::Workflow(_) => {
            entry.stage = ItemStage::Done;
            End::Redrawn
        }
        // A server that notices the stop keeps the text so far, and nothing of these.
        ItemBody::Widget(_) | ItemBody::GeneratedImage(_) if stage == ItemStage::Stopped => End::Gone,
        ItemBody::Widget(widget) => match widget::settle(&mut widget.root) {
            Effect::Changed => End::Redrawn,
            Effect::Nothing => End::Stage,
        },
        _ => End::Stage,
    }
}
