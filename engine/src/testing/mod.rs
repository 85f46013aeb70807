//! Testing a configuration: runs that plan or apply it, and assertions about what comes of that.
//!
//! States are kept in memory, and what a file made is destroyed in its end. What may stand in a test file is the language's:
//! `infra_lang::config::TestFile`. Reading order: `run` (the runs of a file), `asserting`, `expecting`, `scope` (what
//! assertions see), `overrides` and `mocks` (providers that make nothing).

mod asserting;
mod diagnostics;
mod expecting;
mod mocks;
mod overrides;
mod run;
mod scope;

use std::collections::BTreeMap;

use infra_diag::{Diagnostics, Sources};
use infra_lang::config::variables::Given;
use infra_lang::config::{Config, TestFile};
use infra_plan::{Events, Plan, Registry};
use infra_state::State;
use infra_value::Str;

use crate::Engine;

/// How tests are run.
pub struct TestOptions {
    /// Values of variables that were given outside the test files, the first ones least.
    pub given: Vec<BTreeMap<Str, Given>>,
    /// How many runs may go on at once.
    pub run_parallelism: usize,
    /// The time, in RFC 3339.
    pub now: String,
    /// Where events go.
    pub events: Events,
}

/// The title of the diagnostic of an assertion that does not hold.
pub const ASSERTION: &str = diagnostics::ASSERTION;

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

/// A test file that was found.
pub struct Test {
    /// Its path.
    pub path: String,
    /// The names of its runs.
    pub runs: Vec<String>,
    text: String,
}

/// What is told while tests run.
pub enum Told<'a> {
    /// A file begins.
    FileStart(&'a str),
    /// A run begins.
    RunStart(&'a str, &'a str),
    /// A run has ended.
    RunDone(&'a RunResult),
    /// What a file made is destroyed now.
    TearDown(&'a str),
    /// What a run left is destroyed now.
    RunTearDown(&'a str, &'a str),
    /// What a run left could not be destroyed, or not all of it.
    CleanedUp(&'a str, &'a CleanUp),
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
    /// The providers that it had, also those that stood in for others.
    pub registry: Registry,
    /// How many assertions it has.
    pub assertions: usize,
}

/// What was wrong when the state of a run was destroyed.
pub struct CleanUp {
    /// The run that had the state last.
    pub run: String,
    /// The objects that are still there.
    pub left: Vec<String>,
    /// What was found wrong.
    pub diagnostics: Diagnostics,
    /// The texts that the diagnostics are about.
    pub sources: Sources,
}

/// What came of one file.
pub struct FileResult {
    /// Its path.
    pub path: String,
    /// The worst of its runs, and of what happened besides.
    pub outcome: Outcome,
    /// Its runs.
    pub runs: Vec<RunResult>,
}

/// The tests of a folder: those in it and those in its test folder, sorted, that are wanted. Nothing is run if something is
/// wrong with one of them.
pub fn find(
    engine: &Engine,
    folder: &str,
    wanted: &dyn Fn(&str) -> bool,
) -> (Vec<Test>, Diagnostics, Sources) {
    let mut sources = Sources::new();
    let (files, found) = read(engine, folder, &mut sources);
    let tests = files.into_iter().filter(|(path, ..)| wanted(path)).map(|(path, text, file)| {
        let runs = file.runs.iter().map(|run| run.name.to_string()).collect();
        Test { path, runs, text }
    });
    (tests.collect(), found, sources)
}

/// What can be said against the tests of a folder without running them. Their texts are added to `sources`, which are
/// those of the configuration.
pub fn check(engine: &Engine, folder: &str, config: &Config, sources: &mut Sources) -> Diagnostics {
    let (files, mut found) = read(engine, folder, sources);
    if found.has_errors() {
        return found;
    }
    for (_, _, file) in &files {
        overrides::check(&file.overrides, config, &mut found);
        for run in file.runs.iter().filter(|run| run.source.is_none()) {
            overrides::check(&run.overrides, config, &mut found);
        }
        for run in &file.runs {
            found.extend(expecting::check(run, config));
        }
    }
    found
}

/// A file that was read: its path, its text, and what it says.
type ReadFile = (String, String, TestFile);

fn read(engine: &Engine, folder: &str, sources: &mut Sources) -> (Vec<ReadFile>, Diagnostics) {
    let (mut files, mut found) = (Vec::new(), Diagnostics::new());
    let is_test = |name: &String| {
        let kinds = [".tftest.hcl", ".tftest.json", ".tofutest.hcl", ".tofutest.json"];
        kinds.iter().any(|kind| name.ends_with(kind))
    };
    let of = |dir: &str| {
        let names = engine.files.list(dir).unwrap_or_default().into_iter().filter(is_test);
        let path = |name| if dir == "." { name } else { format!("{dir}/{name}") };
        names.map(path).collect::<Vec<_>>()
    };
    let mut paths = of(".");
    if engine.files.list(folder).is_ok() {
        paths.extend(of(folder));
    } else if folder != "tests" {
        found.push(diagnostics::no_folder(folder));
    }
    for path in paths {
        let text = match engine.files.read(&path) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) => {
                found.push(diagnostics::unreadable(&path, &error.to_string()));
                continue;
            }
        };
        let source = sources.add(&path, text.as_str());
        let file = TestFile::read(source, &path, &text, &mut found);
        for run in &file.runs {
            if let Some((module, span)) = &run.source
                && engine.files.list(run::folder(module)).is_err()
            {
                let within = format!("run \"{}\"", run.name);
                found.push(diagnostics::no_module(module).at(*span).within(within));
            }
        }
        files.push((path, text, file));
    }
    (files, found)
}

/// Runs one test file, and destroys what it made.
pub async fn test_file(
    engine: &Engine,
    test: &Test,
    options: &TestOptions,
    tell: &mut dyn FnMut(Told<'_>),
) -> FileResult {
    run::file(engine, test, options, tell).await
}
