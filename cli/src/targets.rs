//! What limits a run: `-target` and `-exclude`, and files of addresses.

use std::path::{Path, PathBuf};

use infra_engine::addrs::{ParseError, Target};
use infra_engine::diag::{Sources, Span};

use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, fail};

/// Addresses that a run is limited to, or that it leaves out.
#[derive(clap::Args, Clone, Default)]
pub(crate) struct TargetArgs {
    /// Limit the run to a resource or module, and what it depends on
    #[arg(long, value_name = "ADDRESS")]
    target: Vec<String>,

    /// Limit the run to the addresses in a file: one a line, and comments that begin with #
    #[arg(long, value_name = "FILE")]
    target_file: Vec<PathBuf>,

    /// Leave out a resource or module, and what depends on it
    #[arg(long, value_name = "ADDRESS", conflicts_with_all = ["target", "target_file"])]
    exclude: Vec<String>,

    /// Leave out the addresses in a file
    #[arg(long, value_name = "FILE", conflicts_with_all = ["target", "target_file"])]
    exclude_file: Vec<PathBuf>,
}

impl TargetArgs {
    /// Whether there are any.
    pub(crate) fn is_empty(&self) -> bool {
        self.target.is_empty()
            && self.target_file.is_empty()
            && self.exclude.is_empty()
            && self.exclude_file.is_empty()
    }

    /// What the run is limited to.
    pub(crate) fn targets(&self, cx: &Context) -> Result<Vec<Target>, Failed> {
        all(cx, "target", &self.target, &self.target_file)
    }

    /// What it leaves out.
    pub(crate) fn excludes(&self, cx: &Context) -> Result<Vec<Target>, Failed> {
        all(cx, "exclude", &self.exclude, &self.exclude_file)
    }
}

fn all(
    cx: &Context,
    flag: &'static str,
    given: &[String],
    files: &[PathBuf],
) -> Result<Vec<Target>, Failed> {
    let mut found = Vec::new();
    for text in given {
        match text.parse() {
            Ok(target) => found.push(target),
            Err(ParseError(problem)) => {
                return fail(cx, diagnostics::wrong_flag_address(flag, text, &problem));
            }
        }
    }
    for path in files {
        found.extend(listed(cx, flag, path)?);
    }
    Ok(found)
}

/// The addresses in a file. All that are wrong are reported.
fn listed(cx: &Context, flag: &'static str, path: &Path) -> Result<Vec<Target>, Failed> {
    let text = match std::fs::read_to_string(cx.folder.join(path)) {
        Ok(text) => text,
        Err(error) => return fail(cx, diagnostics::unreadable_targets(flag, path, &error)),
    };
    let mut sources = Sources::new();
    let source = sources.add(&path.display().to_string(), &*text);
    let (mut found, mut wrong, mut start) = (Vec::new(), false, 0);
    for line in text.split_inclusive('\n') {
        let address = line[..comment(line)].trim();
        match address.parse() {
            _ if address.is_empty() => {}
            Ok(target) => found.push(target),
            Err(ParseError(problem)) => {
                let indent = line.len() - line.trim_start().len();
                let begin = (start + indent) as u32;
                let span = Span { source, start: begin, end: begin + address.len() as u32 };
                cx.diagnostic(&diagnostics::wrong_listed_address(flag, &problem, span), &sources);
                wrong = true;
            }
        }
        start += line.len();
    }
    if wrong { Err(Failed) } else { Ok(found) }
}

/// Where the comment of a line begins. A `#` in quotes is a part of a key.
fn comment(line: &str) -> usize {
    let mut quoted = false;
    let begins = |(_, character): &(usize, char)| {
        quoted ^= *character == '"';
        *character == '#' && !quoted
    };
    line.char_indices().find(begins).map_or(line.len(), |(at, _)| at)
}
