//! Standard output: events as JSON lines, the Markdown as it comes, or the answer drawn for a terminal.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use engine::{ThreadState, TurnEvent, view::DetailsView};
use model::{Notice, ThreadEvent};

use crate::{
    answer::{Answer, Step},
    details, exit, neutral,
    page::Page,
    render::{self, Look},
};

/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 100;

/// Where the events of a turn are printed, and how.
pub struct Output<W> {
    out: W,
    manner: Manner,
    answer: Answer,
    /// The turn so far, for what its answers rest on.
    turn: ThreadState,
    page: Option<Page>,
    /// Whether anything was printed in this turn.
    anything: bool,
    /// Whether the last thing printed was a line break.
    at_line_start: bool,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy)]
pub enum Manner {
    /// One JSON object a line.
    Json,
    /// The plain Markdown text.
    Plain,
    /// Drawn for a terminal.
    Drawn(Look),
}

impl Manner {
    /// How answers are printed on the standard output that this program has.
    pub fn of_stdout() -> Self {
        let stdout = io::stdout();
        if !stdout.is_terminal() {
            return Self::Plain;
        }
        let colours = anstream::AutoStream::choice(&stdout) != ColorChoice::Never;
        Self::Drawn(Look { width: textwrap::termwidth().min(WIDEST), colours })
    }
}

impl<W: Write> Output<W> {
    /// Prints to `out`.
    pub fn new(out: W, manner: Manner) -> Self {
        Self {
            out,
            manner,
            answer: Answer::default(),
            turn: ThreadState::default(),
            page: None,
            anything: false,
            at_line_start: true,
        }
    }

    /// Prints what an event brings.
    ///
    /// # Errors
    ///
    /// If it cannot be written: most often because the reader went away.
    pub fn event(&mut self, event: &TurnEvent) -> io::Result<()> {
        if matches!(self.manner, Manner::Json) {
            let line = serde_json::to_string(event)?;
            writeln!(self.out, "{}", neutral::json(&line))?;
            return self.out.flush();
        }
        let steps = match event {
            TurnEvent::Event { event } => {
                self.beside(event);
                self.turn.apply(event.clone());
                self.answer.event(event)
            }
            // Said beside the answer, where it is not a line of its own.
            TurnEvent::Held { .. } => Vec::new(),
            TurnEvent::Ended { .. } => self.answer.end(),
        };
        for step in steps {
            self.step(step)?;
        }
        if let TurnEvent::Ended { .. } = event {
            self.end()?;
            self.put_sources()?;
        }
        self.out.flush()
    }

    /// Tells how the answer came about: beside it, or as one more line of JSON.
    ///
    /// # Errors
    ///
    /// Those of [`Output::event`].
    pub fn details(&mut self, view: &DetailsView) -> io::Result<()> {
        if matches!(self.manner, Manner::Json) {
            let line = serde_json::json!({"type": "details", "details": view}).to_string();
            writeln!(self.out, "{}", neutral::json(&line))?;
            return self.out.flush();
        }
        exit::aside(&details::lines(view));
        Ok(())
    }

    /// What the answer rests on, if it is drawn for a person.
    fn put_sources(&mut self) -> io::Result<()> {
        let Manner::Drawn(look) = self.manner else { return Ok(()) };
        let sources = engine::all_sources(&self.turn);
        if sources.is_empty() {
            return Ok(());
        }
        self.set_apart()?;
        self.write(&(look.paint(render::faint(), "Sources") + "\n"))?;
        for (number, source) in (1..).zip(sources) {
            let address = source.url.map(|url| format!(" ({url})")).unwrap_or_default();
            let description = source.description.map(|line| format!(": {line}")).unwrap_or_default();
            let line = neutral::line(&format!("{number}. {}{description}{address}", source.title));
            self.write(&(look.paint(render::faint(), &line) + "\n"))?;
        }
        Ok(())
    }

    /// What is said beside the answer goes to standard error.
    fn beside(&self, event: &ThreadEvent) {
        match event {
            ThreadEvent::Notice(Notice { title, message, .. }) => {
                let title = title.as_deref().map(|title| format!("{title}: ")).unwrap_or_default();
                exit::remark(&format!("the server says: {title}{message}"));
            }
            ThreadEvent::Progress(progress) => {
                if let Manner::Drawn(look) = self.manner {
                    let words = format!("… {}", neutral::line(&progress.text));
                    // It is of use only while it is read.
                    let _ = writeln!(io::stderr(), "{}", look.paint(render::faint(), &words));
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, step: Step) -> io::Result<()> {
        match step {
            Step::Begin => {
                self.set_apart()?;
                if let Manner::Drawn(look) = self.manner {
                    self.page = Some(Page::new(look));
                }
                Ok(())
            }
            Step::Text(text) => match &mut self.page {
                Some(page) => {
                    let drawn = page.push(&text);
                    self.write(&drawn)
                }
                None => self.write(&neutral::text(&text)),
            },
            Step::End => self.end(),
            Step::Again => {
                exit::remark("the server replaced what it had written; the new text follows");
                Ok(())
            }
            Step::Lines(lines) => {
                self.set_apart()?;
                self.write(&(neutral::text(&lines) + "\n"))
            }
            Step::Waits(line) if matches!(self.manner, Manner::Plain) => {
                exit::remark(&line);
                Ok(())
            }
            Step::Aside(line) | Step::Waits(line) => {
                let Manner::Drawn(look) = self.manner else { return Ok(()) };
                self.set_apart()?;
                let words = format!("[{}]", neutral::line(&line));
                self.write(&(look.paint(render::faint(), &words) + "\n"))
            }
        }
    }

    /// An empty line between two texts.
    fn set_apart(&mut self) -> io::Result<()> {
        if self.anything { self.write("\n") } else { Ok(()) }
    }

    /// Ends the text that is being printed, with the end of a line.
    fn end(&mut self) -> io::Result<()> {
        if let Some(mut page) = self.page.take() {
            let drawn = page.finish();
            self.write(&drawn)?;
        }
        if self.at_line_start { Ok(()) } else { self.write("\n") }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        if !text.is_empty() {
            self.anything = true;
            self.at_line_start = text.ends_with('\n');
        }
        self.out.write_all(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use engine::view::TurnOutcome;
    use model::{Annotation, Extra, Item, ItemBody, ItemId, ItemUpdate, Source, Widget, Workflow, WorkflowSummary};

    use super::*;

    fn delta(id: &str, words: &str) -> TurnEvent {
        let update = ItemUpdate::TextDelta { index: 0, delta: words.to_owned() };
        TurnEvent::Event { event: ThreadEvent::ItemUpdated { id: ItemId::from(id), update } }
    }

    fn printed(manner: Manner, events: &[TurnEvent]) -> String {
        let mut bytes = Vec::new();
        let mut output = Output::new(&mut bytes, manner);
        for event in events {
            output.event(event).unwrap();
        }
        output.event(&TurnEvent::Ended { outcome: TurnOutcome::Done }).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn plain_text_is_the_markdown_and_ends_with_a_line() {
        let events = [delta("a", "# Hi\n\n**so"), delta("a", "** \u{1b}[31m"), delta("b", "next\n")];
        assert_eq!(printed(Manner::Plain, &events), "# Hi\n\n**so** ␛[31m\n\nnext\n");
    }

    #[test]
    fn drawn_text_is_drawn_and_names_what_it_cannot_draw() {
        let body = ItemBody::Unknown { name: "hologram".into(), fields: Extra::new() };
        let item = Item { id: "w".into(), created_at: None, body, extra: Extra::new() };
        let events = [delta("a", "# Hi\n- a\n"), TurnEvent::Event { event: ThreadEvent::ItemDone(item) }];
        let drawn = printed(Manner::Drawn(Look { width: 40, colours: false }), &events);
        assert_eq!(drawn, "# Hi\n\n• a\n\n[hologram: this version cannot show it]\n");
    }

    #[test]
    fn a_widget_is_told_in_its_words_and_a_workflow_only_where_somebody_looks() {
        let done = |id: &str, body| {
            let item = Item { id: id.into(), created_at: None, body, extra: Extra::new() };
            TurnEvent::Event { event: ThreadEvent::ItemDone(item) }
        };
        let root = serde_json::json!({"type": "Card", "children": [{"type": "Title", "value": "Order\u{1b}"},
            {"type": "Text", "value": "sent"}]});
        let flow = Workflow {
            is_reasoning: true,
            tasks: Vec::new(),
            summary: Some(WorkflowSummary::Duration { seconds: 3 }),
            expanded: false,
            extra: Extra::new(),
        };
        let widget = ItemBody::Widget(Widget { root, copy_text: None });
        let events = [done("f", ItemBody::Workflow(flow)), done("w", widget)];
        assert_eq!(printed(Manner::Plain, &events), "Order␛\nsent\n");
        let drawn = printed(Manner::Drawn(Look { width: 40, colours: false }), &events);
        assert_eq!(drawn, "[Thought for 3 s]\n\nOrder␛\nsent\n");
    }

    #[test]
    fn json_is_one_object_a_line_with_the_end_at_the_end() {
        let json = printed(Manner::Json, &[delta("a", "\u{9b}\n")]);
        let lines: Vec<serde_json::Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(lines[0]["event"]["data"]["update"]["delta"], "\u{9b}\n");
        assert_eq!((lines.len(), &lines[1]["type"]), (2, &"ended".into()));
        assert!(!json.contains('\u{9b}'));
    }

    #[test]
    fn sources_are_numbered_lines_at_the_end_of_what_is_drawn() {
        let annotated = |title: &str, url: Option<&str>| {
            let extra = Extra::from_iter([("description".to_owned(), "about it".into())]);
            let title = title.to_owned();
            let source = match url {
                Some(url) => Source::Url { title, url: url.to_owned(), extra },
                None => Source::File { title, filename: "f".to_owned(), extra },
            };
            let annotation = Annotation { index: None, source };
            let update = ItemUpdate::AnnotationAdded { index: 0, position: 9, annotation };
            TurnEvent::Event { event: ThreadEvent::ItemUpdated { id: ItemId::from("a"), update } }
        };
        let body = ItemBody::AssistantMessage { content: Vec::new() };
        let item = Item { id: ItemId::from("a"), created_at: None, body, extra: Extra::new() };
        let added = TurnEvent::Event { event: ThreadEvent::ItemAdded(item) };
        let events =
            [added, delta("a", "Yes."), annotated("A\u{1b} page", Some("https://a.example")), annotated("B", None)];
        let drawn = printed(Manner::Drawn(Look { width: 40, colours: false }), &events);
        assert_eq!(drawn, "Yes.\n\nSources\n1. A␛ page: about it (https://a.example)\n2. B: about it\n");
        assert_eq!(printed(Manner::Plain, &events), "Yes.\n");
    }
}
