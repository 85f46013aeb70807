//! A log of what goes on inside, for those who look for a mistake: `TF_LOG` or `INFRA_LOG` turns it on.

use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use crate::context::Context;

/// Levels, the gravest first.
const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/// Where lines go, and from which level on.
pub(crate) struct Log {
    out: Mutex<Box<dyn Write + Send>>,
    level: usize,
    json: bool,
}

impl Log {
    /// The log that the settings ask for: its level, and a file for it. `JSON` means all levels, an object a line.
    pub(crate) fn new(level: &str, path: Option<&str>) -> Option<Self> {
        let json = level.eq_ignore_ascii_case("json");
        let wanted = if json { "TRACE" } else { level };
        let level = match LEVELS.iter().position(|known| known.eq_ignore_ascii_case(wanted)) {
            Some(level) => level,
            None if wanted.eq_ignore_ascii_case("off") => return None,
            // As Terraform does with what is no level.
            None => LEVELS.len() - 1,
        };
        let file = path.and_then(|path| File::options().append(true).create(true).open(path).ok());
        let out: Box<dyn Write + Send> = match file {
            Some(file) => Box::new(file),
            None => Box::new(std::io::stderr()),
        };
        Some(Self { out: Mutex::new(out), level, json })
    }

    /// One line, if its level is wanted.
    pub(crate) fn line(&self, level: &str, text: &str) {
        let Some(at) = LEVELS.iter().position(|known| *known == level) else { return };
        if at > self.level {
            return;
        }
        let now = Context::now_in_microseconds();
        let line = if self.json {
            let level = level.to_lowercase();
            serde_json::json!({ "@level": level, "@message": text, "@timestamp": now }).to_string()
        } else {
            format!("{now} [{level}] {text}")
        };
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(out, "{line}");
    }
}
