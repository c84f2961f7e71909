//! What a host shows: the only shapes that cross between the core and a window. None that goes out can hold a secret.

mod app;
mod attachments;
mod check;
mod connection;
mod details;
mod effect;
mod finding;
mod form;
mod input;
mod items;
mod latency;
mod managed;
mod message;
mod models;
mod profile;
mod route;
mod slow;
mod thread;
mod wire;

pub use app::{About, Activity, AppMessage, AppView, CrashReport, NewVersion, SearchHit, ThreadView, Updates};
pub use attachments::{Composed, DraftFile, DraftFileState, DraftFiles, Dragged, FileLimits, FileTarget};
pub use check::{CheckFact, CheckOutcome, CheckStep, CheckStepKind, CheckVerdict, CheckView};
pub use connection::{
    ConnectionState, ConnectionView, SessionPhase, SessionView, SignInView, SignInWay, SignOutView, SigningInView,
    StartPrompt,
};
pub use details::{DetailsView, StepView};
pub use effect::{EffectView, SettingsPage};
pub use finding::{FindingView, Whose};
pub use form::{
    ConnectionFile, ConnectionImport, FormCase, FormChoice, FormField, FormInput, KindForm, LocalServer, ThreadOptions,
};
pub use input::{ConnectionDraft, Keep, SendRequest, Sent};
pub use items::{
    Consent, GeneratedImageView, QuestionView, QuestionsView, TaskKind, TaskView, ToolCallState, ToolCallView,
    WidgetAction, WidgetView, WorkflowView,
};
pub use latency::{LatencyTimes, LatencyToday, LatencyTurn, LatencyView};
pub use managed::{EnvironmentView, ManagedView};
pub use message::{AttachmentView, SourceView, UserPartView};
pub use models::{CatalogueView, ModelDraft, ModelSource, ModelView, PublishedView, ThreadModelView};
pub use profile::{DisclaimerView, EntitiesView, ProfileView, ThemeColorView, ThemeView};
pub use route::{AnsweringView, RouteDraft, RouteImport, RouteView};
pub use slow::{SlowView, SlowWhat};
pub use thread::{
    ContextView, HeldView, HeldWhy, ItemView, ItemViewBody, NextView, OlderItems, ThreadMessage, ThreadOp, TurnOutcome,
    TurnPhase, TurnView,
};
pub use wire::{
    ExchangeDetail, ExchangeEnd, ExchangeView, FrameKind, Mark, MarkSort, Recording, WireFrame, WireHeader, WireHit,
    WireNews, WireText,
};
