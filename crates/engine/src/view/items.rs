//! What an item of a ChatKit server is, as it is shown.

use markdown::Patch;
use model::{InputStatus, QuestionAnswer, QuestionBody, TaskStatus, WorkflowSummary};
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use widgets::{Hint, Node};

use super::SourceView;

/// A card, a list or a form.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WidgetView {
    /// What is drawn; nothing where the server sent no component.
    pub root: Option<Node>,
    /// What is not drawn, and why: for whoever writes the server.
    pub hints: Vec<Hint>,
    /// What *copy* puts on the clipboard.
    pub copy_text: Option<String>,
}

/// A press in a widget (section 10), with the values of its form in `payload`.
#[derive(Debug, Clone, PartialEq, Deserialize, TS)]
pub struct WidgetAction {
    /// The server's name for it.
    #[serde(rename = "type")]
    pub kind: String,
    /// What goes with it.
    #[ts(type = "unknown")]
    #[serde(default)]
    pub payload: Option<serde_json::Value>,
    /// Whether the answer is a stream; otherwise it is asked even while one runs.
    pub streaming: bool,
}

/// Steps of the assistant's work. How far it is stands in the stage of its item.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct WorkflowView {
    /// Whether it is a model's reasoning.
    pub is_reasoning: bool,
    /// The steps, in order.
    pub tasks: Vec<TaskView>,
    /// What it came to.
    pub summary: Option<WorkflowSummary>,
    /// Whether the steps are to be seen from the start.
    pub expanded: bool,
}

/// A step of the assistant's work.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct TaskView {
    /// What it is; `kind` is the item's.
    #[serde(rename = "type")]
    pub kind: TaskKind,
    /// How far it is.
    pub status: TaskStatus,
    /// What to call it.
    pub title: Option<String>,
    /// The name of an icon (section 7).
    pub icon: Option<String>,
    /// Its words: the patches that build their tree from nothing.
    pub content: Vec<Patch>,
    /// What was searched for.
    pub queries: Vec<String>,
    /// What was found or read.
    pub sources: Vec<SourceView>,
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskKind {
    /// Anything, with words.
    Custom,
    /// A search of the web.
    WebSearch,
    /// What a model thought.
    Thought,
    /// Files were read.
    File,
    /// A picture.
    Image,
    /// Something that this version does not know.
    Unknown,
}

/// A picture that is being made, or was.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct GeneratedImageView {
    /// Its address, which only the core can fetch; absent at the beginning.
    pub url: Option<String>,
    /// How much of it is made, from 0 to 1.
    pub progress: Option<f64>,
}

/// Questions to the person.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct QuestionsView {
    /// Whether they were answered.
    pub status: InputStatus,
    /// Whether they can be answered now: they stand at the end, and nothing streams.
    pub is_open: bool,
    /// The questions, in order.
    pub questions: Vec<QuestionView>,
}

/// One question.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct QuestionView {
    /// By which it is answered.
    pub id: String,
    /// What is asked.
    pub question: String,
    /// How it is answered.
    pub body: QuestionBody,
    /// What was answered.
    pub answer: Option<QuestionAnswer>,
}

/// Something that this machine is to do for the assistant.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct ToolCallView {
    /// The server's name for the tool.
    pub name: String,
    /// What it would do here, as a question to the person; for a tool that Kittiwake does not have, whether to say so.
    pub asks: String,
    /// With what, exactly: JSON over several lines.
    pub arguments: String,
    /// Where it stands.
    pub state: ToolCallState,
    /// What was answered: JSON over several lines.
    pub output: Option<String>,
}

/// Where a call stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ToolCallState {
    /// It waits for the person's word.
    Asks,
    /// It is being done, or its answer is on its way.
    Running,
    /// It was answered.
    Answered,
    /// It was answered that nothing was done.
    Failed,
    /// It was never answered, and the conversation went on without it.
    Passed,
}

/// What the person says to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Consent {
    /// Do it.
    Once,
    /// Do it, and do not ask again for this tool of this connection.
    Always,
    /// Do not.
    Refuse,
}
