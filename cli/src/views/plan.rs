//! A plan, as people read it.

use infra_engine::plan::{Action, DeferralReason, Deferred, Mode, Plan, Registry, ResourceChange};
use infra_engine::provider::Block;
use infra_engine::value::{Path, print};

use super::actions::{self, Actions};
use super::alike;
use super::change;
use super::drift;
use super::paint::Paint;
use super::value::{Change, Values};

const FOUND: &str = "These objects have changed outside of infra:";

/// Everything that would happen, and the summary line.
pub(crate) fn human(plan: &Plan, registry: &Registry, paint: Paint) -> String {
    let mut text = String::new();
    let shown: Vec<&ResourceChange> =
        plan.changes.iter().filter(|change| is_shown(change)).collect();
    let asked = Actions::of(plan, registry, paint).asked();
    if !asked.is_empty() {
        let found = drifted(FOUND, &plan.drift, registry, paint);
        return format!("{found}{asked}{}", summary(plan, paint));
    }
    if plan.mode == Mode::RefreshOnly {
        return refreshed(plan, registry, paint);
    }
    if shown.is_empty() && !plan.has_changes() {
        text.push_str(&if plan.deferred.is_empty() {
            nothing(plan, paint)
        } else {
            deferred(plan, paint)
        });
        return text;
    }
    let title = "These objects have changed outside of infra, which may have led to this plan:";
    text.push_str(&drifted(title, &drift::explaining(plan), registry, paint));
    if !shown.is_empty() {
        let legend = legend(&shown, paint);
        if !legend.is_empty() {
            text.push_str(&format!("\nThe actions are marked with these symbols:\n{legend}"));
        }
        text.push_str(match plan.errored {
            true => "\ninfra planned the following actions, but then encountered a problem:\n\n",
            false => "\ninfra will perform the following actions:\n\n",
        });
        let actions = Actions::of(plan, registry, paint);
        alike::blocks(&mut text, &shown, |change| schema(registry, change), &actions, paint);
        text.push_str(&summary(plan, paint));
    }
    let outputs = outputs(plan, paint);
    if !outputs.is_empty() {
        text.push_str(&format!("\nChanges to Outputs:\n{outputs}"));
        if shown.is_empty() && !plan.errored {
            text.push('\n');
            text.push_str(&paint.paragraph(
                "You can apply this plan to save these new output values to the state, without changing any real \
                 infrastructure.",
            ));
        }
    }
    text.push_str(&deferred(plan, paint));
    text
}

/// What has to wait for the next plan.
fn deferred(plan: &Plan, paint: Paint) -> String {
    if plan.deferred.is_empty() {
        return String::new();
    }
    let line = |found: &Deferred| {
        let why = match found.reason {
            DeferralReason::InstanceCountUnknown => "the number of its instances is not known yet",
            DeferralReason::ProviderConfigUnknown => {
                "the configuration of its provider is not known yet"
            }
            DeferralReason::DeferredPrereq => {
                "what it depends on, or what depends on it, was deferred"
            }
        };
        let address = paint.bold(&found.address);
        format!("  {} {address} was deferred\n  {} ({why})\n", paint.dim("#"), paint.dim("#"))
    };
    let note = "Note: This is a partial plan. What follows can be planned only when the rest has been applied:";
    let lines: Vec<String> = plan.deferred.iter().map(line).collect();
    format!("\n{}\n{}", paint.paragraph(note), lines.join("\n"))
}

/// Whether a change is worth a block: also where an object is only moved or imported.
fn is_shown(change: &ResourceChange) -> bool {
    change.action != Action::NoOp || change.previous_addr.is_some() || change.importing.is_some()
}

fn nothing(plan: &Plan, paint: Paint) -> String {
    if plan.errored {
        return format!(
            "\n{} infra encountered an error while generating this plan.\n",
            paint.bold("Planning failed.")
        );
    }
    if plan.mode == Mode::Destroy {
        return format!(
            "\n{} No objects need to be destroyed.\n",
            paint.bold(&paint.green("No changes."))
        );
    }
    format!(
        "\n{} {}\n\n{}",
        paint.bold(&paint.green("No changes.")),
        paint.bold("Your infrastructure matches the configuration."),
        paint.paragraph(
            "The real objects were compared with the configuration, and there is nothing to do."
        )
    )
}

fn refreshed(plan: &Plan, registry: &Registry, paint: Paint) -> String {
    if plan.drift.is_empty() && !plan.has_changes() {
        if plan.errored {
            return nothing(plan, paint);
        }
        return format!(
            "\n{} {}\n",
            paint.bold(&paint.green("No changes.")),
            paint.bold("Your infrastructure still matches the state.")
        );
    }
    let mut text = found_changed(plan, registry, paint);
    if text.is_empty() {
        text.push('\n');
    }
    let outputs = outputs(plan, paint);
    if !outputs.is_empty() {
        text.push_str(&format!("Changes to Outputs:\n{outputs}\n"));
    }
    text.push_str(&paint.paragraph(
        "This is a refresh-only plan: applying it saves what was found to the state and changes nothing else.",
    ));
    text
}

/// All that was found changed, whether or not it explains anything; nothing if there is nothing.
pub(crate) fn found_changed(plan: &Plan, registry: &Registry, paint: Paint) -> String {
    drifted(FOUND, &plan.drift, registry, paint)
}

fn drifted(title: &str, found: &[ResourceChange], registry: &Registry, paint: Paint) -> String {
    if found.is_empty() {
        return String::new();
    }
    let block = |found| change::drift(found, schema(registry, found), paint) + "\n";
    format!("\n{title}\n\n{}", found.iter().map(block).collect::<String>())
}

fn schema<'r>(registry: &'r Registry, change: &ResourceChange) -> Option<&'r Block> {
    let provider = registry.get(&change.provider.provider)?;
    let resource = &change.addr.resource;
    provider.schema(resource.mode.into(), &resource.type_name).map(|schema| &schema.block)
}

fn legend(changes: &[&ResourceChange], paint: Paint) -> String {
    let rows = [
        (Action::Create, "create"),
        (Action::Update, "update in-place"),
        (Action::Delete, "destroy"),
        (Action::DeleteThenCreate, "destroy and then create replacement"),
        (Action::CreateThenDelete, "create replacement and then destroy"),
        (Action::Read, "read (data resources)"),
        (Action::Forget, "forget (the object goes on existing)"),
    ];
    let used =
        rows.iter().filter(|(action, _)| changes.iter().any(|change| change.action == *action));
    let line = |(action, words): &(Action, &str)| {
        let symbol = action.to_string();
        format!(
            "{}{} {words}\n",
            " ".repeat(3_usize.saturating_sub(symbol.len())),
            paint.symbol(&symbol)
        )
    };
    used.map(line).collect()
}

/// `Plan: 1 to add, 0 to change, 0 to destroy.`
pub(crate) fn summary(plan: &Plan, paint: Paint) -> String {
    let counts = plan.counts();
    let import =
        if counts.import > 0 { format!("{} to import, ", counts.import) } else { String::new() };
    let forget =
        if counts.forget > 0 { format!(", {} to forget", counts.forget) } else { String::new() };
    format!(
        "{} {import}{} to add, {} to change, {} to destroy{forget}.{}\n",
        paint.bold("Plan:"),
        counts.add,
        counts.change,
        counts.destroy,
        actions::counted(counts.invoke, "to invoke")
    )
}

/// The output values that change, a line or block each.
pub(crate) fn outputs(plan: &Plan, paint: Paint) -> String {
    let values = Values { paint, replace: &[] };
    let changed: Vec<_> =
        plan.outputs.iter().filter(|(_, change)| change.action != Action::NoOp).collect();
    let width = changed.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, output) in changed {
        let (before, after) = (output.before.as_ref(), output.after.as_ref());
        let value = if output.sensitive {
            "(sensitive value)".to_owned()
        } else {
            values.pair(before, after, &Path::of(name), 2)
        };
        let symbol = match Change::of(before, after) {
            Change::None => "~",
            change => change.symbol(),
        };
        let name = print::widened(name, width);
        text.push_str(&format!("  {} {name} = {value}\n", paint.symbol(symbol)));
    }
    text
}

/// The configuration that was written for imported objects; nothing if there was none to write.
pub(crate) fn generated(plan: &Plan) -> Option<String> {
    let written = plan
        .changes
        .iter()
        .filter_map(|change| Some((change.importing.as_ref()?, change.generated_config.as_ref()?)));
    let blocks: Vec<String> = written
        .map(|(id, text)| format!("\n# __generated__ by Terraform from \"{id}\"\n{text}\n"))
        .collect();
    (!blocks.is_empty()).then(|| format!("{GENERATED}{}", blocks.concat()))
}

/// How a file of generated configuration begins.
pub(super) const GENERATED: &str = "# __generated__ by Terraform\n\
     # Please review these resources and move them into your main configuration files.\n";

/// That the plan was saved, and how to apply it.
pub(crate) fn saved(path: &std::path::Path) -> String {
    let path = path.display();
    format!(
        "\nSaved the plan to: {path}\n\nTo perform exactly these actions, run:\n    infra apply \"{path}\"\n"
    )
}

/// That nothing was done.
pub(crate) fn cancelled(mode: Mode) -> String {
    let what = if mode == Mode::Destroy { "Destroy" } else { "Apply" };
    format!("\n{what} cancelled.\n")
}

/// What was done, how long it took, and how many requests it needed.
pub(crate) fn applied(
    counts: infra_engine::plan::Counts,
    mode: Mode,
    changes: bool,
    elapsed: std::time::Duration,
    requests: u64,
    paint: Paint,
) -> String {
    let calls = if requests > 0 { format!(", {requests} API calls") } else { String::new() };
    let took = if changes {
        format!("Took {}{calls}.\n", super::progress::short(elapsed))
    } else {
        String::new()
    };
    let imported =
        if counts.import > 0 { format!("{} imported, ", counts.import) } else { String::new() };
    let mut summary = match mode {
        Mode::Destroy => format!("Destroy complete! Resources: {} destroyed.", counts.destroy),
        _ => format!(
            "Apply complete! Resources: {imported}{} added, {} changed, {} destroyed.",
            counts.add, counts.change, counts.destroy
        ),
    };
    summary.push_str(&actions::counted(counts.invoke, "invoked"));
    format!("\n{}\n{took}", paint.bold(&paint.green(&summary)))
}
