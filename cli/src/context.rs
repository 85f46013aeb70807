//! What a command knows of the outside: environment, working folder, terminal, clock.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use infra_engine::diag::render::Style;
use infra_engine::diag::{Diagnostic, Diagnostics, Sources};
use infra_engine::lang::files::{Disk, Files};

/// The outside of a command.
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
        Ok(Self {
            environment,
            folder,
            style: Style { colour: !plain, width },
            terminal,
            aws: Default::default(),
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

    /// Prints to standard output. A closed output is no error: whoever closed it has seen enough.
    pub(crate) fn print(&self, text: &str) {
        let _ = std::io::stdout().write_all(text.as_bytes());
        let _ = std::io::stdout().flush();
    }

    /// Prints a diagnostic: errors to standard error, warnings to standard output.
    pub(crate) fn diagnostic(&self, diagnostic: &Diagnostic, sources: &Sources) {
        let text = infra_engine::diag::render::human(diagnostic, sources, self.style);
        if diagnostic.is_error() {
            write_error(&format!("{text}\n"));
        } else {
            self.print(&format!("{text}\n"));
        }
    }

    /// Prints diagnostics, warnings first.
    pub(crate) fn diagnostics(&self, diagnostics: &Diagnostics, sources: &Sources) {
        let (errors, warnings): (Vec<_>, Vec<_>) =
            diagnostics.iter().partition(|diagnostic| diagnostic.is_error());
        for diagnostic in warnings.into_iter().chain(errors) {
            self.diagnostic(diagnostic, sources);
        }
    }
}

/// Prints to standard error.
pub(crate) fn write_error(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// Prints a line to standard output.
pub(crate) fn write_line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Ends the process at once.
#[expect(clippy::exit, reason = "only the command line ends the process")]
pub(crate) fn exit(code: i32) -> ! {
    std::process::exit(code)
}
