//! Values of Kittiwake: items, events, threads, operations, failures, connections and settings.
//!
//! Nothing here does IO, waits, or reads a clock. ChatKit's model of threads, items and events is the model of the
//! application; every other kind of backend is translated into it. "Section n" in these documents means the section of
//! the ChatKit protocol that a type comes from.
//!
//! Open sets stay open: a kind, a field or an enum value that this version does not know is carried along as
//! *unknown* and never makes the rest unreadable.

mod asking;
mod attachment;
mod catalogue;
mod connection;
mod custom;
mod draft;
mod event;
mod failure;
mod finding;
mod ids;
mod item;
mod network;
mod oauth;
mod openai;
mod operation;
mod policy;
mod profile;
mod route;
mod session;
mod settings;
mod task;
mod thread;
mod turn;
mod widget;

pub use asking::{
    ClientToolCall, InputStatus, Question, QuestionAnswer, QuestionBody, StructuredAnswer, StructuredInput,
};
pub use attachment::{AttachmentOptions, MaxSize};
pub use catalogue::{Listed, Model, ModelRef, Price};
pub use connection::{Carried, Connection, Kind};
pub use custom::{CustomAnswers, CustomPaths, CustomRequest, CustomSessions, CustomSettings, TextPlaces};
pub use draft::{Beside, Draft, Mention, Misplaced};
pub use event::{ItemUpdate, Notice, NoticeLevel, Progress, ServerError, ThreadEvent};
pub use failure::{Failure, FailureCode, Mapping};
pub use finding::Finding;
pub use ids::{ConnectionId, ConversationId, DraftFileId, ItemId, RemoteThreadId, ThreadId, TurnId};
pub use item::{
    Annotation, Attachment, Extra, InferenceOptions, Item, ItemBody, ItemStage, Source, StoredItem, TextPart,
    UserContent, UserMessage,
};
pub use network::{ClientCertificate, Network, PinnedCertificate, PlainHttp, ProxyChoice};
pub use oauth::{OauthEndpoints, OauthFlow, OauthProvider, OauthSource};
pub use openai::{AnswerOptions, ContextRule, ContextSettings, ModelParameters, OpenaiDialect, OpenaiSettings};
pub use operation::{
    FeedbackKind, NewAttachment, Operation, Order, Page, Reply, UploadMethod, UploadTarget, UserInput,
};
pub use policy::Policy;
pub use profile::{
    Accent, ApiOptions, ColorScheme, Command, CommandOptions, ComposerFiles, ComposerOptions, ComposerTool,
    CornerRadius, Deed, Density, Disclaimer, Entity, EntityOptions, Grayscale, HeaderAction, HeaderOptions,
    HistoryOptions, ItemActions, Profile, ProfilePrompt, PromptContent, PromptPart, Published, StartScreen, Surface,
    ThemeColors, ThemeOptions, ThreadBehaviour, TitleOptions, Typography, UploadStrategy,
};
pub use route::{Answerer, Handover, Leg, Legs, Route};
pub use session::{EndpointSource, Gives, Header, HostedSource, RefreshEndpoint, SessionMethod, SessionSource, SignIn};
pub use settings::{Appearance, Patience, Settings, Theme, UpdateCheck, WhenUnreachable};
pub use task::{Task, TaskBody, TaskStatus, Workflow, WorkflowSummary};
pub use thread::{RemoteThread, Thread, ThreadStatus};
pub use turn::{Attempt, AttemptReason, Rate, RateOf, TurnEnd, TurnRecord, TurnTimes, Usage, is_same_model};
pub use widget::{CustomAction, GeneratedImage, ImageSource, Widget};
