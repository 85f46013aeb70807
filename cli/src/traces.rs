//! Traces of what a command does, for an OpenTelemetry collector: one span for the command, and below it one for each read,
//! change, provisioner and API call.
//!
//! `OTEL_TRACES_EXPORTER=otlp` turns them on, as in OpenTofu; where they go is said by the variables of the OpenTelemetry
//! specification. They are sent over HTTP when the command has ended: nothing waits for a collector meanwhile.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use infra_engine::plan::Event;
use infra_engine::provider::Call;
use serde_json::json;

use crate::views::spans::{self, Edge, Span};

/// How many spans are sent at once.
const BATCH: usize = 1000;

/// How long a collector may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What a command has done so far, and where that is sent.
pub(crate) struct Traces {
    endpoint: String,
    headers: Vec<(String, String)>,
    resource: Vec<(String, String)>,
    trace: String,
    /// The span of whoever runs the command.
    caller: Option<String>,
    begun: u64,
    work: Mutex<Work>,
}

#[derive(Default)]
struct Work {
    /// What goes on, by key.
    open: BTreeMap<String, Span>,
    done: Vec<Span>,
}

impl Traces {
    /// The traces that the environment asks for, if it does.
    pub(crate) fn new(environment: &BTreeMap<String, String>) -> Option<Self> {
        let of = |name: &str| environment.get(name).filter(|value| !value.is_empty());
        of("OTEL_TRACES_EXPORTER").filter(|exporter| *exporter == "otlp")?;
        let base = of("OTEL_EXPORTER_OTLP_ENDPOINT").map(|base| base.trim_end_matches('/'));
        let base = base.unwrap_or("http://localhost:4318");
        let endpoint = of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT").cloned();
        let headers = of("OTEL_EXPORTER_OTLP_TRACES_HEADERS").or(of("OTEL_EXPORTER_OTLP_HEADERS"));
        let mut resource = pairs(of("OTEL_RESOURCE_ATTRIBUTES"));
        let service = of("OTEL_SERVICE_NAME").map_or("infra", String::as_str);
        resource.retain(|(name, _)| name != "service.name" || of("OTEL_SERVICE_NAME").is_none());
        if !resource.iter().any(|(name, _)| name == "service.name") {
            resource.push(("service.name".to_owned(), service.to_owned()));
        }
        // `00-TRACE-SPAN-FLAGS`, as the W3C recommends it.
        let parent = of("TRACEPARENT").map(|parent| parent.split('-').collect::<Vec<_>>());
        let parent =
            parent.filter(|parts| parts.len() >= 4 && parts[1].len() == 32 && parts[2].len() == 16);
        Some(Self {
            endpoint: endpoint.unwrap_or_else(|| format!("{base}/v1/traces")),
            headers: pairs(headers),
            resource,
            trace: parent.as_ref().map_or_else(random, |parts| parts[1].to_owned()),
            caller: parent.map(|parts| parts[2].to_owned()),
            begun: now(),
            work: Mutex::default(),
        })
    }

    /// What the engine does.
    pub(crate) fn event(&self, event: &Event) {
        match spans::edge(event) {
            Edge::Begin { key, name, attributes } => {
                let (time, error) = ((now(), 0), Some("it did not end".to_owned()));
                let span = Span { name, time, client: false, attributes, error };
                self.work().open.insert(key, span);
            }
            Edge::End { key, failed } => {
                let mut work = self.work();
                let Some(begun) = work.open.remove(&key) else { return };
                let (time, error) = ((begun.time.0, now()), failed.then(String::new));
                work.done.push(Span { time, error, ..begun });
            }
            Edge::None => {}
        }
    }

    /// A call of an API.
    pub(crate) fn call(&self, call: &Call<'_>) {
        if let Some(span) = spans::call(call, now()) {
            self.work().done.push(span);
        }
    }

    /// Sends all, below one span of the command.
    ///
    /// # Errors
    /// Why that was not possible.
    pub(crate) fn send(&self, command: &str, failed: bool) -> Result<(), String> {
        let config = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build();
        let agent: ureq::Agent = config.into();
        let all = Span {
            name: format!("infra {command}"),
            time: (self.begun, now()),
            client: false,
            attributes: vec![("infra.command", json!(command))],
            error: failed.then(String::new),
        };
        let root = span_id();
        let mut work = self.work();
        let open = std::mem::take(&mut work.open);
        let open = open.into_values().map(|span| Span { time: (span.time.0, now()), ..span });
        work.done.extend(open);
        let inner = work.done.iter().map(|span| (span_id(), Some(root.clone()), span));
        let spans: Vec<_> =
            std::iter::once((root.clone(), self.caller.clone(), &all)).chain(inner).collect();
        for batch in spans.chunks(BATCH) {
            let body = spans::export(&self.resource, &self.trace, batch);
            let mut request = agent.post(&self.endpoint).header("Content-Type", "application/json");
            for (name, value) in &self.headers {
                request = request.header(name, value);
            }
            request.send(body).map_err(|error| format!("{}: {error}", self.endpoint))?;
        }
        Ok(())
    }

    fn work(&self) -> std::sync::MutexGuard<'_, Work> {
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `a=1,b=2` as pairs.
fn pairs(text: Option<&String>) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    text.into_iter().flat_map(|text| text.split(',')).filter_map(pair).collect()
}

/// 16 bytes in hexadecimal.
fn random() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

/// 8 bytes in hexadecimal.
fn span_id() -> String {
    random().split_off(16)
}

#[expect(clippy::disallowed_methods, reason = "the command line reads the clock")]
fn now() -> u64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_nanos()).unwrap_or(u64::MAX)
}
