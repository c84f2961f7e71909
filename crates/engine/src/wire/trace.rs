//! Exchanges as a trace: the command, the head of the answer, its body, and how that ended, as curl would show them. The
//! tests that replay recorded answers read such files.

use std::fmt::Write;

use secrets::Redactor;

use super::{book::Exchange, curl, frames::Frame};
use crate::view::{ExchangeEnd, FrameKind};

/// What curl says at its end of a body that broke off.
const CUT: &str = "curl: (18) transfer closed with outstanding read data remaining";

/// The file.
pub fn file<'a>(exchanges: impl Iterator<Item = &'a Exchange>, redactor: &Redactor) -> String {
    let mut text = String::new();
    for exchange in exchanges {
        // Writing to a text does not fail.
        let _ = if exchange.frames.iter().any(|frame| is_message(frame.kind)) {
            socket(&mut text, exchange, redactor)
        } else {
            answer(&mut text, exchange, redactor)
        };
        if exchange.left_out > 0 {
            let _ = writeln!(text, "# {} more pieces were not kept.", exchange.left_out);
        }
        text.push('\n');
    }
    text
}

fn answer(text: &mut String, exchange: &Exchange, redactor: &Redactor) -> std::fmt::Result {
    let Some(status) = exchange.status else { return unanswered(text, exchange, redactor) };
    writeln!(text, "$ {}\n", curl::command(exchange, redactor))?;
    write!(text, "HTTP/1.1 {status} \r\n")?;
    for header in exchange.answer_headers.iter().map(|header| header.shown(redactor)) {
        write!(text, "{}: {}\r\n", header.name, header.value)?;
    }
    text.push_str("\r\n");
    exchange.frames.iter().for_each(|frame| body(text, frame, redactor));
    let exit = match &exchange.end {
        ExchangeEnd::Whole if exchange.left_out == 0 => 0,
        // The body of a refusal is whole as well, as far as it was read.
        ExchangeEnd::Failed { .. } if status != 200 => 0,
        ExchangeEnd::Whole | ExchangeEnd::Failed { .. } => {
            writeln!(text, "{CUT}")?;
            18
        }
        ExchangeEnd::Open | ExchangeEnd::Closed => 130,
    };
    writeln!(text, "\n[curl exit {exit}]")?;
    said(text, exchange)
}

/// One that nobody answered is a remark: there is nothing to replay.
fn unanswered(text: &mut String, exchange: &Exchange, redactor: &Redactor) -> std::fmt::Result {
    writeln!(text, "# {}", curl::command(exchange, redactor).replace(['\r', '\n'], " "))?;
    said(text, exchange)
}

/// What was wrong.
fn said(text: &mut String, exchange: &Exchange) -> std::fmt::Result {
    match &exchange.end {
        ExchangeEnd::Failed { words } => writeln!(text, "# {}", words.replace(['\r', '\n'], " ")),
        ExchangeEnd::Open | ExchangeEnd::Whole | ExchangeEnd::Closed => Ok(()),
    }
}

fn body(text: &mut String, frame: &Frame, redactor: &Redactor) {
    // Secrets may have become known since it was recorded. Each part is cleaned by itself, for a line of the file looks
    // like a header to the redactor, and so does what stands behind it.
    let content = &redactor.clean(&frame.text.text);
    match frame.kind {
        FrameKind::Comment => {
            content.split('\n').for_each(|line| text.push_str(&format!(":{line}\n")));
            text.push('\n');
        }
        FrameKind::Event => {
            frame.event.iter().for_each(|event| text.push_str(&format!("event: {event}\n")));
            frame.id.iter().for_each(|id| text.push_str(&format!("id: {id}\n")));
            content.split('\n').for_each(|line| text.push_str(&format!("data: {line}\n")));
            text.push('\n');
        }
        FrameKind::Body | FrameKind::Sent | FrameKind::Received => text.push_str(content),
    }
}

/// Messages, each in a line of its own.
fn socket(text: &mut String, exchange: &Exchange, redactor: &Redactor) -> std::fmt::Result {
    let address = match exchange.address.strip_prefix("http") {
        Some(rest) => format!("ws{rest}"),
        None => exchange.address.clone(),
    };
    writeln!(text, "$ websocket {address}\n")?;
    for frame in &exchange.frames {
        let arrow = if frame.kind == FrameKind::Sent { '>' } else { '<' };
        writeln!(text, "{arrow} {}", redactor.clean(&frame.text.text).replace(['\r', '\n'], " "))?;
    }
    match &exchange.end {
        ExchangeEnd::Open => writeln!(text, "[open]"),
        ExchangeEnd::Whole | ExchangeEnd::Closed => writeln!(text, "[closed]"),
        ExchangeEnd::Failed { words } => writeln!(text, "[closed] {}", words.replace(['\r', '\n'], " ")),
    }
}

fn is_message(kind: FrameKind) -> bool {
    matches!(kind, FrameKind::Sent | FrameKind::Received)
}
