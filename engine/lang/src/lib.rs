//! The configuration language: files, syntax, configuration, evaluation, functions.
//!
//! It knows nothing of state, plans or API calls. Reading order: `files`, `syntax`, `format`, `config`, `eval`, `functions`,
//! `dependencies` (what depends on what), `checking`, `world` (values in every module instance), `problems`.

pub mod checking;
pub mod config;
pub mod dependencies;
pub mod eval;
pub mod files;
pub mod format;
pub mod functions;
pub mod problems;
pub mod syntax;
pub mod world;
