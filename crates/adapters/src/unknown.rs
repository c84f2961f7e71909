//! What means nothing here, by a name that is fit for a log.

use model::ThreadEvent;

/// A name that a server makes up is not longer than this in a log, in characters.
const LONGEST_NAME: usize = 120;

/// An event that is ignored.
pub(crate) fn unknown(name: &str) -> ThreadEvent {
    ThreadEvent::Unknown { name: short(name) }
}

/// A name from the wire, without what could disturb a log.
pub(crate) fn short(name: &str) -> String {
    name.chars().map(|char| if char.is_control() { ' ' } else { char }).take(LONGEST_NAME).collect()
}
