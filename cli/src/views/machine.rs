//! Messages for programs, one JSON object a line, of the types that Terraform's `-json` has.

use std::io::Write;
use std::sync::{Mutex, PoisonError};

use infra_engine::addrs::{InstanceKey, ResourceInstance};
use infra_engine::diag::{Diagnostic, Sources, render};
use infra_engine::state::State;
use serde_json::{Map, Value as Json, json};

use crate::context::Context;

/// Where messages go.
pub(crate) struct Machine {
    out: Mutex<Box<dyn Write + Send>>,
    /// Nothing else is printed.
    pub(crate) alone: bool,
}

impl Machine {
    /// Messages to standard output, and nothing else there.
    pub(crate) fn alone() -> Self {
        Self { out: Mutex::new(Box::new(std::io::stdout())), alone: true }
    }

    /// Messages to a file, beside what people read.
    pub(crate) fn beside(file: std::fs::File) -> Self {
        Self { out: Mutex::new(Box::new(file)), alone: false }
    }

    /// One message: its level, its text, its type, and what else belongs to it.
    pub(crate) fn say(&self, level: &str, text: &str, ty: &str, more: Json) {
        let mut message = Map::new();
        message.insert("@level".into(), json!(level));
        message.insert("@message".into(), json!(text));
        message.insert("@module".into(), json!("terraform.ui"));
        message.insert("@timestamp".into(), json!(Context::now_in_microseconds()));
        if let Json::Object(more) = more {
            message.extend(more);
        }
        message.insert("type".into(), json!(ty));
        let mut out = self.out.lock().unwrap_or_else(PoisonError::into_inner);
        // Whoever has closed it has seen enough.
        let _ = writeln!(out, "{}", Json::Object(message)).and_then(|()| out.flush());
    }

    /// The first message.
    pub(crate) fn version(&self) {
        let text = format!("infra {}", env!("CARGO_PKG_VERSION"));
        let more = json!({ "terraform": State::COMPATIBLE, "infra": env!("CARGO_PKG_VERSION"), "ui": "1.2" });
        self.say("info", &text, "version", more);
    }

    pub(crate) fn diagnostic(&self, diagnostic: &Diagnostic, sources: &Sources) {
        let (level, word) =
            if diagnostic.is_error() { ("error", "Error") } else { ("warn", "Warning") };
        let text = format!("{word}: {}", diagnostic.summary);
        let more = json!({ "diagnostic": render::json(diagnostic, sources) });
        self.say(level, &text, "diagnostic", more);
    }
}

/// An address with its parts.
pub(crate) fn resource(addr: &ResourceInstance) -> Json {
    let resource = ResourceInstance { module: Default::default(), ..addr.clone() };
    let provider = addr.resource.type_name.split('_').next().unwrap_or_default();
    json!({
        "addr": addr.to_string(),
        "module": addr.module.to_string(),
        "resource": resource.to_string(),
        "implied_provider": provider,
        "resource_type": &*addr.resource.type_name,
        "resource_name": &*addr.resource.name,
        "resource_key": match &addr.key {
            None => Json::Null,
            Some(InstanceKey::Int(index)) => json!(index),
            Some(InstanceKey::String(key)) => json!(&**key),
        },
    })
}
