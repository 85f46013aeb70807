//! Plans, results and events as messages for programs.

use std::time::Duration;

use infra_engine::addrs::{Mode as ResourceMode, ResourceInstance};
use infra_engine::plan::{Action, Counts, Event, Mode, Plan, Reason, ResourceChange, Verb};
use infra_engine::state::State;
use infra_engine::value::json;
use serde_json::{Map, Value as Json, json};

use super::actions;
use super::listing;
use super::machine::{Machine, resource};
use super::progress::{self, short};

/// What a plan would do: a message for each change, then the counts and the output values.
pub(crate) fn plan(machine: &Machine, plan: &Plan) {
    changes(machine, plan);
    totals(machine, plan);
}

/// A message for each change of a plan, and for each action.
pub(crate) fn changes(machine: &Machine, plan: &Plan) {
    for change in &plan.drift {
        if change.action != Action::NoOp || plan.mode == Mode::RefreshOnly {
            let action = action(change);
            let text = format!("{}: Drift detected ({action})", change.addr);
            machine.say("info", &text, "resource_drift", json!({ "change": described(change) }));
        }
    }
    for change in &plan.changes {
        let data = change.addr.resource.mode == ResourceMode::Data;
        let moved = change.previous_addr.is_some() || change.importing.is_some();
        if (change.action == Action::NoOp && !moved) || (data && change.action == Action::Delete) {
            continue;
        }
        let text = format!("{}: Plan to {}", change.addr, action(change));
        machine.say("info", &text, "planned_change", json!({ "change": described(change) }));
    }
    for found in &plan.deferred {
        let mut change = described(&found.change);
        change["resource"]["addr"] = json!(found.address);
        let text = format!("{}: Deferred ({})", found.address, found.reason.name());
        let more = json!({ "change": change, "reason": found.reason.name() });
        machine.say("info", &text, "deferred_change", more);
    }
    actions::planned(machine, plan);
}

fn totals(machine: &Machine, plan: &Plan) {
    let counts = plan.counts();
    let import =
        if counts.import > 0 { format!("{} to import, ", counts.import) } else { String::new() };
    let text = format!(
        "Plan: {import}{} to add, {} to change, {} to destroy.{}",
        counts.add,
        counts.change,
        counts.destroy,
        actions::counted(counts.invoke, "to invoke")
    );
    machine.say("info", &text, "change_summary", summary(counts, "plan"));
    if !plan.outputs.is_empty() {
        let outputs = plan.outputs.iter().map(|(name, output)| {
            let entry =
                json!({ "sensitive": output.is_sensitive(), "action": action_name(output.action) });
            (name.to_string(), entry)
        });
        let outputs: Map<String, Json> = outputs.collect();
        let text = format!("Outputs: {}", outputs.len());
        machine.say("info", &text, "outputs", json!({ "outputs": outputs }));
    }
}

/// What was done.
pub(crate) fn applied(machine: &Machine, counts: Counts, mode: Mode) {
    let (mut text, operation) = match mode {
        Mode::Destroy => {
            (format!("Destroy complete! Resources: {} destroyed.", counts.destroy), "destroy")
        }
        _ => {
            let import = if counts.import > 0 {
                format!("{} imported, ", counts.import)
            } else {
                String::new()
            };
            let text = format!(
                "Apply complete! Resources: {import}{} added, {} changed, {} destroyed.",
                counts.add, counts.change, counts.destroy
            );
            (text, "apply")
        }
    };
    text.push_str(&actions::counted(counts.invoke, "invoked"));
    machine.say("info", &text, "change_summary", summary(counts, operation));
}

/// The output values of a state.
pub(crate) fn outputs(machine: &Machine, state: &State) {
    let outputs = state.outputs.iter().map(|(name, output)| {
        let ty = output.value.ty();
        let mut entry = json!({ "sensitive": output.sensitive, "type": json::type_to_json(&ty) });
        if !output.sensitive {
            entry["value"] = json::to_json(&output.value, &ty).unwrap_or(Json::Null);
        }
        (name.to_string(), entry)
    });
    let outputs: Map<String, Json> = outputs.collect();
    let text = format!("Outputs: {}", outputs.len());
    machine.say("info", &text, "outputs", json!({ "outputs": outputs }));
}

fn summary(counts: Counts, operation: &str) -> Json {
    let mut changes = json!({
        "add": counts.add,
        "change": counts.change,
        "import": counts.import,
        "remove": counts.destroy,
        "operation": operation,
    });
    if counts.invoke > 0 {
        changes["action_invocation"] = json!(counts.invoke);
    }
    json!({ "changes": changes })
}

fn described(change: &ResourceChange) -> Json {
    let mut entry = Map::new();
    entry.insert("resource".into(), resource(&change.addr));
    if let Some(before) = &change.previous_addr {
        entry.insert("previous_resource".into(), resource(before));
    }
    entry.insert("action".into(), json!(action(change)));
    if let Some(reason) = change.reason {
        entry.insert("reason".into(), json!(reason_name(reason)));
    }
    if let Some(id) = &change.importing {
        entry.insert("importing".into(), json!({ "id": id }));
    }
    if let Some(text) = &change.generated_config {
        entry.insert("generated_config".into(), json!(text));
    }
    Json::Object(entry)
}

/// What is done, in a word.
pub(super) fn action(change: &ResourceChange) -> &'static str {
    match change.action {
        Action::NoOp if change.importing.is_some() => "import",
        Action::NoOp if change.previous_addr.is_some() => "move",
        action => action_name(action),
    }
}

fn action_name(action: Action) -> &'static str {
    match action {
        Action::NoOp => "noop",
        Action::Create => "create",
        Action::Read => "read",
        Action::Update => "update",
        Action::DeleteThenCreate | Action::CreateThenDelete => "replace",
        Action::Delete => "delete",
        Action::Forget => "remove",
    }
}

pub(super) fn reason_name(reason: Reason) -> &'static str {
    match reason {
        Reason::ReplaceBecauseTainted => "tainted",
        Reason::ReplaceByRequest => "requested",
        Reason::ReplaceByTriggers => "replace_triggered_by",
        Reason::ReplaceBecauseCannotUpdate => "cannot_update",
        other => other.name(),
    }
}

/// An event. `elapsed` is the time since its work began.
pub(crate) fn event(machine: &Machine, event: &Event, elapsed: Duration) {
    let hook = |addr: &ResourceInstance, more: Json| {
        let mut hook = Map::from_iter([("resource".to_owned(), resource(addr))]);
        if let Json::Object(more) = more {
            hook.extend(more);
        }
        json!({ "hook": hook })
    };
    let with_id = |id: &Option<String>, mut more: Json| {
        if let Some(id) = id {
            more["id_key"] = json!("id");
            more["id_value"] = json!(id);
        }
        more
    };
    let suffix =
        |id: &Option<String>| id.as_ref().map(|id| format!(" [id={id}]")).unwrap_or_default();
    let seconds = elapsed.as_secs();
    match event {
        Event::RefreshStart { objects, .. } => {
            for (addr, id) in objects.iter() {
                let text = format!("{addr}: Refreshing state...{}", suffix(id));
                machine.say("info", &text, "refresh_start", hook(addr, with_id(id, json!({}))));
            }
        }
        Event::RefreshDone { objects, .. } => {
            for (addr, id) in objects.iter() {
                let text = format!("{addr}: Refresh complete{}", suffix(id));
                machine.say("info", &text, "refresh_complete", hook(addr, with_id(id, json!({}))));
            }
        }
        Event::ReadStart { addr } => {
            let text = format!("{addr}: Refreshing...");
            machine.say("info", &text, "apply_start", hook(addr, json!({ "action": "read" })));
        }
        Event::ReadDone { addr, id } => {
            let text = format!("{addr}: Refresh complete after {}{}", short(elapsed), suffix(id));
            let mut more = with_id(id, json!({ "action": "read" }));
            more["elapsed_seconds"] = json!(seconds);
            machine.say("info", &text, "apply_complete", hook(addr, more));
        }
        Event::ApplyStart { addr, action, id } => {
            let text = format!("{addr}: {}...{}", doing(*action), suffix(id));
            let more = with_id(id, json!({ "action": action_name(*action) }));
            machine.say("info", &text, "apply_start", hook(addr, more));
        }
        Event::ApplyDone { addr, action, id } => {
            let text = format!(
                "{addr}: {} complete after {}{}",
                noun(*action),
                short(elapsed),
                suffix(id)
            );
            let mut more = with_id(id, json!({ "action": action_name(*action) }));
            more["elapsed_seconds"] = json!(seconds);
            machine.say("info", &text, "apply_complete", hook(addr, more));
        }
        Event::ApplyFailed { addr, action } => {
            let text = format!("{addr}: {} errored after {}", noun(*action), short(elapsed));
            let more = json!({ "action": action_name(*action), "elapsed_seconds": seconds });
            machine.say("info", &text, "apply_errored", hook(addr, more));
        }
        Event::EphemeralStart { addr, verb } => {
            let text = format!("{addr}: {}...", passing(*verb).1);
            let more = json!({ "action": passing(*verb).0 });
            machine.say("info", &text, "ephemeral_op_start", hook(addr, more));
        }
        Event::EphemeralDone { addr, verb } => {
            let text = format!("{addr}: {} complete after {}", passing(*verb).1, short(elapsed));
            let more = json!({ "action": passing(*verb).0, "elapsed_seconds": seconds });
            machine.say("info", &text, "ephemeral_op_complete", hook(addr, more));
        }
        Event::EphemeralFailed { addr, verb } => {
            let text = format!("{addr}: {} errored after {}", passing(*verb).1, short(elapsed));
            let more = json!({ "action": passing(*verb).0, "elapsed_seconds": seconds });
            machine.say("info", &text, "ephemeral_op_errored", hook(addr, more));
        }
        Event::ProvisionStart { addr, provisioner } => {
            let text = format!("{addr}: Provisioning with '{provisioner}'...");
            let more = json!({ "provisioner": provisioner });
            machine.say("info", &text, "provision_start", hook(addr, more));
        }
        Event::ProvisionOutput { addr, provisioner, line } => {
            let text = format!("{addr}: ({provisioner}): {line}");
            let more = json!({ "provisioner": provisioner, "output": line });
            machine.say("info", &text, "provision_progress", hook(addr, more));
        }
        Event::ProvisionDone { addr, provisioner, failed } => {
            let (word, ty) = if *failed {
                ("errored", "provision_errored")
            } else {
                ("complete", "provision_complete")
            };
            let text = format!("{addr}: ({provisioner}) Provisioning {word}");
            let more = json!({ "provisioner": provisioner });
            machine.say("info", &text, ty, hook(addr, more));
        }
        Event::ListStart { .. } | Event::ListFound { .. } | Event::ListDone { .. } => {
            listing::message(machine, event);
        }
        Event::Action { invocation, happened } => actions::event(machine, invocation, happened),
        Event::Stopping => {
            machine.say("info", "Stopping operation...", "log", json!({}));
        }
        _ => {}
    }
}

/// What is done with an ephemeral resource: its name, and as people read it.
pub(crate) fn passing(verb: Verb) -> (&'static str, &'static str) {
    match verb {
        Verb::Open => ("open", "Opening"),
        Verb::Renew => ("renew", "Renewing"),
        Verb::Close => ("close", "Closing"),
    }
}

/// A change is still going on.
pub(crate) fn still(machine: &Machine, addr: &ResourceInstance, action: Action, elapsed: Duration) {
    let text =
        format!("{addr}: Still {}... [{} elapsed]", doing(action).to_lowercase(), short(elapsed));
    let more = json!({ "hook": {
        "resource": resource(addr),
        "action": action_name(action),
        "elapsed_seconds": elapsed.as_secs(),
    } });
    machine.say("info", &text, "apply_progress", more);
}

/// What is done, as programs read it: what people call reading is refreshing to them.
fn doing(action: Action) -> &'static str {
    if action == Action::Read { "Refreshing" } else { progress::doing(action) }
}

fn noun(action: Action) -> &'static str {
    match action {
        Action::Create => "Creation",
        Action::Update => "Modifications",
        Action::Delete => "Destruction",
        Action::Read => "Refresh",
        _ => "Work",
    }
}
