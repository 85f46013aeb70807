//! How results read. Commands hand over data; only views turn it into words.

pub(crate) mod alike;
pub(crate) mod change;
pub(crate) mod console;
mod difference;
mod drift;
pub(crate) mod functions;
pub(crate) mod graph;
pub(crate) mod init;
pub(crate) mod json;
pub(crate) mod logging;
pub(crate) mod machine;
pub(crate) mod messages;
pub(crate) mod modules;
pub(crate) mod output;
pub(crate) mod paint;
pub(crate) mod plan;
mod plan_json;
pub(crate) mod progress;
pub(crate) mod providers;
pub(crate) mod question;
pub(crate) mod schemas;
pub(crate) mod spans;
pub(crate) mod state;
pub(crate) mod testing;
pub(crate) mod value;
pub(crate) mod warnings;
pub(crate) mod workspace;
