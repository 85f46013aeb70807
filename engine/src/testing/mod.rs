//! Testing a configuration: runs that plan or apply it, and assertions about what comes of that.
//!
//! States are kept in memory, and what a file made is destroyed in its end. Reading order: `file` (what stands in a test
//! file), `run` (one run), `scope` (what assertions see), `mocks` (providers that make nothing).

mod diagnostics;
mod file;
mod mocks;
mod overrides;
mod run;
mod scope;

use std::collections::BTreeMap;

use infra_diag::{Diagnostics, Sources};
use infra_lang::config::variables::Given;
use infra_plan::{Events, Plan};
use infra_state::State;
use infra_value::Str;

use crate::Engine;

/// How tests are run.
pub struct TestOptions {
    /// Values of variables that were given outside the test files, the first ones least.
    pub given: Vec<BTreeMap<Str, Given>>,
    /// The time, in RFC 3339.
    pub now: String,
    /// Where events go.
    pub events: Events,
}

/// What came of a run, or of a file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Outcome {
    /// It was not begun, since one before it could not go on.
    Skip,
    /// All is as it should be.
    Pass,
    /// An assertion does not hold.
    Fail,
    /// It could not be carried out.
    Error,
}

impl Outcome {
    /// As Terraform names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Skip => "skip",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Error => "error",
        }
    }
}

/// What is told while tests run.
pub enum Told<'a> {
    /// A file begins; its runs.
    FileStart(&'a str, &'a [String]),
    /// A run begins.
    RunStart(&'a str, &'a str),
    /// A run has ended.
    RunDone(&'a RunResult),
    /// What a file made is destroyed now.
    TearDown(&'a str),
    /// A file has ended.
    FileDone(&'a FileResult),
}

/// What came of one run.
pub struct RunResult {
    /// The file.
    pub file: String,
    /// Its name.
    pub name: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What was found wrong.
    pub diagnostics: Diagnostics,
    /// The texts that the diagnostics are about.
    pub sources: Sources,
    /// What it planned, if it only planned.
    pub plan: Option<Plan>,
    /// The state after it applied.
    pub state: Option<State>,
}

/// What came of one file.
pub struct FileResult {
    /// Its path.
    pub path: String,
    /// The worst of its runs, and of what happened besides.
    pub outcome: Outcome,
    /// What was found wrong outside of runs.
    pub diagnostics: Diagnostics,
    /// The texts that the diagnostics are about.
    pub sources: Sources,
    /// Its runs.
    pub runs: Vec<RunResult>,
}

/// The test files of a folder: those in it and those in its test folder, sorted.
pub fn files(engine: &Engine, folder: &str) -> Vec<String> {
    let of = |dir: &str| {
        let names = engine.files.list(dir).unwrap_or_default();
        let names = names
            .into_iter()
            .filter(|name| name.ends_with(".tftest.hcl") || name.ends_with(".tofutest.hcl"));
        names
            .map(|name| if dir == "." { name } else { format!("{dir}/{name}") })
            .collect::<Vec<_>>()
    };
    let mut found = of(".");
    found.extend(of(folder.trim_end_matches('/')));
    found
}

/// The names of the runs in a test file, as far as it can be read.
pub fn run_names(engine: &Engine, path: &str) -> Vec<String> {
    let bytes = engine.files.read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let source = Sources::new().add(path, &*text);
    let file = file::TestFile::read(source, &text, &mut Diagnostics::new());
    file.runs.iter().map(|run| run.name.to_string()).collect()
}

/// Runs one test file, and destroys what it made.
pub async fn test_file(
    engine: &Engine,
    path: &str,
    options: &TestOptions,
    tell: &mut dyn FnMut(Told<'_>),
) -> FileResult {
    run::file(engine, path, options, tell).await
}
