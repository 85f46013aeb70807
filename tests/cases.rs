//! Runs the cases below `tests/cases`: Markdown files that a user can read, with the files of a configuration and what
//! commands print.
//!
//! - A fenced block whose first line names a file (` ```hcl main.tf `) is written to an empty folder.
//! - In a block ` ```console ` every line that starts with `$ ` is run by a shell in that folder; what follows is what it
//!   prints, and `? 1` at the end says that it exits with 1.
//! - `[..]` stands for anything within a line, `...` on a line of its own for any lines.
//! - `var.ssh` is an SSH server whose commands run in the folder `remote`: `port`, `host_key`, and the `private_key` of `root`,
//!   whose password is `secret`.
//! - `BLESS=1 cargo test --test cases` writes what commands print into the cases; look at the difference.

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "../provisioners/ssh/tests/server/mod.rs"]
mod ssh;

use std::collections::BTreeMap;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use regex::Regex;

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/cases");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let needs_sandbox = files.iter().any(|file| text_of(file).contains("-sandbox"));
    if needs_sandbox && !arguments.list {
        prepare_emulator();
    }
    let trials = files.into_iter().map(|file| {
        let name = file.strip_prefix(&root).unwrap_or(&file).with_extension("");
        let name = name.to_string_lossy().replace('/', "::");
        Trial::test(name, move || run(&file))
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            files.push(path);
        }
    }
}

fn text_of(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_default()
}

/// Where the emulator is installed where there is none on the PATH: below the target folder, once for all cases.
fn cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// Has the emulator installed before cases that need it run side by side.
fn prepare_emulator() {
    let folder = tempfile::tempdir().expect("a folder for the first sandbox");
    let output = "output \"ready\" {\n  value = true\n}\n";
    std::fs::write(folder.path().join("main.tf"), output).expect("a configuration");
    for arguments in [["plan", "-sandbox"], ["sandbox", "stop"]] {
        let output = command(folder.path(), env!("CARGO_BIN_EXE_infra")).args(arguments).output();
        let output = output.expect("the command can be run");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "the sandbox cannot be started: {errors}");
    }
}

/// A command that sees nothing of the surroundings but the PATH.
fn command(folder: &Path, program: &str) -> Command {
    let bin = Path::new(env!("CARGO_BIN_EXE_infra")).parent().expect("the folder of the command");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path =
        std::env::join_paths(std::iter::once(bin.to_owned()).chain(std::env::split_paths(&path)));
    let mut command = Command::new(program);
    command
        .current_dir(folder)
        .env_clear()
        .env("PATH", path.expect("the PATH can be joined"))
        .env("HOME", folder)
        .env("XDG_CACHE_HOME", cache())
        .env("COLUMNS", "80")
        .env("EXAMPLES", Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples"))
        .env("MODULES", Path::new(env!("CARGO_MANIFEST_DIR")).join("../modules"));
    command
}

/// Ends the sandbox of a case, however the case ends.
struct Sandbox<'a>(&'a Path);

impl Drop for Sandbox<'_> {
    fn drop(&mut self) {
        let _ = command(self.0, env!("CARGO_BIN_EXE_infra")).args(["sandbox", "stop"]).output();
    }
}

fn run(file: &Path) -> Result<(), Failed> {
    let case = text_of(file);
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let here = folder.path().canonicalize().map_err(|error| error.to_string())?;
    let _sandbox = case.contains("-sandbox").then(|| {
        let _ = std::fs::create_dir_all(here.join(".infra/sandbox"));
        Sandbox(&here)
    });
    let mut environment = BTreeMap::new();
    if case.contains("test_object") {
        environment.insert("INFRA_TEST_PROVIDER", "1".to_owned());
    }
    let _ssh = case.contains("var.ssh").then(|| {
        let _ = std::fs::create_dir_all(here.join("remote"));
        let server = ssh::Server::start(&here.join("remote"));
        environment.insert("TF_VAR_ssh", reached_at(&server));
        server
    });
    let mut written = String::new();
    let mut problems = Vec::new();
    let mut lines = case.lines().peekable();
    while let Some(line) = lines.next() {
        written.push_str(line);
        written.push('\n');
        let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else { continue };
        let mut body = Vec::new();
        while let Some(line) = lines.next_if(|line| *line != "```") {
            body.push(line);
        }
        match info.split_once(' ') {
            Some((_, name)) => {
                let path = here.join(name);
                let parent = path.parent().unwrap_or(&here);
                std::fs::create_dir_all(parent).map_err(|error| error.to_string())?;
                std::fs::write(&path, body.join("\n") + "\n").map_err(|error| error.to_string())?;
                written.extend(body.iter().flat_map(|line| [line, "\n"]));
            }
            None if info == "console" => {
                written.push_str(&session(&here, &body, &environment, &mut problems)?);
            }
            None => written.extend(body.iter().flat_map(|line| [line, "\n"])),
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(file, written).map_err(|error| error.to_string())?;
        return Ok(());
    }
    Err(format!("{}\n\nBLESS=1 accepts what is printed.", problems.join("\n\n")).into())
}

/// The variable `ssh`: how a server is reached.
fn reached_at(server: &ssh::Server) -> String {
    let key = server.key.to_openssh(russh::keys::ssh_key::LineEnding::LF).expect("a key");
    let host_key = server.host_key.to_openssh().expect("a key");
    format!(
        "{{ port = {}, host_key = {host_key:?}, private_key = {:?} }}",
        server.port,
        key.as_str()
    )
}

/// Runs the commands of a block with more in their environment; gives the block as it should be.
fn session(
    folder: &Path,
    body: &[&str],
    environment: &BTreeMap<&str, String>,
    problems: &mut Vec<String>,
) -> Result<String, Failed> {
    let mut written = String::new();
    let mut rest = body;
    while let Some((line, after)) = rest.split_first() {
        let Some(line) = line.strip_prefix("$ ") else {
            return Err(format!("a command starts with \"$ \", found {line:?}").into());
        };
        let end = after.iter().position(|line| line.starts_with("$ ")).unwrap_or(after.len());
        let (expected, next) = after.split_at(end);
        rest = next;
        let mut shell = command(folder, "sh");
        shell.envs(environment);
        let output = limited(shell.args(["-c", &format!("exec 2>&1\n{line}")]))
            .map_err(|error| error.to_string())?;
        let mut printed = String::from_utf8_lossy(&output.stdout).trim_end().to_owned();
        if !output.status.success() {
            let code = output.status.code().map_or("signal".to_owned(), |code| code.to_string());
            printed = format!("{printed}\n? {code}").trim_start().to_owned();
        }
        let printed = steady(&printed.replace(&*folder.to_string_lossy(), "[folder]"));
        let actual: Vec<&str> = printed.lines().map(str::trim_end).collect();
        written.push_str(&format!("$ {line}\n"));
        if matches(expected, &actual) {
            written.extend(expected.iter().flat_map(|line| [line, "\n"]));
        } else {
            written.extend(actual.iter().flat_map(|line| [line, "\n"]));
            problems.push(format!(
                "$ {line}\n--- expected\n{}\n--- printed\n{}",
                expected.join("\n"),
                actual.join("\n")
            ));
        }
    }
    Ok(written)
}

/// How long one command may take. What it printed until then tells more than a run that never ends.
const LIMIT: Duration = Duration::from_secs(240);

/// Runs a command and all that it starts, not longer than the limit.
fn limited(command: &mut Command) -> std::io::Result<Output> {
    let child = command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn()?;
    let group = format!("-{}", child.id());
    let (done, waiting) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        if waiting.recv_timeout(LIMIT) == Err(RecvTimeoutError::Timeout) {
            let _ = Command::new("kill").args(["-KILL", "--", &group]).status();
        }
    });
    let output = child.wait_with_output();
    drop(done);
    let _ = watch.join();
    output
}

/// What differs from run to run is `[..]`.
fn steady(printed: &str) -> String {
    let patterns: BTreeMap<&str, &str> = BTreeMap::from([
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[..]"),
        (r"\b([a-z]+)-[0-9a-f]{17}\b", "${1}-[..]"),
        (r"\bafter \d+m?s\b", "after [..]"),
        (r"\bTook [^,]+, \d+ API calls?", "Took [..]"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+ \+0000 UTC", "[..]"),
        (r"(Who: +)\S+@\S+", "${1}[..]"),
        (r"terraform_\d+\.sh", "terraform_[..].sh"),
        (r"\bTook \d+m?s\b", "Took [..]"),
        (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "[..]"),
    ]);
    patterns.iter().fold(printed.to_owned(), |text, (pattern, with)| {
        let pattern = Regex::new(pattern).expect("the pattern is a regular expression");
        pattern.replace_all(&text, *with).into_owned()
    })
}

fn matches(expected: &[&str], actual: &[&str]) -> bool {
    match (expected.split_first(), actual.split_first()) {
        (None, None) => true,
        (Some((&"...", rest)), _) => {
            (0..=actual.len()).any(|skipped| matches(rest, &actual[skipped..]))
        }
        (Some((first, rest)), Some((line, others))) => {
            line_matches(first.trim_end(), line) && matches(rest, others)
        }
        _ => false,
    }
}

fn line_matches(expected: &str, actual: &str) -> bool {
    let mut parts = expected.split("[..]");
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = actual.strip_prefix(first) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    true
}
