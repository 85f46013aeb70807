//! How events and API calls read in the log. No values: a log is sent to others.

use infra_engine::addrs::ResourceInstance;
use infra_engine::plan::{Event, ResourceChange};
use infra_engine::provider::Call;
use serde_json::{Map, Value as Json};

use super::listing;
use super::messages::{self, passing};
use super::progress::{doing, done};

/// The level at which an event is told.
pub(crate) fn level(event: &Event) -> &'static str {
    match event {
        Event::Visit { .. } | Event::ProvisionOutput { .. } => "TRACE",
        Event::Diagnostic(found) if found.is_error() => "ERROR",
        Event::Diagnostic(_) | Event::Stopping => "WARN",
        Event::ReadFailed { .. }
        | Event::ApplyFailed { .. }
        | Event::EphemeralFailed { .. }
        | Event::ListFailed { .. } => "ERROR",
        _ => "DEBUG",
    }
}

/// An event in a line.
pub(crate) fn event(event: &Event) -> String {
    let id = |id: &Option<String>| id.as_ref().map(|id| format!(" [id={id}]")).unwrap_or_default();
    match event {
        Event::Visit { node } => format!("{node}: visiting"),
        Event::Connected { provider } => format!("{provider}: configured"),
        Event::RefreshStart { type_name, objects } => {
            let of =
                |(addr, known): &(ResourceInstance, Option<String>)| format!("{addr}{}", id(known));
            let objects: Vec<String> = objects.iter().map(of).collect();
            format!("{type_name}: reading {}", objects.join(", "))
        }
        Event::RefreshDone { type_name, objects } => format!("{type_name}: read {}", objects.len()),
        Event::ReadStart { addr } => format!("{addr}: reading"),
        Event::ReadDone { addr, id: known } => format!("{addr}: read{}", id(known)),
        Event::ReadFailed { addr } => format!("{addr}: reading failed"),
        Event::ApplyStart { addr, action, id: known } => {
            format!("{addr}: {}{}", doing(*action).to_lowercase(), id(known))
        }
        Event::ApplyDone { addr, action, id: known } => {
            format!("{addr}: {}{}", done(*action).to_lowercase(), id(known))
        }
        Event::ApplyFailed { addr, action } => {
            format!("{addr}: {} failed", doing(*action).to_lowercase())
        }
        Event::EphemeralDeferred { addr } => format!("{addr}: not opened before apply"),
        Event::EphemeralStart { addr, verb } => {
            format!("{addr}: {}", passing(*verb).1.to_lowercase())
        }
        Event::EphemeralDone { addr, verb } => {
            format!("{addr}: {} complete", passing(*verb).1.to_lowercase())
        }
        Event::EphemeralFailed { addr, verb } => {
            format!("{addr}: {} failed", passing(*verb).1.to_lowercase())
        }
        Event::ListStart { addr, .. } => format!("{addr}: listing"),
        Event::ListFound { addr, found } => format!("{addr}: found {}", listing::known_by(found)),
        Event::ListDone { addr, total } => format!("{addr}: listed {total}"),
        Event::ListFailed { addr } => format!("{addr}: listing failed"),
        Event::ProvisionStart { addr, provisioner } => format!("{addr}: provisioner {provisioner}"),
        Event::ProvisionOutput { addr, provisioner, line } => {
            format!("{addr}: provisioner {provisioner}: {line}")
        }
        Event::ProvisionDone { addr, provisioner, failed } => {
            let how = if *failed { "failed" } else { "complete" };
            format!("{addr}: provisioner {provisioner} {how}")
        }
        Event::Action { invocation, happened } => super::actions::said(invocation, happened),
        Event::Diagnostic(found) => format!("{}: {}", found.summary, found.detail),
        Event::Stopping => "stopping".to_owned(),
        other => format!("{other:?}"),
    }
}

/// What becomes of an instance, and why. `how` says whether it is planned or was found.
pub(crate) fn change(how: &str, change: &ResourceChange) -> String {
    let why = change.reason.map(|reason| format!(" ({})", messages::reason_name(reason)));
    format!("{}: {how}: {}{}", change.addr, messages::action(change), why.unwrap_or_default())
}

/// A call in a few words, and what is known of it.
pub(crate) fn call(call: &Call<'_>) -> (String, Map<String, Json>) {
    let mut fields = Map::new();
    let mut field = |name: &str, value: Json| fields.insert(name.to_owned(), value);
    field("service", call.service.into());
    field("operation", call.operation.into());
    field("region", call.region.into());
    if call.attempt > 1 {
        field("attempt", call.attempt.into());
    }
    let Some(answer) = &call.answer else { return ("request".to_owned(), fields) };
    field("duration_ms", u64::try_from(answer.took.as_millis()).unwrap_or(u64::MAX).into());
    if let Some(status) = answer.status {
        field("status", status.into());
    }
    if let Some(id) = answer.request_id {
        field("request_id", id.into());
    }
    if let Some(error) = answer.error {
        field("error", error.into());
    }
    (if answer.error.is_some() { "failed" } else { "answered" }.to_owned(), fields)
}
