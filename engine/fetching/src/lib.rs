//! Modules from elsewhere: fetched into a folder, where the language finds them.
//!
//! It knows what a source is and which folder it goes to; it knows nothing of what modules say.
//!
//! Reading order: `installer`, then a way of fetching each: `git`, `file`, `archive`, `http`, `registry`.

mod archive;
mod diagnostics;
mod file;
mod git;
mod http;
mod installer;
mod registry;

pub use installer::{Installer, Options};
