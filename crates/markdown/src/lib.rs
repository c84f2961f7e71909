//! Streamed Markdown to patches of typed nodes.
//!
//! A [`Stream`] takes a text as it arrives and says after each piece what changed in its tree, as few [`Patch`]es as
//! are needed. [`render`] does the same for a text that is whole. A [`Tree`] is what the patches build.
//!
//! ```
//! use markdown::{Stream, Tree, render};
//!
//! let mut stream = Stream::new();
//! let mut tree = Tree::new();
//! for delta in ["It is **very", " simple**.", "\n"] {
//!     tree.apply(&stream.push(delta));
//! }
//! tree.apply(&stream.finish());
//! assert_eq!(tree.plain_text(), "It is very simple.");
//! assert_eq!(tree.snapshot(), render("It is **very simple**.\n"));
//! ```
//!
//! The dialect is CommonMark with GitHub's tables, strikethrough, task lists and footnotes, and formulas between `$` or
//! `$$`. HTML is text. A single line break in a paragraph is a `\n` in its text.
//!
//! A [`Mark`] is put where it belongs in the text, as a [`Node::Mark`].

mod autolink;
mod complete;
mod convert;
mod diff;
mod fence;
mod highlight;
mod hold;
mod marks;
mod patch;
mod source;
mod stream;
mod tree;

pub use marks::Mark;
pub use patch::{Alignment, Node, NodeId, Patch, ROOT, Span, Token};
pub use stream::{Stream, render, render_marked, warm_up};
pub use tree::{Misfit, Tree};
