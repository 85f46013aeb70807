use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use infra_engine::diag::{Diagnostic, Diagnostics, Sources};
use infra_engine::lang::config::is_ignored;
use infra_engine::lang::format::format;
use similar::TextDiff;

use crate::context::Context;
use crate::session::Failed;

/// Rewrite configuration files in the standard layout
///
/// Works on files that end in .tf, .tfvars, .tftest.hcl, .tfmock.hcl or .tfquery.hcl, in the working folder or in the
/// folders and files that are named. With - it formats standard input. Exits with 2 after an error, and with 3 if -check finds a file that is
/// not in the standard layout.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Name the files that change
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    list: std::primitive::bool,

    /// Write the files
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = true, default_missing_value = "true")]
    write: std::primitive::bool,

    /// Show what changes
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    diff: std::primitive::bool,

    /// Change nothing; exit with 3 if a file is not in the standard layout
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    check: std::primitive::bool,

    /// Go into the folders inside folders too
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    recursive: std::primitive::bool,

    /// Files and folders, or - for standard input
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
}

const ENDINGS: [&str; 5] = [".tf", ".tfvars", ".tftest.hcl", ".tfmock.hcl", ".tfquery.hcl"];

pub(crate) fn run(cx: &Context, mut args: Args) -> Result<ExitCode, Failed> {
    let targets = std::mem::take(&mut args.targets);
    let input = targets.first().is_some_and(|target| target == "-");
    if input {
        args.list = false;
        args.write = false;
    }
    let mut formatter = Formatter {
        args,
        sources: Sources::new(),
        diags: Diagnostics::new(),
        printed: String::new(),
        changed: false,
    };
    if input {
        formatter.input();
    } else if targets.is_empty() {
        formatter.folder(".");
    } else {
        formatter.targets(&targets, &cx.folder);
    }
    cx.print(&formatter.printed);
    cx.diagnostics(&formatter.diags, &formatter.sources);
    Ok(match (formatter.diags.has_errors(), formatter.args.check && formatter.changed) {
        (true, _) => ExitCode::from(2),
        (false, true) => ExitCode::from(3),
        (false, false) => ExitCode::SUCCESS,
    })
}

struct Formatter {
    args: Args,
    sources: Sources,
    diags: Diagnostics,
    printed: String,
    changed: bool,
}

impl Formatter {
    fn fail(&mut self, summary: String) {
        self.diags.push(Diagnostic::error(summary));
    }

    /// Prints a text, whose last line ends too.
    fn print(&mut self, text: &str) {
        self.printed.push_str(text);
        if !text.ends_with('\n') {
            self.printed.push('\n');
        }
    }

    fn input(&mut self) {
        let mut bytes = Vec::new();
        match std::io::stdin().read_to_end(&mut bytes) {
            Ok(_) => self.text("<stdin>", bytes),
            Err(error) => self.fail(format!("Failed to read standard input: {error}")),
        }
    }

    fn targets(&mut self, targets: &[String], here: &Path) {
        for target in targets {
            let path = relative(target, here);
            if Path::new(&path).is_dir() {
                self.folder(&path);
            } else if !Path::new(&path).exists() {
                return self.fail(format!("No file or directory at {path}"));
            } else if ENDINGS.iter().any(|ending| path.ends_with(ending)) {
                self.file(&path);
            } else {
                self.fail(
                    "Only .tf, .tfvars, and .tftest.hcl files can be processed with infra fmt"
                        .to_owned(),
                );
            }
        }
    }

    fn folder(&mut self, folder: &str) {
        let entries = std::fs::read_dir(folder).and_then(|entries| {
            entries.map(|entry| Ok(entry?.file_name())).collect::<std::io::Result<Vec<_>>>()
        });
        let Ok(mut names) = entries else {
            return self.fail(format!("Cannot read directory {folder}"));
        };
        names.sort();
        for name in names {
            let Some(name) = name.to_str().filter(|name| !is_ignored(name)) else { continue };
            let path = if folder == "." { name.to_owned() } else { format!("{folder}/{name}") };
            if Path::new(&path).is_dir() {
                if self.args.recursive {
                    self.folder(&path);
                }
            } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                self.file(&path);
            }
        }
    }

    fn file(&mut self, path: &str) {
        match std::fs::read(path) {
            Ok(bytes) => self.text(path, bytes),
            Err(_) => self.fail(format!("Failed to read file {path}")),
        }
    }

    fn text(&mut self, path: &str, bytes: Vec<u8>) {
        let Ok(text) = String::from_utf8(bytes) else {
            let detail = format!("{path} is not text in UTF-8.");
            self.diags.push(Diagnostic::error("Invalid character encoding").detail(detail));
            return;
        };
        let source = self.sources.add(path, text.as_str());
        let Some(formatted) = format(source, &text, &mut self.diags) else { return };
        let changed = formatted != text;
        self.changed |= changed;
        let quiet = !(self.args.list || self.args.write || self.args.diff || self.args.check);
        if quiet {
            self.print(&formatted);
        }
        if !changed {
            return;
        }
        if self.args.list {
            self.printed.push_str(&format!("{path}\n"));
        }
        if self.args.write
            && !self.args.check
            && let Err(error) = std::fs::write(path, &formatted)
        {
            self.fail(format!("Failed to write {path}: {error}"));
        }
        if self.args.diff {
            let names = (format!("old/{path}"), format!("new/{path}"));
            let diff = TextDiff::from_lines(&text, &formatted);
            let shown = diff.unified_diff().header(&names.0, &names.1).to_string();
            self.print(&shown);
        }
    }
}

/// A path as seen from the working folder, without needless parts.
fn relative(path: &str, here: &Path) -> String {
    let path = Path::new(path);
    let path = path.strip_prefix(here).unwrap_or(path);
    let cleaned = infra_engine::lang::files::clean(path).to_string_lossy().into_owned();
    if cleaned.is_empty() { ".".to_owned() } else { cleaned }
}
