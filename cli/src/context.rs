//! What a command knows of the outside: environment, working folder, terminal, clock.

use std::collections::BTreeMap;
use std::io::{BufRead as _, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use infra_engine::diag::render::Style;
use infra_engine::diag::{Diagnostic, Diagnostics, Sources};
use infra_engine::lang::files::{Disk, Files};
use infra_engine::provider::Calls;

use crate::log::Log;
use crate::traces::Traces;
use crate::views::machine::Machine;
use crate::views::paint::Paint;
use crate::views::warnings;

/// The outside of a command.
#[derive(Clone)]
pub(crate) struct Context {
    /// Environment variables.
    pub(crate) environment: BTreeMap<String, String>,
    /// The folder of the root module.
    pub(crate) folder: PathBuf,
    /// How output is styled.
    pub(crate) style: Style,
    /// Whether a person is looking at standard output.
    pub(crate) terminal: bool,
    /// What the sandbox sets in place of the AWS variables of the environment.
    pub(crate) aws: infra_provider_aws::Overrides,
    /// Where messages for programs go, if they are wanted.
    pub(crate) machine: Option<Arc<Machine>>,
    /// What is shown of results.
    pub(crate) showing: Showing,
    /// The log, if it is wanted.
    pub(crate) log: Option<Arc<Log>>,
    /// Traces, if they are wanted.
    pub(crate) traces: Option<Arc<Traces>>,
}

/// What is shown of results, and what is left out.
#[derive(Clone, Copy, Default)]
pub(crate) struct Showing {
    /// Warnings are shown by their summaries.
    pub(crate) compact_warnings: bool,
    /// Warnings with the same summary are shown one by one.
    pub(crate) separate_warnings: bool,
    /// Errors with the same summary are shown as one.
    pub(crate) consolidated_errors: bool,
    /// What is going on is not shown.
    pub(crate) concise: bool,
    /// Sensitive values are shown.
    pub(crate) sensitive: bool,
}

impl Context {
    /// Reads the environment and enters the folder.
    ///
    /// # Errors
    /// A sentence on a folder that cannot be entered.
    #[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
    pub(crate) fn new(chdir: Option<&Path>, no_colour: bool) -> Result<Self, String> {
        let environment: BTreeMap<String, String> = std::env::vars().collect();
        let here = std::env::current_dir()
            .map_err(|error| format!("There is no working folder: {error}."))?;
        let folder = match chdir {
            Some(dir) => here.join(dir),
            None => here,
        };
        if !folder.is_dir() {
            return Err(format!("-chdir: there is no folder {}.", folder.display()));
        }
        std::env::set_current_dir(&folder).map_err(|error| format!("-chdir: {error}."))?;
        let terminal = std::io::stdout().is_terminal();
        let plain = no_colour
            || !terminal
            || environment.get("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = match console::Term::stdout().size_checked() {
            Some((_, columns)) if terminal => usize::from(columns),
            _ => 78,
        };
        let setting = |name: &str| {
            let found = ["INFRA", "TF"]
                .iter()
                .find_map(|prefix| environment.get(&format!("{prefix}_{name}")));
            found.filter(|value| !value.is_empty()).map(String::as_str)
        };
        let log = Log::new(setting);
        Ok(Self {
            log: log.map(Arc::new),
            traces: Traces::new(&environment).map(Arc::new),
            environment,
            folder,
            style: Style { colour: !plain, width },
            terminal,
            aws: Default::default(),
            machine: None,
            showing: Showing::default(),
        })
    }

    /// The value of `INFRA_<name>` or else `TF_<name>`.
    pub(crate) fn setting(&self, name: &str) -> Option<&str> {
        ["INFRA", "TF"].iter().find_map(|prefix| {
            let value = self.environment.get(&format!("{prefix}_{name}"))?;
            (!value.is_empty()).then_some(value.as_str())
        })
    }

    /// The folder in which infra keeps what belongs to a working folder: `.terraform`, or what `TF_DATA_DIR` says.
    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.join(self.setting("DATA_DIR").unwrap_or(".terraform"))
    }

    /// Writes to the log, if there is one.
    pub(crate) fn log(&self, level: &str, text: impl FnOnce() -> String) {
        if let Some(log) = &self.log {
            log.line(level, &text());
        }
    }

    /// Where API calls are told.
    pub(crate) fn calls(&self) -> Calls {
        let (log, traces) = (self.log.clone(), self.traces.clone());
        if log.is_none() && traces.is_none() {
            return Calls::default();
        }
        Calls::new(move |call| {
            log.iter().for_each(|log| log.call(call));
            traces.iter().for_each(|traces| traces.call(call));
        })
    }

    /// Sends what was traced, if that is wanted. A collector that cannot be reached is no reason to fail.
    pub(crate) fn send_traces(&self, command: &str, code: std::process::ExitCode) {
        let Some(traces) = &self.traces else { return };
        let failed = code == std::process::ExitCode::FAILURE;
        if let Err(problem) = traces.send(command, failed) {
            self.diagnostic(&crate::diagnostics::traces_not_sent(&problem), &Sources::new());
        }
    }

    /// How values are painted.
    pub(crate) fn paint(&self) -> Paint {
        let (colour, width) = (self.style.colour, self.style.width);
        Paint { colour, sensitive: self.showing.sensitive, width }
    }

    /// Whether questions may be asked, as far as the environment says.
    pub(crate) fn may_ask(&self) -> bool {
        !matches!(self.setting("INPUT"), Some("0" | "false"))
    }

    /// Whether questions may be asked, and somebody is there to answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.may_ask() && self.somebody_there()
    }

    /// Whether a program runs the command, so that people need no advice on what to do next.
    pub(crate) fn in_automation(&self) -> bool {
        self.setting("IN_AUTOMATION").is_some()
    }

    /// The user's home.
    pub(crate) fn home(&self) -> Option<PathBuf> {
        self.environment
            .get("HOME")
            .or_else(|| self.environment.get("USERPROFILE"))
            .map(PathBuf::from)
    }

    /// The real files, from the folder of the root module.
    pub(crate) fn files(&self) -> Arc<dyn Files> {
        Arc::new(Disk { working_dir: self.folder.clone(), home: self.home() })
    }

    /// The time now, in RFC 3339 with nanoseconds as Go prints them.
    #[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
    pub(crate) fn now() -> String {
        jiff::Timestamp::try_from(std::time::SystemTime::now())
            .unwrap_or(jiff::Timestamp::UNIX_EPOCH)
            .to_string()
    }

    /// Seconds since 1970.
    #[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
    pub(crate) fn unix_seconds() -> u64 {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |since| since.as_secs())
    }

    /// The time now in microseconds, in RFC 3339.
    pub(crate) fn now_in_microseconds() -> String {
        let now = Self::now();
        let (seconds, fraction) = now.trim_end_matches('Z').split_once('.').unwrap_or((&now, "0"));
        format!("{}.{fraction:0<6.6}Z", seconds.trim_end_matches('Z'))
    }

    /// The time now in whole seconds, in RFC 3339.
    pub(crate) fn now_in_seconds() -> String {
        let now = Self::now();
        match now.split_once('.') {
            Some((seconds, _)) => format!("{seconds}Z"),
            None => now,
        }
    }

    /// Who works: `user@host`.
    pub(crate) fn who(&self) -> String {
        let user =
            ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| self.environment.get(*name));
        let host = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
        let host = self.environment.get("HOSTNAME").map_or(host.trim(), String::as_str);
        format!("{}@{host}", user.map_or("root", String::as_str))
    }

    /// Whether a person types what comes from standard input.
    pub(crate) fn input_terminal(&self) -> bool {
        std::io::stdin().is_terminal()
    }

    /// Prints to standard output what people read. A closed output is no error: whoever closed it has seen enough.
    pub(crate) fn print(&self, text: &str) {
        if self.machine.as_ref().is_none_or(|machine| !machine.alone) {
            self.print_result(text);
        }
    }

    /// Prints to standard output, also where messages go there: what a command was asked for.
    pub(crate) fn print_result(&self, text: &str) {
        let _ = std::io::stdout().write_all(text.as_bytes());
        let _ = std::io::stdout().flush();
    }

    /// Prints a diagnostic: errors to standard error, warnings to standard output.
    pub(crate) fn diagnostic(&self, diagnostic: &Diagnostic, sources: &Sources) {
        let level = if diagnostic.is_error() { "ERROR" } else { "WARN" };
        self.log(level, || format!("{}: {}", diagnostic.summary, diagnostic.detail));
        if let Some(machine) = &self.machine {
            machine.diagnostic(diagnostic, sources);
            if machine.alone {
                return;
            }
        }
        let text = infra_engine::diag::render::human(diagnostic, sources, self.style);
        if diagnostic.is_error() {
            write_error(&format!("{text}\n"));
        } else {
            self.print(&format!("{text}\n"));
        }
    }

    /// Prints diagnostics: warnings first, those of one severity in the order of their places. For people, those that
    /// say the same of many places are one.
    pub(crate) fn diagnostics(&self, diagnostics: &Diagnostics, sources: &Sources) {
        let mut found: Vec<_> = diagnostics.iter().collect();
        found.sort_by_cached_key(|found| {
            let file = found.span.and_then(|span| sources.get(span.source));
            let place = file.map(|file| (file.path.clone(), found.span.map(|span| span.start)));
            (found.is_error(), place)
        });
        if self.machine.is_some() {
            found.iter().for_each(|diagnostic| self.diagnostic(diagnostic, sources));
            return;
        }
        let consolidated = warnings::consolidated(&found, self.showing);
        let compact = self.showing.compact_warnings && !diagnostics.has_errors();
        if compact && !found.is_empty() {
            self.print(&warnings::compact(&consolidated, sources, self.paint()));
            return;
        }
        for (diagnostic, others) in consolidated {
            let detail = warnings::detail(diagnostic, others);
            self.diagnostic(&Diagnostic { detail, ..diagnostic.clone() }, sources);
        }
    }

    /// Whether somebody may answer a question: input is a terminal, a pipe or a file, and not nowhere.
    pub(crate) fn somebody_there(&self) -> bool {
        let stdin = std::io::stdin();
        let Ok(file) = rustix::fs::fstat(&stdin) else { return false };
        let kind = rustix::fs::FileType::from_raw_mode(file.st_mode);
        stdin.is_terminal()
            || matches!(
                kind,
                rustix::fs::FileType::Fifo
                    | rustix::fs::FileType::RegularFile
                    | rustix::fs::FileType::Socket
            )
    }

    /// Asks, and gives the line that was answered; nothing at the end of input or on an interrupt.
    pub(crate) async fn ask(&self, question: &str) -> Option<String> {
        self.print(&format!("{question}\n\n  Enter a value: "));
        let read = tokio::task::spawn_blocking(|| {
            let mut line = String::new();
            let read = std::io::stdin().lock().read_line(&mut line).ok()?;
            (read > 0).then(|| line.trim().to_owned())
        });
        let answer = tokio::select! {
            answer = read => answer.ok().flatten(),
            () = crate::interrupt::interrupted() => None,
        };
        if !std::io::stdin().is_terminal() || answer.is_none() {
            self.print("\n");
        }
        answer
    }
}

/// Prints to standard error.
pub(crate) fn write_error(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Prints to standard output.
pub(crate) fn write_text(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}

/// Prints a line to standard output.
pub(crate) fn write_line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}
