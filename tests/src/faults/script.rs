//! What is done at a stage of an answer, as a list of steps.

use super::{Fault, Stage};

/// An answer that goes well: its type, and the body in the pieces in which its server wrote them.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The content type.
    pub content_type: String,
    /// The body.
    pub pieces: Vec<Vec<u8>>,
    /// The first piece that comes after the middle of the text; none if it has no middle.
    pub middle: Option<usize>,
    /// A piece of the text with a character of several bytes, and where in the piece one is in two.
    pub character: Option<(usize, usize)>,
    /// The last piece that says that the answer is whole, if any does.
    pub mark: Option<usize>,
}

/// One step of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Takes the request.
    Read,
    /// Writes.
    Send(Vec<u8>),
    /// Waits for the test.
    Hold,
    /// Goes on with nothing, until the client closes.
    Stall,
    /// Closes.
    Close,
    /// Resets.
    Reset,
}

/// What the server announces.
enum Announced {
    /// Nothing: the body comes in chunks.
    Chunks,
    /// That many bytes.
    Length(usize),
}

/// So many bytes come one by one in a drip.
const DRIPPED: usize = 600;

/// More bytes than come.
const MORE: usize = 1000;

impl Answer {
    /// All goes well.
    pub fn whole(&self) -> Vec<Step> {
        self.steps(&Announced::Chunks)
    }

    /// The same from a piece on, as another try is answered.
    pub fn again(&self, from: usize) -> Vec<Step> {
        Self { pieces: self.pieces[from..].to_vec(), ..self.clone() }.whole()
    }

    /// What is done at a stage; nothing if the fault means nothing there.
    pub fn faulty(&self, stage: Stage, fault: Fault) -> Option<Vec<Step>> {
        let chunked = self.whole();
        let steps = match (stage, fault) {
            // Whoever has no connection cannot be cut off, and what is refused is refused by the system.
            (Stage::Connecting, Fault::Delay | Fault::Stall | Fault::Reset) => chunked,
            (Stage::Connecting, _) => return None,
            (Stage::Middle, Fault::SplitCharacter) => {
                let (piece, within) = self.character?;
                let (mut before, after) = cut(&chunked, 2 + piece, chunk_head(&self.pieces[piece]) + within);
                before.push(Step::Hold);
                [before, after].concat()
            }
            (Stage::Middle, Fault::HalfCharacter) => {
                let (piece, within) = self.character?;
                let mut pieces = self.pieces[..=piece].to_vec();
                pieces[piece].truncate(within);
                Self { pieces, ..self.clone() }.whole()
            }
            (_, Fault::SplitCharacter | Fault::HalfCharacter) => return None,
            (_, Fault::TooLong) => self.too_long(stage)?,
            (_, Fault::TooShort) => self.too_short(stage)?,
            (_, Fault::Twice) => self.twice(stage)?,
            _ => {
                let (at, within) = self.place(stage, &chunked)?;
                let (before, after) = cut(&chunked, at, within);
                let end = self.end(stage, fault, after)?;
                [before, end].concat()
            }
        };
        Some(steps)
    }

    /// How it goes on from a stage.
    fn end(&self, stage: Stage, fault: Fault, after: Vec<Step>) -> Option<Vec<Step>> {
        let is_answering = !matches!(stage, Stage::Unread | Stage::Kept | Stage::Read);
        Some(match fault {
            Fault::Delay => [vec![Step::Hold], after].concat(),
            // One piece in one piece.
            Fault::Buffer if is_answering && stage != Stage::End => {
                vec![Step::Hold, Step::Send(sent(&after))]
            }
            Fault::Drip if is_answering => dripped(&sent(&after)),
            Fault::Stall => vec![Step::Stall],
            Fault::Cut => vec![Step::Close],
            // What came before is to be seen before that: a reset makes some systems forget it.
            Fault::Reset if stage.shows_text() => vec![Step::Hold, Step::Reset],
            Fault::Reset => vec![Step::Reset],
            _ => return None,
        })
    }

    fn too_long(&self, stage: Stage) -> Option<Vec<Step>> {
        let steps = self.steps(&Announced::Length(self.size() + MORE));
        let (at, within) = self.body_place(stage, &steps)?;
        let (mut before, _) = cut(&steps, at, within);
        before.push(Step::Close);
        Some(before)
    }

    fn too_short(&self, stage: Stage) -> Option<Vec<Step>> {
        // At the end the length would be right.
        if stage == Stage::End {
            return None;
        }
        let steps = self.steps(&Announced::Length(0));
        let (at, within) = self.body_place(stage, &steps)?;
        let (before, after) = cut(&steps, at, within);
        let length = sent(&before[2..]).len();
        let [read, _, rest @ ..] = before.as_slice() else { return None };
        Some([&[read.clone(), Step::Send(self.head(&Announced::Length(length)))], rest, after.as_slice()].concat())
    }

    fn twice(&self, stage: Stage) -> Option<Vec<Step>> {
        let mut steps = self.whole();
        let again = match stage {
            Stage::Head => 1,
            Stage::First => 2,
            Stage::Middle => 2 + self.middle?,
            Stage::Told => 2 + self.mark?,
            Stage::End => steps.len() - 1,
            _ => return None,
        };
        steps.insert(again, steps[again].clone());
        Some(steps)
    }

    /// A stage of the body as a place among the steps.
    fn body_place(&self, stage: Stage, steps: &[Step]) -> Option<(usize, usize)> {
        (stage == Stage::Begun || stage.is_in_body()).then(|| self.place(stage, steps)).flatten()
    }

    /// A stage as a place among the steps: the step before which it is or, if not 0, the byte within that step.
    fn place(&self, stage: Stage, steps: &[Step]) -> Option<(usize, usize)> {
        let half = |at: usize| match &steps[at] {
            Step::Send(bytes) => (at, bytes.len() / 2),
            _ => (at, 0),
        };
        Some(match stage {
            Stage::Connecting => return None,
            Stage::Unread | Stage::Kept => (0, 0),
            Stage::Read => (1, 0),
            Stage::Head => half(1),
            Stage::Begun => (2, 0),
            Stage::First => half(2),
            Stage::Middle => (2 + self.middle?, 0),
            Stage::Told => (2 + self.mark?, 0),
            Stage::End => (2 + self.pieces.len(), 0),
        })
    }

    /// The request is taken; the head, the pieces, and the end of the body where it has one of its own.
    fn steps(&self, announced: &Announced) -> Vec<Step> {
        let mut steps = vec![Step::Read, Step::Send(self.head(announced))];
        match announced {
            Announced::Chunks => {
                steps.extend(self.pieces.iter().map(|piece| Step::Send(chunk(piece))));
                steps.push(Step::Send(b"0\r\n\r\n".to_vec()));
            }
            Announced::Length(_) => steps.extend(self.pieces.iter().cloned().map(Step::Send)),
        }
        steps
    }

    fn head(&self, announced: &Announced) -> Vec<u8> {
        let framing = match announced {
            Announced::Chunks => "transfer-encoding: chunked".to_owned(),
            Announced::Length(length) => format!("content-length: {length}"),
        };
        format!("HTTP/1.1 200 OK\r\ncontent-type: {}\r\n{framing}\r\n\r\n", self.content_type).into_bytes()
    }

    fn size(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }
}

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// How many bytes stand before a piece in its chunk.
fn chunk_head(bytes: &[u8]) -> usize {
    format!("{:x}\r\n", bytes.len()).len()
}

/// The steps before a place, and those after it. A step in which it lies becomes two.
fn cut(steps: &[Step], at: usize, within: usize) -> (Vec<Step>, Vec<Step>) {
    let (mut before, mut after) = (steps[..at].to_vec(), steps[at..].to_vec());
    if let (Some(Step::Send(bytes)), true) = (after.first_mut(), within > 0) {
        let rest = bytes.split_off(within);
        before.push(Step::Send(std::mem::replace(bytes, rest)));
    }
    (before, after)
}

/// Bytes one by one; after some events of them, in drops of a few, for a whole answer takes long in single ones.
fn dripped(bytes: &[u8]) -> Vec<Step> {
    let (single, rest) = bytes.split_at(bytes.len().min(DRIPPED));
    single.chunks(1).chain(rest.chunks(7)).map(|drop| Step::Send(drop.to_vec())).collect()
}

/// All bytes of some steps.
fn sent(steps: &[Step]) -> Vec<u8> {
    let bytes = steps.iter().filter_map(|step| match step {
        Step::Send(bytes) => Some(bytes.as_slice()),
        _ => None,
    });
    bytes.flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Answer {
        let pieces = ["data: a\n\n", "data: b\n\n", "data: é\n\n", "data: [DONE]\n\n"];
        Answer {
            content_type: "text/event-stream".to_owned(),
            pieces: pieces.map(|piece| piece.as_bytes().to_vec()).to_vec(),
            middle: Some(1),
            character: Some((2, 7)),
            mark: Some(3),
        }
    }

    fn text(steps: &[Step]) -> String {
        String::from_utf8_lossy(&sent(steps)).into_owned()
    }

    #[test]
    fn what_is_only_late_or_in_other_pieces_is_the_same_answer() {
        let answer = answer();
        let whole = text(&answer.whole());
        for stage in Stage::ALL {
            for fault in [Fault::Delay, Fault::Buffer, Fault::Drip, Fault::SplitCharacter] {
                let Some(steps) = answer.faulty(stage, fault) else { continue };
                assert_eq!(text(&steps), whole, "{stage:?} {fault:?}");
            }
        }
    }

    #[test]
    fn what_breaks_is_the_beginning_of_the_answer() {
        let answer = answer();
        let whole = text(&answer.whole());
        let mut before = 0;
        for stage in &Stage::ALL[1..] {
            let steps = answer.faulty(*stage, Fault::Cut).unwrap();
            assert_eq!(steps.last(), Some(&Step::Close));
            let length = sent(&steps).len();
            assert!(whole.starts_with(&text(&steps)) && length >= before && length < whole.len(), "{stage:?}");
            before = length;
        }
    }

    #[test]
    fn a_wrong_length_is_that_of_its_stage() {
        let answer = answer();
        let steps = answer.faulty(Stage::Told, Fault::TooShort).unwrap();
        let (head, body) = text(&steps).split_once("\r\n\r\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
        assert!(head.ends_with("content-length: 28"), "{head}");
        assert_eq!(body.as_bytes(), answer.pieces.concat());
        let steps = answer.faulty(Stage::Middle, Fault::TooLong).unwrap();
        assert!(text(&steps).ends_with("content-length: 1042\r\n\r\ndata: a\n\n"), "{}", text(&steps));
    }

    #[test]
    fn a_character_is_in_two_where_it_is_split_or_lost() {
        let answer = answer();
        let steps = answer.faulty(Stage::Middle, Fault::SplitCharacter).unwrap();
        let held = steps.iter().position(|step| *step == Step::Hold).unwrap();
        assert!(std::str::from_utf8(&sent(&steps[..held])).is_err());
        let steps = answer.faulty(Stage::Middle, Fault::HalfCharacter).unwrap();
        assert!(sent(&steps).ends_with(b"data: \xc3\r\n0\r\n\r\n"));
    }
}
