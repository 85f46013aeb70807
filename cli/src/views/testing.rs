//! What is said about tests: lines, messages for programs, a report.

use std::collections::BTreeMap;
use std::time::Duration;

use infra_engine::diag::render::{self, Style};
use infra_engine::diag::{Diagnostic, Diagnostics, Sources};
use infra_engine::plan::Registry;
use infra_engine::testing::{ASSERTION, CleanUp, FileResult, Outcome, RunResult, Test, Told};
use serde_json::{Map, json};

use super::machine::Machine;
use super::paint::Paint;
use crate::context::Context;
use crate::diagnostics;

/// Which tests there are.
pub(crate) fn found(machine: &Machine, files: &[Test]) {
    // A file without runs has null there, as programs know it.
    let runs = |test: &Test| if test.runs.is_empty() { json!(null) } else { json!(test.runs) };
    let all: Map<String, serde_json::Value> =
        files.iter().map(|test| (test.path.clone(), runs(test))).collect();
    let runs: usize = all.values().filter_map(|runs| runs.as_array()).map(Vec::len).sum();
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let text = format!(
        "Found {} file{} and {runs} run block{}",
        files.len(),
        plural(files.len()),
        plural(runs)
    );
    machine.say("info", &text, "test_abstract", json!({ "test_abstract": all }));
}

/// What happens while tests run.
pub(crate) fn told(cx: &Context, told: &Told<'_>, verbose: bool) {
    if let Some(machine) = &cx.machine {
        message(machine, told, verbose);
    }
    let paint = cx.paint();
    match told {
        Told::FileStart(path) => cx.print(&format!("{path}... {}\n", paint.dim("in progress"))),
        Told::RunStart(..) | Told::RunTearDown(..) => {}
        Told::RunDone(run) => {
            cx.print(&format!("  run \"{}\"... {}\n", run.name, coloured(run.outcome, paint)));
            if verbose {
                cx.print(&details(run, &run.registry, paint));
            }
            if cx.machine.is_none() {
                cx.diagnostics(&run.diagnostics, &run.sources);
            }
        }
        Told::CleanedUp(path, cleaned) if cx.machine.is_none() => {
            cx.diagnostics(&cleaned.diagnostics, &cleaned.sources);
            if !cleaned.left.is_empty() {
                cx.diagnostic(
                    &diagnostics::left_behind(path, &cleaned.run, &cleaned.left),
                    &cleaned.sources,
                );
            }
        }
        Told::CleanedUp(..) => {}
        Told::TearDown(path) => cx.print(&format!("{path}... {}\n", paint.dim("tearing down"))),
        Told::FileDone(file) => {
            cx.print(&format!("{}... {}\n", file.path, coloured(file.outcome, paint)));
        }
    }
}

/// The plan or the state of a run.
fn details(run: &RunResult, registry: &Registry, paint: Paint) -> String {
    match (&run.plan, &run.state) {
        (Some(plan), _) => format!("{}\n", super::plan::human(plan, registry, paint)),
        (None, Some(state)) => format!("\n{}\n", super::state::all(state, registry, paint)),
        (None, None) => String::new(),
    }
}

fn coloured(outcome: Outcome, paint: Paint) -> String {
    match outcome {
        Outcome::Pass => paint.green("pass"),
        Outcome::Skip => paint.dim("skip"),
        Outcome::Fail | Outcome::Error => paint.red("fail"),
    }
}

fn message(machine: &Machine, told: &Told<'_>, verbose: bool) {
    let file = |text: &str, path: &str, more: serde_json::Value| {
        let mut entry = json!({ "path": path });
        merge(&mut entry, more);
        machine.say("info", text, "test_file", json!({ "@testfile": path, "test_file": entry }));
    };
    let run = |text: &str, path: &str, name: &str, more: serde_json::Value| {
        let mut entry = json!({ "path": path, "run": name });
        merge(&mut entry, more);
        let more = json!({ "@testfile": path, "@testrun": name, "test_run": entry });
        machine.say("info", text, "test_run", more);
    };
    match told {
        Told::FileStart(path) => {
            file(&format!("{path}... in progress"), path, json!({ "progress": "starting" }));
        }
        Told::RunStart(path, name) => {
            let text = format!("  \"{name}\"... in progress");
            run(&text, path, name, json!({ "progress": "starting", "elapsed": 0 }));
        }
        Told::RunDone(found) => {
            let (name, shown) = (found.outcome.name(), shown(found.outcome));
            let text = format!("  \"{}\"... {shown}", found.name);
            let more = json!({ "progress": "complete", "status": name });
            run(&text, &found.file, &found.name, more);
            if verbose {
                verbosely(machine, found);
            }
            let of = (&*found.file, &*found.name);
            found_in(machine, of, &found.diagnostics, &found.sources);
        }
        Told::RunTearDown(path, name) => {
            let text = format!("  \"{name}\"... tearing down");
            run(&text, path, name, json!({ "progress": "teardown", "elapsed": 0 }));
        }
        Told::CleanedUp(path, cleaned) => cleaned_up(machine, path, cleaned),
        Told::TearDown(path) => {
            file(&format!("{path}... tearing down"), path, json!({ "progress": "teardown" }));
        }
        Told::FileDone(found) => {
            let text = format!("{}... {}", found.path, shown(found.outcome));
            let more = json!({ "progress": "complete", "status": found.outcome.name() });
            file(&text, &found.path, more);
        }
    }
}

/// What was found wrong in a run.
fn found_in(machine: &Machine, (file, run): (&str, &str), found: &Diagnostics, sources: &Sources) {
    for diagnostic in found {
        let (level, word) =
            if diagnostic.is_error() { ("error", "Error") } else { ("warn", "Warning") };
        let more = json!({
            "@testfile": file,
            "@testrun": run,
            "diagnostic": render::json(diagnostic, sources),
        });
        machine.say(level, &format!("{word}: {}", diagnostic.summary), "diagnostic", more);
    }
}

/// The plan or the state of a run.
fn verbosely(machine: &Machine, run: &RunResult) {
    let registry = &run.registry;
    let (what, name, found) = match (&run.plan, &run.state) {
        (Some(plan), _) => ("plan", "test_plan", super::plan_json::test_plan(plan, registry)),
        (None, Some(state)) => {
            ("state", "test_state", super::plan_json::test_state(state, registry))
        }
        (None, None) => return,
    };
    let text = format!("-verbose flag enabled, printing {what}");
    let mut more = json!({ "@testfile": run.file, "@testrun": run.name });
    more[name] = found;
    machine.say("info", &text, name, more);
}

/// What was left.
fn cleaned_up(machine: &Machine, path: &str, cleaned: &CleanUp) {
    if !cleaned.left.is_empty() {
        let text = format!(
            "infra left some resources in state after executing {path}/{}, they need to be cleaned up manually.",
            cleaned.run
        );
        let left: Vec<_> = cleaned.left.iter().map(|addr| json!({ "instance": addr })).collect();
        let more = json!({
            "@testfile": path,
            "@testrun": cleaned.run,
            "test_cleanup": { "failed_resources": left },
        });
        machine.say("error", &text, "test_cleanup", more);
    }
    found_in(machine, (path, &cleaned.run), &cleaned.diagnostics, &cleaned.sources);
}

fn merge(entry: &mut serde_json::Value, more: serde_json::Value) {
    if let (Some(entry), serde_json::Value::Object(more)) = (entry.as_object_mut(), more) {
        entry.extend(more);
    }
}

fn shown(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Error => "fail",
        other => other.name(),
    }
}

/// How many passed.
pub(crate) fn summary(cx: &Context, files: &[FileResult]) {
    let count = |outcome: Outcome| {
        files.iter().flat_map(|file| &file.runs).filter(|run| run.outcome == outcome).count()
    };
    let worst = files.iter().map(|file| file.outcome).max().unwrap_or(Outcome::Pass);
    let (passed, failed) = (count(Outcome::Pass), count(Outcome::Fail));
    let (errored, skipped) = (count(Outcome::Error), count(Outcome::Skip));
    let good = matches!(worst, Outcome::Pass | Outcome::Skip);
    let word = if good { "Success!" } else { "Failure!" };
    let skips = if skipped > 0 { format!(", {skipped} skipped") } else { String::new() };
    let counts = format!("{passed} passed, {} failed{skips}.", failed + errored);
    if let Some(machine) = &cx.machine {
        let more = json!({ "test_summary": {
            "status": worst.name(),
            "passed": passed,
            "failed": failed,
            "errored": errored,
            "skipped": skipped,
        } });
        machine.say("info", &format!("{word} {counts}"), "test_summary", more);
    }
    let paint = cx.paint();
    let word = if good { paint.green(word) } else { paint.red(word) };
    cx.print(&format!("\n{} {counts}\n", paint.bold(&word)));
}

/// When runs began and how long they took, by file and name.
pub(crate) type Times = BTreeMap<(String, String), (String, Duration)>;

/// The report that many tools read.
pub(crate) fn junit(files: &[FileResult], times: &Times) -> String {
    let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuites>");
    if !files.is_empty() {
        text.push('\n');
    }
    for file in files {
        let count =
            |outcome: Outcome| file.runs.iter().filter(|run| run.outcome == outcome).count();
        text.push_str(&format!(
            "  <testsuite name=\"{}\" tests=\"{}\" skipped=\"{}\" failures=\"{}\" errors=\"{}\">\n",
            escaped(&file.path),
            file.runs.len(),
            count(Outcome::Skip),
            count(Outcome::Fail),
            count(Outcome::Error)
        ));
        let mut errored = None;
        for run in &file.runs {
            let time = times.get(&(run.file.clone(), run.name.clone()));
            let time = time
                .map(|(at, took)| format!(" time=\"{}\" timestamp=\"{at}\"", took.as_secs_f64()));
            let (name, class) = (escaped(&run.name), escaped(&run.file));
            let time = time.unwrap_or_default();
            text.push_str(&format!("    <testcase name=\"{name}\" classname=\"{class}\"{time}>"));
            text.push_str(&outcome_xml(run, errored));
            if run.outcome == Outcome::Error {
                errored = Some(run);
            }
            text.push_str("</testcase>\n");
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

/// What came of a run, which may have been skipped since another one ended in an error.
fn outcome_xml(run: &RunResult, errored: Option<&RunResult>) -> String {
    let (errors, others): (Vec<_>, Vec<_>) =
        run.diagnostics.iter().partition(|diagnostic| diagnostic.is_error());
    let element = match run.outcome {
        Outcome::Pass => String::new(),
        Outcome::Skip => {
            let why = errored.map_or_else(String::new, |errored| {
                section(&format!(
                    "Previous testcase \"{}\" ended in error, which caused the remaining tests in the file to be skipped",
                    errored.name
                ))
            });
            let message = "Testcase skipped due to a previous testcase error";
            format!("\n      <skipped message=\"{message}\">{why}</skipped>")
        }
        Outcome::Fail => {
            let failed = errors.iter().filter(|diagnostic| diagnostic.summary == ASSERTION);
            let messages: Vec<&str> = failed.map(|failed| failed.detail.as_str()).collect();
            let message = format!(
                "{} of {} assertions failed: {}",
                messages.len(),
                run.assertions,
                messages.join(", ")
            );
            let (message, text) = (escaped(&message), section(&plain(&errors, run)));
            format!("\n      <failure message=\"{message}\">{text}</failure>")
        }
        Outcome::Error => {
            let text = section(&plain(&errors, run));
            format!("\n      <error message=\"Encountered an error\">{text}</error>")
        }
    };
    let warnings = match others.is_empty() {
        true => String::new(),
        false => format!("\n      <system-err>{}</system-err>", section(&plain(&others, run))),
    };
    let end = if element.is_empty() && warnings.is_empty() { "" } else { "\n    " };
    format!("{element}{warnings}{end}")
}

/// Diagnostics as they are printed, without their boxes.
fn plain(found: &[&Diagnostic], run: &RunResult) -> String {
    let style = Style { colour: false, width: 80 };
    let boxed = found.iter().map(|diagnostic| render::human(diagnostic, &run.sources, style));
    let plain = |line: &str| match line.chars().next() {
        Some('╷' | '╵') => String::new(),
        Some('│') => {
            line.trim_start_matches('│').strip_prefix(' ').unwrap_or_default().to_owned()
        }
        _ => line.to_owned(),
    };
    let lines: Vec<String> =
        boxed.flat_map(|text| text.lines().map(plain).collect::<Vec<_>>()).collect();
    format!("\n{}\n", lines.join("\n").trim())
}

/// Plain text in XML; what ends it must not stand in it.
fn section(text: &str) -> String {
    format!("<![CDATA[{}]]>", text.replace("]]>", "]]]]><![CDATA[>"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
