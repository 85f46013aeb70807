//! The diagnostics of planning, all texts on one page.

use std::collections::BTreeSet;

use infra_addrs::{ModuleInstance, ProviderAddr, ProviderConfig, ResourceInstance, Target};
use infra_diag::{Diagnostic, Span};
use infra_lang::checking;
use infra_lang::config::{Condition, Resource};
use infra_plan::Registry;
use infra_provider::{Kind, Provider};
use infra_value::Path;

pub(crate) fn unknown_provider(addr: &ProviderAddr, registry: &Registry) -> Diagnostic {
    let known: Vec<String> =
        registry.providers().map(|provider| provider.address().short()).collect();
    Diagnostic::error("Provider not available").detail(format!(
        "The configuration needs the provider {}, which is not built in. Built in are: {}.",
        addr.short(),
        known.join(", ")
    ))
}

pub(crate) fn provider_not_present(
    addr: &ProviderConfig,
    needed_by: Option<&Vec<ResourceInstance>>,
) -> Diagnostic {
    let needed = needed_by
        .and_then(|addrs| addrs.first())
        .map(|addr| format!("To work with {addr} its"))
        .unwrap_or_else(|| "The".to_owned());
    if addr.key.is_some() {
        return Diagnostic::error("Provider instance not present").detail(format!(
            "{needed} original provider instance {addr} is required, but its for_each has no such key any more. Put the key \
             back to destroy what it looks after; then it can be removed."
        ));
    }
    Diagnostic::error("Provider configuration not present").detail(format!(
        "{needed} original provider configuration at {addr} is required, but it has been removed. This occurs when a \
         provider configuration is removed while objects created by that provider still exist in the state. Re-add the \
         provider configuration to destroy them, after which you can remove the provider configuration again."
    ))
}

pub(crate) fn unknown_type(block: &Resource, provider: &dyn Provider) -> Diagnostic {
    let known = provider.type_names(Kind::from(block.addr.mode));
    checking::unknown_type(&block.addr, &provider.address().short(), known).at(block.type_span)
}

pub(crate) fn unknown_type_in_state(
    addr: &ResourceInstance,
    provider: &ProviderAddr,
) -> Diagnostic {
    Diagnostic::error("Invalid resource type")
        .detail(format!(
            "The state holds an object of type \"{}\", which the provider {} built into this version does not support. \
             The object has not been touched.",
            addr.resource.type_name,
            provider.short()
        ))
        .address(addr)
}

/// Without a place, as in Terraform, which has no other words for it.
pub(crate) fn no_trigger(missing: &ResourceInstance, addr: &ResourceInstance) -> Diagnostic {
    let module = match missing.module.to_string() {
        root if root.is_empty() => "the root module".to_owned(),
        module => module,
    };
    let local = ResourceInstance { module: ModuleInstance::root(), ..missing.clone() };
    Diagnostic::error(format!("no change found for {local} in {module}")).detail(format!(
        "It is named in replace_triggered_by of {addr}, but there is no such instance. A resource with count or \
         for_each is named with a key, or as a whole without an attribute."
    ))
}

pub(crate) fn prevent_destroy(block: &Resource, addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Instance cannot be destroyed")
        .detail(format!(
            "Resource {addr} has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. \
             To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the \
             scope of the plan using the -target option."
        ))
        .at(block.span)
}

pub(crate) fn sensitive_output(span: Span) -> Diagnostic {
    Diagnostic::error("Output refers to sensitive values")
        .detail(
            "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, any \
             root module output containing sensitive data must be explicitly marked as sensitive, to confirm your \
             intent.\n\nIf you do intend to export this data, annotate the output value as sensitive by adding the \
             following argument:\n    sensitive = true",
        )
        .at(span)
}

pub(crate) fn moves_not_targeted(left: &BTreeSet<&ResourceInstance>) -> Diagnostic {
    let flags: String = left.iter().map(|addr| format!("\n  -target='{addr}'")).collect();
    Diagnostic::error("Moved resource instances excluded by targeting").detail(format!(
        "Objects in the state have moved to other addresses in the configuration. Where they are now can only be planned \
         together with where they were, and the -target options leave some of that out. Plan without -target, or add:{flags}"
    ))
}

pub(crate) fn replace_without_key(
    addr: &ResourceInstance,
    keyed: impl Iterator<Item = ResourceInstance>,
) -> Diagnostic {
    let flags: String = keyed.map(|addr| format!("\n  -replace='{addr}'")).collect();
    let why = match flags.is_empty() {
        true => "this resource has no instances.".to_owned(),
        false => format!(
            "it has no instance key, and the instances of this resource have. To replace them, use:{flags}"
        ),
    };
    Diagnostic::warning("Incompletely-matched force-replace resource instance")
        .detail(format!("No instance is replaced because of -replace={addr}: {why}"))
}

pub(crate) fn condition_failed(
    summary: &'static str,
    condition: &Condition,
    message: String,
) -> Diagnostic {
    Diagnostic::error(summary).detail(message).at(condition.condition.span())
}

/// A condition that is neither true nor false.
pub(crate) fn wrong_condition(
    summary: &'static str,
    condition: &Condition,
    problem: &str,
) -> Diagnostic {
    let summary = match summary {
        "Invalid value for variable" => "Invalid variable validation result",
        _ => "Invalid condition result",
    };
    let detail = match problem {
        "null" => "A condition must be either true or false, not null.".to_owned(),
        problem => format!("A condition must be either true or false: {problem}."),
    };
    Diagnostic::error(summary).detail(detail).at(condition.condition.span())
}

pub(crate) fn ephemeral_root_output(span: Span) -> Diagnostic {
    Diagnostic::error("Ephemeral output not allowed")
        .detail("Output values of the root module are kept in the state, so none of them can be ephemeral.")
        .at(span)
}

pub(crate) fn ephemeral_output(span: Span) -> Diagnostic {
    Diagnostic::error("Ephemeral value not allowed")
        .detail("This output value is kept in the state, but its expression holds a value that must not be stored.")
        .at(span)
}

pub(crate) fn ephemeral_argument(path: &Path, span: Span) -> Diagnostic {
    Diagnostic::error("Invalid use of ephemeral value")
        .detail(format!(
            "The argument \"{path}\" is kept in the state, so it cannot be set to an ephemeral value. Only write-only \
             arguments can."
        ))
        .at(span)
}

pub(crate) fn check_unknown(span: Span) -> Diagnostic {
    Diagnostic::warning("Check block assertion known after apply")
        .detail("The condition could not be evaluated at this time, a result will be known when this plan is applied.")
        .at(span)
}

/// The message of a condition that is no text.
pub(crate) fn wrong_message(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid error message")
        .detail(format!("The message of a condition that does not hold must be a text: {problem}."))
}

pub(crate) fn move_to_itself(from: &Target, span: Option<Span>) -> Diagnostic {
    Diagnostic::error("Redundant move statement")
        .detail(format!(
            "This statement declares a move from {from} to the same address, which is the same as not declaring this \
             move at all."
        ))
        .at(span)
}

pub(crate) fn moved_still_there(
    from: &Target,
    to: &Target,
    of_instance: bool,
    span: Option<Span>,
) -> Diagnostic {
    let noun = match (&from.resource, of_instance) {
        (Some(_), false) => "resource",
        (Some(_), true) => "resource instance",
        (None, false) => "module call",
        (None, true) => "module instance",
    };
    Diagnostic::error("Moved object still exists")
        .detail(format!(
            "This statement declares a move from {from}, but that {noun} is still declared. Change the configuration so \
             that it is declared as {to} instead, or remove this block."
        ))
        .at(span)
}

pub(crate) fn moved_twice(
    from: &Target,
    one: &Target,
    two: &Target,
    span: Option<Span>,
) -> Diagnostic {
    Diagnostic::error("Ambiguous move statements")
        .detail(format!(
            "{from} is said to have moved to {one} and to {two}: it can only be at one of them."
        ))
        .at(span)
}

pub(crate) fn moved_onto(
    to: &Target,
    one: &Target,
    two: &Target,
    span: Option<Span>,
) -> Diagnostic {
    Diagnostic::error("Ambiguous move statements")
        .detail(format!(
            "{one} and {two} are both said to have moved to {to}: only one of them can be there."
        ))
        .at(span)
}

pub(crate) fn moves_in_circle(span: Option<Span>) -> Diagnostic {
    Diagnostic::error("Cyclic dependency in move statements")
        .detail("Some moved blocks each need another to be done first. Remove those that are not needed any more.")
        .at(span)
}

pub(crate) fn unadopted(provider: &ProviderAddr, span: Option<Span>) -> Diagnostic {
    Diagnostic::error("Unsupported `moved` across resource types")
        .detail(format!(
            "The provider \"{provider}\" makes no object of one type into one of another. Have the one forgotten with a \
             \"removed\" block, and import the other."
        ))
        .at(span)
}

pub(crate) fn moves_blocked(blocked: &[(String, String)]) -> Diagnostic {
    let mut detail = String::from(
        "These objects could not be moved, since there is another object at the address that they should get:",
    );
    for (from, to) in blocked {
        detail.push_str(&format!("\n  - {from} could not move to {to}"));
    }
    detail.push_str("\n\nThe plan deals with them where they are.");
    Diagnostic::warning("Unresolved resource instance address changes").detail(detail)
}

pub(crate) fn removed_still_there(from: &Target, span: Span) -> Diagnostic {
    let summary = if from.resource.is_some() {
        "Removed resource still exists"
    } else {
        "Removed module still exists"
    };
    Diagnostic::error(summary)
        .detail(format!(
            "This statement declares that {from} was removed, but it is still declared in the configuration. Remove \
             its block, or this one."
        ))
        .at(span)
}

pub(crate) fn forgotten(names: &[String]) -> Diagnostic {
    let mut detail = String::from(
        "If you apply this plan, these objects are dropped from the state. They go on existing, and nothing here will \
         manage them:",
    );
    for name in names {
        detail.push_str(&format!("\n  - {name}"));
    }
    Diagnostic::warning("Some objects will no longer be managed by Terraform").detail(detail)
}

pub(crate) fn targeted() -> Diagnostic {
    Diagnostic::warning("Resource targeting is in effect").detail(
        "This plan is limited by -target or -exclude, so it may not contain all that the configuration asks for. These \
         flags are for exceptional cases such as recovering from mistakes.",
    )
}

pub(crate) fn wrong_import_address(span: Span) -> Diagnostic {
    Diagnostic::error("Invalid import address")
        .detail("A key in the address is not known, or is no key.")
        .at(span)
}

pub(crate) fn import_twice(addr: &ResourceInstance, span: Span) -> Diagnostic {
    Diagnostic::error("Duplicate import configuration")
        .detail(format!("Two imports have the address {addr}: an address holds one object."))
        .at(span)
}

pub(crate) fn import_without_config(addr: &ResourceInstance, span: Option<Span>) -> Diagnostic {
    Diagnostic::error("Configuration for import target does not exist")
        .detail(format!(
            "There is no resource block for {addr}. Write one, or have it written with -generate-config-out=FILE."
        ))
        .at(span)
}

pub(crate) fn nothing_to_import(addr: &ResourceInstance, id: &str) -> Diagnostic {
    Diagnostic::error("Cannot import non-existent remote object")
        .detail(format!(
            "There is no object with the import id \"{id}\" for {addr}. Look whether the id is right, and whether the \
             provider is configured for the region or account where it exists."
        ))
        .address(addr)
}

/// As in Terraform: what is listed follows from nothing that is yet to be made.
pub(crate) fn unknown_list_config() -> Diagnostic {
    Diagnostic::error("config is not known").detail(
        "The block \"config\" of a list must be known before anything is changed. It depends on something that is known \
         only after apply.",
    )
}
pub(crate) fn unknown_trigger() -> Diagnostic {
    Diagnostic::error("Condition must be known").detail(
        "The condition of an action_trigger depends on values that are known only after apply, but a plan says which actions \
         are invoked. Use what is known while planning.",
    )
}

pub(crate) fn wrong_action_key(action: &infra_addrs::Resource) -> Diagnostic {
    Diagnostic::error("Invalid action instance key").detail(format!(
        "The key of the instance of {action} must be a string or a whole number that is known while planning, and neither \
         sensitive nor ephemeral."
    ))
}

pub(crate) fn no_action_instance(named: impl std::fmt::Display) -> Diagnostic {
    Diagnostic::error("Reference to non-existent action instance")
        .detail(format!("There is no action instance {named}."))
}

pub(crate) fn unknown_action(block: &Resource) -> Diagnostic {
    Diagnostic::error("Action configuration is not known")
        .detail(
            "The arguments of the action depend on values that are known only after apply, and -invoke changes nothing else. \
             Apply first what the action refers to.",
        )
        .at(block.span)
}

pub(crate) fn no_such_action<'a>(
    asked: &Target,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("Invalid action target")
        .detail(format!("The option -invoke={asked} names no action of the configuration."))
        .suggest(&asked.to_string(), known)
}
