//! What the acceptance tests share: peers to test against, and the rules that manifests and sources must keep.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot be set up fails by panicking")]

pub mod bench;
#[cfg(unix)]
pub mod browser;
pub mod certificates;
pub mod chapter;
pub mod desk;
pub mod desktop;
pub mod faults;
pub mod gated;
pub mod home;
#[cfg(target_os = "linux")]
pub mod keyring;
pub mod leaks;
pub mod litellm;
#[cfg(target_os = "linux")]
pub mod namespaces;
pub mod nginx;
pub mod office;
pub mod oidc;
pub mod openai;
pub mod own;
pub mod peer;
pub mod program;
pub mod proxy;
pub mod recorded;
pub mod reference;
pub mod replaying;
pub mod screen;
pub mod signing_in;
pub mod tidy;
pub mod traces;
#[cfg(target_os = "linux")]
pub mod x11;
