//! What an assistant did on the way to its answer (sections 6.3 and 7).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::item::{Extra, Source};

/// One step of an assistant's work, alone or in a workflow (section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// How far it is; means something inside a workflow only.
    #[serde(default)]
    pub status: TaskStatus,
    /// What to call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is.
    pub body: TaskBody,
    /// Unknown fields.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// How far a task is (section 7, `status_indicator`). Unknown words read as `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TaskStatus {
    /// Nothing is said about it.
    #[default]
    None,
    /// It is being done.
    Loading,
    /// It is done.
    Complete,
}

/// The types of tasks (section 7).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TaskBody {
    /// Anything, with words.
    Custom {
        /// The name of an icon.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        icon: Option<String>,
        /// Markdown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        content: Option<String>,
    },
    /// A search of the web.
    WebSearch {
        /// What was asked, as a title.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        query: Option<String>,
        /// What was asked, one by one.
        queries: Vec<String>,
        /// What was found.
        sources: Vec<Source>,
    },
    /// What a model thought.
    Thought {
        /// Markdown; each update carries all of it.
        content: String,
    },
    /// Files were read.
    File {
        /// Which.
        sources: Vec<Source>,
    },
    /// A picture was looked at or made.
    Image,
    /// A type that this version does not know; its fields are in the task's `extra`.
    Unknown {
        /// The server's name for it.
        name: String,
    },
}

/// Tasks that belong together (section 6.3, `workflow`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// Whether it is a model's reasoning.
    pub is_reasoning: bool,
    /// Its tasks, in order.
    pub tasks: Vec<Task>,
    /// What it came to, once it is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<WorkflowSummary>,
    /// Whether its tasks are to be seen from the start.
    #[serde(default)]
    pub expanded: bool,
    /// Unknown fields of the workflow inside its item.
    #[serde(default, skip_serializing_if = "Extra::is_empty")]
    pub extra: Extra,
}

/// What a workflow came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WorkflowSummary {
    /// In words.
    Custom {
        /// Which.
        title: String,
        /// The name of an icon.
        icon: Option<String>,
    },
    /// How long was thought, in whole seconds.
    Duration {
        /// So many.
        #[ts(type = "number")]
        seconds: u64,
    },
}
