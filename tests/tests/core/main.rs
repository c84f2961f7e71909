//! The core without a window, against servers of the outside world and against what was recorded of them.
//!
//! One program, since each one holds all of the engine: linking takes longer than most of what is tested here. What counts
//! the time, files and connections of its whole process stands beside this folder, in a program of its own.

// What was recorded, replayed, and what nobody would record.
mod bad_data;
mod conformance;
mod guide_cards;
mod hostile_items;
mod replay;
mod replay_custom;
mod replay_openai;
mod replay_state;

// Backends: the official ChatKit SDK, servers as the tutorials write them, LiteLLM.
mod attachments;
mod catalogue;
mod chatkit_sdk;
mod composing;
mod context;
mod custom;
mod custom_sessions;
mod details;
mod endings;
mod engine;
mod fallback;
mod litellm;
mod openai;
mod patience_engine;
mod peer;
mod pictures;
mod sessions;
mod socket;
mod versions;
mod wire;

// Credentials, and the network between.
mod environment;
mod network;
mod nginx;
mod oauth;
mod oauth_hostile;
mod offline;
mod policy;
mod sign_in;

// What is told of all that when it fails.
mod check_engine;
mod doctor_answer;
mod doctor_here;
mod doctor_network;
mod doctor_session;
mod doctor_upload;
mod slow;
