//! How events and API calls read in traces, and traces as JSON of the OpenTelemetry protocol. No values: a trace is sent to
//! others.

use infra_engine::addrs::ResourceInstance;
use infra_engine::plan::{Action, Event, Happened, Objects};
use infra_engine::provider::Call;
use serde_json::{Value as Json, json};

use super::{actions, messages};

/// A piece of work that took some time.
pub(crate) struct Span {
    /// What was done.
    pub(crate) name: String,
    /// When it began and ended, in nanoseconds since 1970.
    pub(crate) time: (u64, u64),
    /// Whether somebody else was asked.
    pub(crate) client: bool,
    /// What is known of it.
    pub(crate) attributes: Vec<(&'static str, Json)>,
    /// Why it failed, if it did; empty where a diagnostic tells.
    pub(crate) error: Option<String>,
}

/// What an event says of a piece of work, which a key tells from others that go on.
pub(crate) enum Edge {
    /// One begins.
    Begin { key: String, name: String, attributes: Vec<(&'static str, Json)> },
    /// One ends.
    End { key: String, failed: bool },
    /// Nothing.
    None,
}

/// What an event says of a piece of work.
pub(crate) fn edge(event: &Event) -> Edge {
    let begin = |name: String, addr: &ResourceInstance| {
        let type_name = json!(&*addr.resource.type_name);
        let attributes =
            vec![("infra.address", json!(addr.to_string())), ("infra.type", type_name)];
        Edge::Begin { key: name.clone(), name, attributes }
    };
    let end = |key: String, failed| Edge::End { key, failed };
    let refresh = |type_name: &str, objects: &Objects| {
        let first = objects.first().map(|(addr, _)| addr.to_string()).unwrap_or_default();
        format!("refresh {type_name} {first}")
    };
    let read = |addr: &ResourceInstance| format!("read {addr}");
    let list = |addr: &ResourceInstance| format!("list {addr}");
    let apply = |addr: &ResourceInstance, action| {
        let verb = match action {
            Action::Create => "create",
            Action::Update => "update",
            Action::Delete => "delete",
            _ => "apply",
        };
        format!("{verb} {addr}")
    };
    let pass = |addr: &ResourceInstance, verb| format!("{} {addr}", messages::passing(verb).0);
    let provision = |addr: &ResourceInstance, how: &str| format!("provision {addr} ({how})");
    match event {
        Event::RefreshStart { type_name, objects } => Edge::Begin {
            key: refresh(type_name, objects),
            name: format!("refresh {type_name}"),
            attributes: vec![
                ("infra.type", json!(type_name)),
                ("infra.objects", json!(objects.len())),
            ],
        },
        Event::RefreshDone { type_name, objects } => end(refresh(type_name, objects), false),
        Event::ReadStart { addr } => begin(read(addr), addr),
        Event::ReadDone { addr, .. } => end(read(addr), false),
        Event::ReadFailed { addr } => end(read(addr), true),
        Event::ApplyStart { addr, action, .. } => begin(apply(addr, *action), addr),
        Event::ApplyDone { addr, action, .. } => end(apply(addr, *action), false),
        Event::ApplyFailed { addr, action } => end(apply(addr, *action), true),
        Event::EphemeralStart { addr, verb } => begin(pass(addr, *verb), addr),
        Event::EphemeralDone { addr, verb } => end(pass(addr, *verb), false),
        Event::EphemeralFailed { addr, verb } => end(pass(addr, *verb), true),
        Event::ListStart { addr, .. } => begin(list(addr), addr),
        Event::ListDone { addr, .. } => end(list(addr), false),
        Event::ListFailed { addr } => end(list(addr), true),
        Event::ProvisionStart { addr, provisioner } => begin(provision(addr, provisioner), addr),
        Event::ProvisionDone { addr, provisioner, failed } => {
            end(provision(addr, provisioner), *failed)
        }
        Event::Action { invocation, happened } => {
            let name = format!("invoke {}", actions::which(invocation));
            match happened {
                Happened::Started => begin(name, &invocation.addr),
                Happened::Progress(_) => Edge::None,
                Happened::Done => end(name, false),
                Happened::Failed(_) => end(name, true),
            }
        }
        _ => Edge::None,
    }
}

/// A call that was answered, by the moment of the answer; nothing while it is under way.
pub(crate) fn call(call: &Call<'_>, now: u64) -> Option<Span> {
    let answer = call.answer.as_ref()?;
    let took = u64::try_from(answer.took.as_nanos()).unwrap_or(u64::MAX);
    let mut attributes = vec![
        ("rpc.system", json!("aws-api")),
        ("rpc.service", json!(call.service)),
        ("rpc.method", json!(call.operation)),
        ("cloud.region", json!(call.region)),
    ];
    if call.attempt > 1 {
        attributes.push(("http.request.resend_count", json!(call.attempt - 1)));
    }
    attributes.extend(answer.status.map(|status| ("http.response.status_code", json!(status))));
    attributes.extend(answer.request_id.map(|id| ("aws.request_id", json!(id))));
    attributes.extend(answer.error.map(|error| ("error.type", json!(error))));
    Some(Span {
        name: format!("{}.{}", call.service, call.operation),
        time: (now.saturating_sub(took), now),
        client: true,
        attributes,
        error: answer.error.map(str::to_owned),
    })
}

/// Spans in the form in which `POST /v1/traces` takes them, each with its id and that of its parent.
///
/// Source: the OpenTelemetry protocol 1.x, `ExportTraceServiceRequest` in JSON.
pub(crate) fn export(
    resource: &[(String, String)],
    trace: &str,
    spans: &[(String, Option<String>, &Span)],
) -> String {
    let resource: Vec<Json> =
        resource.iter().map(|(key, value)| pair(key, &json!(value))).collect();
    let spans: Vec<Json> = spans
        .iter()
        .map(|(id, parent, span)| {
            let attributes = span.attributes.iter().map(|(key, value)| pair(key, value));
            let status = match &span.error {
                None => json!({}),
                Some(message) => json!({ "code": 2, "message": message }),
            };
            let mut entry = json!({
                "traceId": trace,
                "spanId": id,
                "name": span.name,
                "kind": if span.client { 3 } else { 1 },
                "startTimeUnixNano": span.time.0.to_string(),
                "endTimeUnixNano": span.time.1.to_string(),
                "attributes": attributes.collect::<Vec<_>>(),
                "status": status,
            });
            if let Some(parent) = parent {
                entry["parentSpanId"] = json!(parent);
            }
            entry
        })
        .collect();
    let scope = json!({ "name": "infra", "version": env!("CARGO_PKG_VERSION") });
    let scoped = json!([{ "scope": scope, "spans": spans }]);
    let document = json!([{ "resource": { "attributes": resource }, "scopeSpans": scoped }]);
    json!({ "resourceSpans": document }).to_string()
}

fn pair(key: &str, value: &Json) -> Json {
    let value = match value {
        Json::Number(number) => json!({ "intValue": number.to_string() }),
        Json::String(text) => json!({ "stringValue": text }),
        other => json!({ "stringValue": other.to_string() }),
    };
    json!({ "key": key, "value": value })
}
