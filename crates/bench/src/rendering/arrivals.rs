//! A text as it arrives: small deltas, many in a frame, and what the core makes of them.

use markdown::{Patch, Stream};
use serde::Serialize;

use super::words::Words;

/// Deltas in a frame: 3,000 in a second, which is more than any server of today sends.
const DELTAS: usize = 50;

/// Messages in a frame: the core sends one every 8 ms.
const MESSAGES: usize = 2;

/// What arrives for one frame.
#[derive(Debug, Serialize)]
pub struct Arrival {
    /// The new text.
    pub text: String,
    /// The same, as the core's messages.
    pub batches: Vec<Vec<Patch>>,
}

/// A text in deltas of about four characters.
pub fn stream(text: &str) -> Vec<Arrival> {
    let mut words = Words::new(text.len() as u64);
    let mut ends = Vec::new();
    let mut left = 0;
    for (at, _) in text.char_indices() {
        if left == 0 {
            ends.push(at);
            left = 2 + words.below(5);
        }
        left -= 1;
    }
    arrivals(text, &ends, DELTAS)
}

/// A text in a few large pieces, one a frame.
pub fn chunks(text: &str, count: usize) -> Vec<Arrival> {
    let size = text.len() / count + 1;
    let mut ends: Vec<usize> = (0..text.len()).step_by(size).collect();
    ends.iter_mut().for_each(|end| *end = text.floor_char_boundary(*end));
    arrivals(text, &ends, 1)
}

/// Deltas that begin at these places, so many in a frame. The last frame settles the text.
fn arrivals(text: &str, begins: &[usize], in_a_frame: usize) -> Vec<Arrival> {
    let ends = begins.iter().skip(1).copied().chain([text.len()]);
    let deltas: Vec<&str> = begins.iter().zip(ends).map(|(begin, end)| &text[*begin..end]).collect();
    let mut stream = Stream::new();
    let mut arrivals: Vec<Arrival> = deltas
        .chunks(in_a_frame)
        .map(|frame| Arrival {
            text: frame.concat(),
            // The core reads the text as well when it sends, and not with every delta.
            batches: frame.chunks(in_a_frame.div_ceil(MESSAGES)).map(|deltas| stream.push(&deltas.concat())).collect(),
        })
        .collect();
    if let Some(last) = arrivals.last_mut() {
        last.batches.push(stream.finish());
    }
    arrivals
}

#[cfg(test)]
mod tests {
    use markdown::{Tree, render};

    use super::*;

    #[test]
    fn what_arrives_is_the_text_and_its_tree() {
        let text = "Some *words* of prose, and then `code`.\n\n- an item\n- ünother\n".repeat(40);
        for arrivals in [stream(&text), chunks(&text, 20)] {
            assert_eq!(arrivals.iter().map(|arrival| arrival.text.as_str()).collect::<String>(), text);
            let mut tree = Tree::new();
            arrivals.iter().flat_map(|arrival| &arrival.batches).for_each(|patches| tree.apply(patches));
            assert_eq!(tree.snapshot(), render(&text));
        }
        let frames = stream(&text).len();
        assert!((text.len() / 240..text.len() / 160).contains(&frames), "{frames}");
    }
}
