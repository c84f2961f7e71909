//! What is done at a stage of an answer, as a list of steps.

use tokio_tungstenite::tungstenite::protocol::{
    CloseFrame,
    frame::{
        Frame,
        coding::{CloseCode, Data, OpCode},
    },
};

use super::{Fault, Stage, Way, request::Asked};

/// An answer that goes well: its type, and the body in the pieces in which its server wrote them, or its messages.
#[derive(Debug, Clone)]
pub struct Answer {
    /// By what way it comes.
    pub way: Way,
    /// What a WebSocket is agreed to with: as long as it is known only who asks, some other text of that length.
    pub accept: String,
    /// The content type.
    pub content_type: String,
    /// The body, or the messages.
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
    /// Takes a message of the WebSocket that it is from now on.
    Take,
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

/// What the server announces of a body.
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
    /// The same to somebody who asks.
    pub fn to(self, asked: &Asked) -> Self {
        Self { accept: asked.accept.clone(), ..self }
    }

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
            // Nothing goes over a WebSocket before it is one, nor does anything come after the last mark.
            (Stage::Kept, _) if self.way == Way::Socket => return None,
            (Stage::End, Fault::Delay | Fault::Buffer | Fault::Drip | Fault::Twice) if self.way == Way::Socket => {
                return None;
            }
            // Whether a message still gets through before a second handshake is read as frames is a matter of chance.
            (Stage::Head, Fault::Twice) if self.way == Way::Socket => return None,
            (_, Fault::TooLong | Fault::TooShort) if self.way == Way::Socket => return None,
            (_, Fault::Leave) => self.leave(stage, &chunked)?,
            (stage, Fault::SplitCharacter) if stage == self.text_stage() => {
                let (piece, within) = self.character?;
                let (mut before, after) = cut(&chunked, self.first() + piece, self.before(piece) + within);
                before.push(Step::Hold);
                [before, after].concat()
            }
            (stage, Fault::HalfCharacter) if stage == self.text_stage() => {
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
                [vec![Step::Hold], in_pieces(&after, |bytes| vec![Step::Send(bytes.to_vec())])].concat()
            }
            Fault::Drip if is_answering => in_pieces(&after, dripped),
            Fault::Stall => vec![Step::Stall],
            Fault::Cut => vec![Step::Close],
            // What came before is to be seen before that: a reset makes some systems forget it.
            Fault::Reset if stage.shows_text(self.way) => vec![Step::Hold, Step::Reset],
            Fault::Reset => vec![Step::Reset],
            _ => return None,
        })
    }

    /// The server takes leave where a message may come.
    fn leave(&self, stage: Stage, steps: &[Step]) -> Option<Vec<Step>> {
        let is_between = matches!(stage, Stage::Begun | Stage::Middle | Stage::Told | Stage::End);
        let (at, within) = self.place(stage, steps).filter(|_| is_between && self.way == Way::Socket)?;
        let (mut before, _) = cut(steps, at, within);
        let frame = Frame::close(Some(CloseFrame { code: CloseCode::Away, reason: "".into() }));
        before.extend([Step::Send(written(frame)), Step::Close]);
        Some(before)
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
            Stage::First => self.first(),
            Stage::Middle => self.first() + self.middle?,
            Stage::Told => self.first() + self.mark?,
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
            Stage::Begun => (self.first(), 0),
            Stage::First => half(self.first()),
            Stage::Middle => (self.first() + self.middle?, 0),
            Stage::Told => (self.first() + self.mark?, 0),
            Stage::End => (self.first() + self.pieces.len(), 0),
        })
    }

    /// The step that writes the first piece.
    fn first(&self) -> usize {
        if self.way == Way::Socket { 3 } else { 2 }
    }

    /// The stage in which a character of the text is.
    fn text_stage(&self) -> Stage {
        if self.middle.is_some() { Stage::Middle } else { Stage::First }
    }

    /// How many bytes stand before a piece where it is written.
    fn before(&self, piece: usize) -> usize {
        let bytes = &self.pieces[piece];
        match self.way {
            Way::Socket => message(bytes).len() - bytes.len(),
            Way::Stream | Way::Whole => chunk(bytes).len() - bytes.len() - END.len(),
        }
    }

    /// The request is taken; the head, the pieces, and the end of the body where it has one of its own. Or the handshake is;
    /// it is agreed to, a message is taken, and answered by others.
    fn steps(&self, announced: &Announced) -> Vec<Step> {
        let mut steps = vec![Step::Read, Step::Send(self.head(announced))];
        if self.way == Way::Socket {
            steps.push(Step::Take);
            steps.extend(self.pieces.iter().map(|piece| Step::Send(message(piece))));
            return steps;
        }
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
        if self.way == Way::Socket {
            let agreed = "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\n";
            return format!("{agreed}sec-websocket-accept: {}\r\n\r\n", self.accept).into_bytes();
        }
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

/// What stands behind a chunk.
const END: &[u8] = b"\r\n";

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, END].concat()
}

/// A message as a server writes it over a WebSocket. It may end in a character.
fn message(bytes: &[u8]) -> Vec<u8> {
    written(Frame::message(bytes.to_vec(), OpCode::Data(Data::Text), true))
}

fn written(frame: Frame) -> Vec<u8> {
    let mut bytes = Vec::new();
    frame.format(&mut bytes).expect("it is written into memory");
    bytes
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

/// The same bytes in other pieces, on either side of a message that is taken meanwhile.
fn in_pieces(steps: &[Step], pieces: impl Fn(&[u8]) -> Vec<Step>) -> Vec<Step> {
    let sides: Vec<_> = steps.split(|step| *step == Step::Take).map(|side| pieces(&sent(side))).collect();
    sides.join(&Step::Take)
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
mod tests;
