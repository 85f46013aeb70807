//! The diagnostics of this folder, all texts on one page.

use infra_addrs::{ProviderConfig, Resource};
use infra_diag::Diagnostic;
use infra_value::{Type, print};

const COUNT: &str = "Invalid count argument";
const FOR_EACH: &str = "Invalid for_each argument";

pub(crate) fn action_is_no_value(action: &Resource) -> Diagnostic {
    Diagnostic::error("Invalid reference").detail(format!(
        "{action} is an action: it has no value. It can be named only in the \"actions\" argument of an action_trigger."
    ))
}

pub(crate) fn count_null() -> Diagnostic {
    Diagnostic::error(COUNT)
        .detail("The given \"count\" argument value is null. An integer is required.")
}

pub(crate) fn count_unknown() -> Diagnostic {
    Diagnostic::error(COUNT).detail(
        "The \"count\" value depends on resource attributes that cannot be determined until apply, so it is not \
         possible to predict how many instances will be created. To work around this, use the -target argument to \
         first apply only the resources that the count depends on.",
    )
}

pub(crate) fn count_type(problem: &str) -> Diagnostic {
    Diagnostic::error(COUNT)
        .detail(format!("The given \"count\" argument value is unsuitable: {problem}."))
}

pub(crate) fn count_negative() -> Diagnostic {
    Diagnostic::error(COUNT).detail(
        "The given \"count\" argument value is unsuitable: must be greater than or equal to zero.",
    )
}

pub(crate) fn for_each_null() -> Diagnostic {
    Diagnostic::error(FOR_EACH).detail(
        "The given \"for_each\" argument value is unsuitable: the given \"for_each\" argument value is null. A map, \
         or set of strings is allowed.",
    )
}

pub(crate) fn for_each_unknown(set: bool) -> Diagnostic {
    let what = if set { "set" } else { "map" };
    let keys = if set { "values" } else { "keys" };
    Diagnostic::error(FOR_EACH).detail(format!(
        "The \"for_each\" {what} includes {keys} derived from resource attributes that cannot be determined until \
         apply, so it is not possible to determine the full set of keys that will identify the instances of this \
         resource.\n\nWhen working with unknown values in for_each, it's better to use a map value where the keys are \
         defined statically in your configuration and where only the values contain apply-time results.\n\n\
         Alternatively, you could use the -target planning option to first apply only the resources that the for_each \
         value depends on, and then apply a second time to fully converge."
    ))
}

pub(crate) fn infinite(what: &str) -> Diagnostic {
    Diagnostic::error("Infinite number").detail(format!(
        "{what} is infinite, as it comes of a division by zero. It cannot be kept in a state."
    ))
}

pub(crate) fn count_ephemeral() -> Diagnostic {
    Diagnostic::error(COUNT).detail(
        "The given \"count\" is derived from an ephemeral value, which cannot be persisted between plan and apply. Use \
         only non-ephemeral values to specify the number of instances.",
    )
}

pub(crate) fn for_each_ephemeral() -> Diagnostic {
    Diagnostic::error(FOR_EACH).detail(
        "The given \"for_each\" value is derived from an ephemeral value, which cannot be persisted between plan and apply. \
         Use only non-ephemeral values to specify the keys of instances.",
    )
}

pub(crate) fn for_each_sensitive() -> Diagnostic {
    Diagnostic::error(FOR_EACH).detail(
        "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments. If used, \
         the sensitive value could be exposed as a resource instance key.",
    )
}

pub(crate) fn for_each_null_element() -> Diagnostic {
    Diagnostic::error("Invalid for_each set argument").detail(
        "The given \"for_each\" argument value is unsuitable: \"for_each\" sets must not contain null values.",
    )
}

pub(crate) fn for_each_set_element(element: &Type) -> Diagnostic {
    Diagnostic::error("Invalid for_each set argument").detail(format!(
        "The given \"for_each\" argument value is unsuitable: \"for_each\" supports maps and sets of strings, but you \
         have provided a set containing type {}.",
        print::type_name(element)
    ))
}

pub(crate) fn for_each_type(ty: &Type) -> Diagnostic {
    Diagnostic::error(FOR_EACH).detail(format!(
        "The given \"for_each\" argument value is unsuitable: the \"for_each\" argument must be a map, or set of \
         strings, and you have provided a value of type {}.",
        print::type_name(ty)
    ))
}

pub(crate) fn wrong_input(variable: &str, ty: &Type, problem: &str) -> Diagnostic {
    let _ = ty;
    Diagnostic::error("Invalid value for input variable").detail(format!(
        "The given value is not suitable for the input variable \"{variable}\": {problem}."
    ))
}

pub(crate) fn null_input(variable: &str) -> Diagnostic {
    Diagnostic::error("Invalid variable value").detail(format!(
        "Unsuitable value for var.{variable} set from outside of the configuration: required variable may not be set \
         to null."
    ))
}

pub(crate) fn invalid_key(resource: &str, expected: &str) -> Diagnostic {
    Diagnostic::error("Invalid index").detail(format!(
        "The given key does not identify an element in this collection value: {resource} {expected}."
    ))
}

pub(crate) fn each_value() -> Diagnostic {
    Diagnostic::error("each.value cannot be used in this context").detail(
        "A reference to \"each.value\" has been used in a context in which it is unavailable, such as when the \
         configuration no longer contains the value in its \"for_each\" expression. Remove this reference to each.value in \
         your configuration to work around this error.",
    )
}

pub(crate) fn each_without_for_each() -> Diagnostic {
    Diagnostic::error("Reference to \"each\" in context without for_each").detail(
        "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" \
         argument is set.",
    )
}

pub(crate) fn count_without_count() -> Diagnostic {
    Diagnostic::error("Reference to \"count\" in non-counted context").detail(
        "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \
         \"count\" argument is set.",
    )
}

pub(crate) fn invalid_self() -> Diagnostic {
    Diagnostic::error("Invalid \"self\" reference").detail(
        "The \"self\" object is not available in this context. This object can be used only in resource provisioner, \
         connection, and postcondition blocks.",
    )
}

pub(crate) fn undeclared(kind: &'static str, name: &str) -> Diagnostic {
    Diagnostic::error(kind).detail(format!("{name} has not been declared in this module."))
}

pub(crate) fn provider_key(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider instance key").detail(format!(
        "The key selects an instance of a provider configuration that has for_each, but its value {problem}."
    ))
}

pub(crate) fn no_provider_instance<'a>(
    wanted: &ProviderConfig,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("Undeclared provider instance")
        .detail(format!("There is no instance {wanted}: its for_each has no such key."))
        .suggest(wanted.key.as_deref().unwrap_or_default(), known)
}

pub(crate) fn list_argument(name: &'static str, problem: &str) -> Diagnostic {
    let summary = match name {
        "limit" => "Invalid limit argument",
        _ => "Invalid include_resource argument",
    };
    Diagnostic::error(summary)
        .detail(format!("The given \"{name}\" argument value is unsuitable: {problem}."))
}

pub(crate) fn unknown_list_argument() -> Diagnostic {
    Diagnostic::error("Invalid list argument").detail(
        "The value is known only after apply: a query can use only what is known before anything is changed.",
    )
}
