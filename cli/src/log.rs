//! A log of what goes on inside, for those who look for a mistake: `TF_LOG` or `INFRA_LOG` turns it on.
//!
//! `TF_LOG_CORE` and `TF_LOG_PROVIDER` say it of the engine and of API calls alone. Values are never logged: what
//! somebody sends to another must not hold secrets.

use std::fs::File;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use infra_engine::plan::Event;
use infra_engine::provider::Call;
use serde_json::{Map, Value as Json};

use crate::context::Context;
use crate::views::logging;

/// Levels, the gravest first.
const LEVELS: [&str; 5] = ["ERROR", "WARN", "INFO", "DEBUG", "TRACE"];

/// Where lines go, and from which level on.
pub(crate) struct Log {
    out: Mutex<Box<dyn Write + Send>>,
    /// How many levels are wanted of the engine.
    core: usize,
    /// How many are wanted of API calls.
    provider: usize,
    json: bool,
}

impl Log {
    /// The log that the settings ask for. `JSON` means all levels, an object a line.
    pub(crate) fn new<'s>(setting: impl Fn(&str) -> Option<&'s str>) -> Option<Self> {
        let core = setting("LOG").or_else(|| setting("LOG_CORE"));
        let provider = setting("LOG_PROVIDER").or_else(|| setting("LOG"));
        let levels = |wanted: Option<&str>| wanted.map_or(0, levels);
        let json = core.or(provider).is_some_and(|wanted| wanted.eq_ignore_ascii_case("json"));
        let (core, provider) = (levels(core), levels(provider));
        if core + provider == 0 {
            return None;
        }
        let file = setting("LOG_PATH")
            .and_then(|path| File::options().append(true).create(true).open(path).ok());
        let out: Box<dyn Write + Send> = match file {
            Some(file) => Box::new(file),
            None => Box::new(std::io::stderr()),
        };
        Some(Self { out: Mutex::new(out), core, provider, json })
    }

    /// One line about the command, if its level is wanted.
    pub(crate) fn line(&self, level: &str, text: &str) {
        self.write(self.core, level, text, None, Map::new());
    }

    /// What the engine does.
    pub(crate) fn event(&self, event: &Event) {
        let level = logging::level(event);
        if wants(self.core, level) {
            self.line(level, &logging::event(event));
        }
    }

    /// A call of an API: that it is made is a matter of tracing, how it ended one of debugging.
    pub(crate) fn call(&self, call: &Call<'_>) {
        let level = if call.answer.is_some() { "DEBUG" } else { "TRACE" };
        if wants(self.provider, level) {
            let (text, fields) = logging::call(call);
            self.write(self.provider, level, &text, Some("aws"), fields);
        }
    }

    fn write(
        &self,
        wanted: usize,
        level: &str,
        text: &str,
        part: Option<&str>,
        fields: Map<String, Json>,
    ) {
        if !wants(wanted, level) {
            return;
        }
        let now = Context::now_in_microseconds();
        let line = if self.json {
            let mut line = fields;
            line.extend(part.map(|part| ("@module".to_owned(), part.into())));
            line.insert("@level".to_owned(), level.to_lowercase().into());
            line.insert("@message".to_owned(), text.into());
            line.insert("@timestamp".to_owned(), now.into());
            Json::Object(line).to_string()
        } else {
            let part = part.map(|part| format!("{part}: ")).unwrap_or_default();
            let fields = fields.iter().map(|(name, value)| match value {
                Json::String(text) => format!(" {name}={text}"),
                other => format!(" {name}={other}"),
            });
            format!("{now} [{level}] {part}{text}{}", fields.collect::<String>())
        };
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = writeln!(out, "{line}");
    }
}

/// How many of the levels a setting asks for. What is no level means all of them, as for Terraform.
fn levels(wanted: &str) -> usize {
    match LEVELS.iter().position(|known| known.eq_ignore_ascii_case(wanted)) {
        Some(level) => level + 1,
        None if wanted.eq_ignore_ascii_case("off") => 0,
        None => LEVELS.len(),
    }
}

fn wants(wanted: usize, level: &str) -> bool {
    LEVELS.iter().take(wanted).any(|known| *known == level)
}
