//! Who listens to one request and its answer.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use transport::{Request, Seen, TransportError, Watch};

use super::{
    Label, Purpose, Wire,
    book::Exchange,
    frames::Frame,
    marks::Reader,
    text::{Header, kept, shape},
};
use crate::view::{ExchangeEnd, FrameKind, Mark};

/// Listens to one request. Dropped before the answer has ended, it was closed here.
pub struct Ear {
    wire: Arc<Wire>,
    id: u64,
    began: Instant,
    is_access: bool,
    /// Reads what comes once more, to mark what nobody understands.
    reader: Option<Mutex<Reader>>,
}

impl Ear {
    /// Writes down a request.
    pub fn begin(wire: Arc<Wire>, label: &Label, request: &Request) -> Self {
        let redactor = wire.redactor.clone();
        let is_access = matches!(label.purpose, Purpose::Access);
        let body = if is_access { shape(&request.body) } else { kept(&redactor, &request.body) };
        let headers = Header::all(&redactor, request);
        let room = body.text.len() + headers.iter().map(|header| header.name.len() + 100).sum::<usize>();
        let id = wire.change(|book| {
            book.begin(Exchange {
                id: 0,
                revision: 0,
                label: label.clone(),
                at: jiff::Timestamp::now().as_millisecond(),
                method: request.method.name(),
                address: redactor.clean(request.url.as_str()).into_owned(),
                headers,
                request: body,
                status: None,
                answer_headers: Vec::new(),
                head: None,
                frames: Vec::new(),
                left_out: 0,
                received: 0,
                took: None,
                end: ExchangeEnd::Open,
                room,
            })
        });
        let reader = Reader::of(label).map(Mutex::new);
        Self { wire, id, began: Instant::now(), is_access, reader }
    }

    /// The answer came whole.
    pub fn whole(&self, body: &[u8]) {
        if !body.is_empty() {
            let marks = self.marks(|reader| reader.whole(body));
            self.body(body, marks);
        }
        self.over(ExchangeEnd::Whole);
    }

    /// There is no answer, or none that is of use.
    pub fn failed(&self, error: &TransportError) {
        let (status, beginning) = match error {
            TransportError::Status { status, snippet, .. }
            | TransportError::ContentType { status, snippet, .. }
            | TransportError::WebPage { status, snippet, .. } => (Some(*status), snippet.as_str()),
            TransportError::Redirected { status, .. } => (Some(*status), ""),
            _ => (None, ""),
        };
        if !beginning.is_empty() {
            self.body(beginning.as_bytes(), Vec::new());
        }
        self.change(|exchange| exchange.status = exchange.status.or(status));
        self.over(failed(error));
    }

    fn body(&self, body: &[u8], marks: Vec<Mark>) {
        let redactor = &self.wire.redactor;
        let text = if self.is_access { shape(body) } else { kept(redactor, body) };
        self.frame(Frame::new(redactor, self.time(), FrameKind::Body, text, marks));
    }

    fn message(&self, kind: FrameKind, text: &str, marks: Vec<Mark>) -> Frame {
        let redactor = &self.wire.redactor;
        if self.is_access {
            return Frame::new(redactor, self.time(), kind, shape(text.as_bytes()), marks);
        }
        Frame::raw(redactor, self.time(), kind, text, marks)
    }

    fn marks(&self, read: impl FnOnce(&mut Reader) -> Vec<Mark>) -> Vec<Mark> {
        let reader = self.reader.as_ref().map(|reader| reader.lock().unwrap_or_else(PoisonError::into_inner));
        reader.map(|mut reader| read(&mut reader)).unwrap_or_default()
    }

    fn frame(&self, frame: Frame) {
        self.wire.change(|book| book.frame(self.id, frame));
    }

    /// What happens first counts: the end of a body is no news after that of its stream.
    fn over(&self, end: ExchangeEnd) {
        let took = self.time();
        let end = match end {
            ExchangeEnd::Failed { words } => {
                ExchangeEnd::Failed { words: self.wire.redactor.clean(&words).into_owned() }
            }
            end => end,
        };
        self.change(|exchange| {
            if exchange.end == ExchangeEnd::Open {
                (exchange.took, exchange.end) = (Some(took), end);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Exchange)) {
        self.wire.change(|book| book.change(self.id, change));
    }

    fn time(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Watch for Ear {
    fn see(&self, seen: Seen<'_>) {
        match seen {
            Seen::Head { status, headers } => {
                let redactor = &self.wire.redactor;
                let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                let headers = headers.iter();
                let headers: Vec<_> = headers
                    .map(|(name, value)| Header::seen(redactor, name.as_str(), &text(value.as_bytes())))
                    .collect();
                let head = self.time();
                self.change(|exchange| {
                    (exchange.status, exchange.answer_headers, exchange.head) = (Some(status), headers, Some(head));
                });
            }
            Seen::Event { frame, id } => {
                let marks = self.marks(|reader| reader.event(&frame.event, &frame.data));
                let kept = self.message(FrameKind::Event, &frame.data, marks);
                self.frame(kept.with(&self.wire.redactor, &frame.event, id));
            }
            Seen::Comment(words) => self.frame(self.message(FrameKind::Comment, words, Vec::new())),
            Seen::Sent(text) => {
                self.marks(|reader| {
                    reader.begin();
                    Vec::new()
                });
                self.frame(self.message(FrameKind::Sent, text, Vec::new()));
            }
            Seen::Received(text) => {
                let marks = self.marks(|reader| reader.event("message", text));
                self.frame(self.message(FrameKind::Received, text, marks));
            }
            Seen::Over(None) => self.over(ExchangeEnd::Whole),
            Seen::Over(Some(error)) => self.over(failed(error)),
        }
    }
}

impl Drop for Ear {
    fn drop(&mut self) {
        self.over(ExchangeEnd::Closed);
    }
}

fn failed(error: &TransportError) -> ExchangeEnd {
    ExchangeEnd::Failed { words: error.to_string() }
}
