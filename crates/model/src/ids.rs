//! Opaque identifiers. None of them is ever parsed.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Wraps an identifier as it was given.
            pub fn new(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }
    };
}

id!(
    /// A connection: chosen by Kittiwake, also the account name of its keychain entry.
    ConnectionId
);
id!(
    /// A thread as this machine knows it. It exists before a server has named the thread, and never changes.
    ThreadId
);
id!(
    /// The name that a server gave to a thread (section 6.2). Unique only within one connection.
    RemoteThreadId
);
id!(
    /// The name that a server gave to a conversation which it does not keep as a thread, to be told it with each message.
    ConversationId
);
id!(
    /// An item (section 6.3): the server's id, or a local one until the server has confirmed the item.
    ItemId
);
id!(
    /// A file that is to go with a message that was not sent yet: chosen by Kittiwake, and known to no server.
    DraftFileId
);
id!(
    /// One request of the person and all that streams back.
    TurnId
);

impl ItemId {
    /// What every local id starts with.
    const LOCAL: &'static str = "local-";

    /// An id for an item that no server has confirmed yet. `unique` must not repeat within a thread.
    pub fn local(unique: impl fmt::Display) -> Self {
        Self(format!("{}{unique}", Self::LOCAL))
    }

    /// Whether the item was never confirmed by a server.
    pub fn is_local(&self) -> bool {
        self.0.starts_with(Self::LOCAL)
    }
}
