//! The diagnostics of this folder, all texts on one page.

use infra_addrs::{Mode, ModulePath, ProviderConfig, Resource, ResourceInstance};
use infra_diag::{Diagnostic, Span};
use infra_graph::Cycle;
use infra_provider::Block as Schema;
use infra_value::{Str, Type, Value, print};

use crate::config::{Config, Module, Variable};
use crate::dependencies::Node;

fn module_name(module: &Module) -> String {
    if module.path.is_root() { "the root module".to_owned() } else { module.path.to_string() }
}

fn names<'a, T: 'a>(map: &'a std::collections::BTreeMap<Str, T>) -> impl Iterator<Item = &'a str> {
    map.keys().map(|name| &**name)
}

pub(super) fn undeclared_variable(module: &Module, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("Reference to undeclared input variable")
        .detail(format!("An input variable with the name \"{name}\" has not been declared."));
    if infra_diag::nearest(name, names(&module.variables)).is_some() {
        return diagnostic.suggest(name, names(&module.variables));
    }
    let mut diagnostic = diagnostic;
    let hint = format!(" This variable can be declared with a variable \"{name}\" {{}} block.");
    diagnostic.detail.push_str(&hint);
    diagnostic
}

pub(super) fn undeclared_local(module: &Module, name: &str) -> Diagnostic {
    Diagnostic::error("Reference to undeclared local value")
        .detail(format!("A local value with the name \"{name}\" has not been declared."))
        .suggest(name, names(&module.locals))
}

pub(super) fn undeclared_module(module: &Module, name: &str) -> Diagnostic {
    Diagnostic::error("Reference to undeclared module")
        .detail(format!("No module call named \"{name}\" is declared in {}.", module_name(module)))
        .suggest(name, names(&module.calls))
}

pub(super) fn undeclared_resource(
    module: &Module,
    resource: &Resource,
    meant: Option<Resource>,
) -> Diagnostic {
    let mode = match resource.mode {
        Mode::Managed => "A managed",
        Mode::Data => "A data",
        Mode::Ephemeral => "An ephemeral",
        Mode::List => "A list",
        // They are told of in their own way.
        Mode::Action => "An",
    };
    let diagnostic = Diagnostic::error("Reference to undeclared resource").detail(format!(
        "{mode} resource \"{}\" \"{}\" has not been declared in {}.",
        resource.type_name,
        resource.name,
        module_name(module)
    ));
    match meant {
        Some(meant) => {
            let mut diagnostic = diagnostic;
            diagnostic.detail.push_str(&format!("\n\nDid you mean the data resource {meant}?"));
            diagnostic
        }
        None => {
            let known: Vec<String> = module.resources.keys().map(ToString::to_string).collect();
            diagnostic.suggest(&resource.to_string(), known.iter().map(String::as_str))
        }
    }
}

pub(super) fn undeclared_action(module: &Module, action: &Resource) -> Diagnostic {
    let known: Vec<String> = module.actions.keys().map(ToString::to_string).collect();
    Diagnostic::error("action_trigger actions references non-existent action")
        .detail(format!(
            "An action \"{}\" \"{}\" has not been declared in {}.",
            action.type_name,
            action.name,
            module_name(module)
        ))
        .suggest(&action.to_string(), known.iter().map(String::as_str))
}

pub(super) fn action_key_needed(action: &Resource) -> Diagnostic {
    Diagnostic::error("Missing action instance key").detail(format!(
        "Because {action} has \"count\" or \"for_each\" set, a trigger must say which of its instances is invoked, such as \
         {action}[0] or {action}[each.key]."
    ))
}

pub(super) fn unexpected_action_key(action: &Resource) -> Diagnostic {
    Diagnostic::error("Unexpected action instance key").detail(format!(
        "Because {action} does not have \"count\" or \"for_each\" set, references to it must not include an index key."
    ))
}

const TRIGGER: &str = "Invalid action trigger condition";

pub(super) fn marked_trigger(mark: &str) -> Diagnostic {
    Diagnostic::error(TRIGGER).detail(format!(
        "The condition of an action_trigger comes from a value that is {mark}, and whether actions are invoked would tell of it."
    ))
}

pub(super) fn wrong_trigger(problem: &str) -> Diagnostic {
    Diagnostic::error(TRIGGER)
        .detail(format!("The condition of an action_trigger must be true or false: {problem}."))
}

pub(super) fn missing_key(resource: &Resource, argument: &str) -> Diagnostic {
    let key = if argument == "count" { "count.index" } else { "each.key" };
    Diagnostic::error("Missing resource instance key").detail(format!(
        "Because {resource} has \"{argument}\" set, its attributes must be accessed on specific instances.\n\nFor \
         example, to correlate with indices of a referring resource, use:\n    {resource}[{key}]"
    ))
}

/// A list has results, and nothing else that could be read.
pub(super) fn list_traversal() -> Diagnostic {
    Diagnostic::error("Invalid list resource traversal").detail(
        "The first step in the traversal for a list resource must be an attribute \"data\".",
    )
}

pub(super) fn unexpected_key(resource: &Resource) -> Diagnostic {
    Diagnostic::error("Unexpected resource instance key").detail(format!(
        "Because {resource} does not have \"count\" or \"for_each\" set, references to it must not include an index key. \
         Remove the bracketed index to refer to the single instance of this resource."
    ))
}

/// A type that a provider does not have; `known` are those that it has.
pub fn unknown_type<'a>(
    resource: &Resource,
    provider: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let (summary, what) = match resource.mode {
        Mode::Data => ("Invalid data source", "data source"),
        Mode::Ephemeral => ("Invalid ephemeral resource", "ephemeral resource"),
        Mode::List => ("Invalid list resource", "list resource"),
        Mode::Action => ("Invalid action type", "action type"),
        Mode::Managed => ("Invalid resource type", "resource type"),
    };
    let name = &*resource.type_name;
    Diagnostic::error(summary)
        .detail(format!(
            "The provider {provider} that is built into infra has no {what} \"{name}\"."
        ))
        .suggest(name, known)
}

pub(super) fn no_provider(name: &str, user: &str) -> Diagnostic {
    Diagnostic::error("Missing required provider").detail(format!(
        "This configuration requires the provider {name} for {user}, and it is not built into infra. \"infra version\" \
         tells which are."
    ))
}

pub(super) fn no_provisioner(name: &str, user: &str) -> Diagnostic {
    Diagnostic::error("Missing required provisioner plugin").detail(format!(
        "This configuration requires the provisioner \"{name}\" for {user}, and it is not built into infra."
    ))
}

pub(super) fn no_configuration(
    addr: &ProviderConfig,
    resource: &Resource,
    place: &str,
) -> Diagnostic {
    Diagnostic::error("Provider configuration not present").detail(format!(
        "{resource} ({place}) asks for the configuration \"{}\" of the provider {}, which is not declared.",
        addr.alias.as_deref().unwrap_or_default(),
        addr.provider.short()
    ))
}

pub(super) fn required_configuration(provider: &str, name: &str) -> Diagnostic {
    Diagnostic::error("Missing required provider configuration").detail(format!(
        "The child module requires an additional configuration for provider {provider}, with the local name \"{name}\". \
         Pass it in the \"providers\" argument of the call."
    ))
}

pub(super) fn undefined_provider(name: &str, module: &Module, implied: &str) -> Diagnostic {
    Diagnostic::warning("Reference to undefined provider").detail(format!(
        "There is no explicit declaration for local provider name \"{name}\" in {}, so it is taken to mean \"{implied}\". \
         Add a required_providers entry named \"{name}\" there to say so.",
        module_name(module)
    ))
}

pub(super) fn other_provider(name: &str, is: &str, wanted: &str) -> Diagnostic {
    Diagnostic::error("Provider type mismatch").detail(format!(
        "The local name \"{name}\" represents provider \"{is}\", but the module expects a configuration of \"{wanted}\"."
    ))
}

pub(super) fn overridden_provider(name: &str, module: &Module) -> Diagnostic {
    Diagnostic::error("Cannot override provider configuration").detail(format!(
        "The configuration of {} has its own local configuration for {name}, and so it cannot accept another one.",
        module_name(module)
    ))
}

pub(super) fn empty_provider(name: &str) -> Diagnostic {
    Diagnostic::warning("Redundant empty provider block").detail(format!(
        "An empty provider block in a called module once declared that the module needs a configuration. Write a \
         required_providers entry for \"{name}\" instead."
    ))
}

pub(super) fn legacy_module(module: &Module) -> Diagnostic {
    Diagnostic::error("Module is incompatible with count, for_each, and depends_on").detail(format!(
        "The module at {} is a legacy module which contains its own local provider configurations, and so calls to it may \
         not use the count, for_each, or depends_on arguments. Pass provider configurations in the \"providers\" argument \
         instead.",
        module_name(module)
    ))
}

pub(super) fn no_attribute(schema: &Schema, name: &str) -> Diagnostic {
    let known = schema.attributes.keys().chain(schema.blocks.keys()).map(|name| &**name);
    Diagnostic::error("Unsupported attribute")
        .detail(format!(
            "This object has no argument, nested block, or exported attribute named \"{name}\"."
        ))
        .suggest(name, known)
}

pub(super) fn no_such_attribute<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("Unsupported attribute")
        .detail(format!("This object does not have an attribute named \"{name}\"."))
        .suggest(name, known)
}

pub(super) fn no_attributes(ty: &Type) -> Diagnostic {
    Diagnostic::error("Unsupported attribute")
        .detail(format!("Can't access attributes on a value of type {}.", print::type_name(ty)))
}

pub(super) fn no_indices(ty: &Type) -> Diagnostic {
    Diagnostic::error("Invalid index").detail(format!(
        "This value does not have any indices: it is of type {}.",
        print::type_name(ty)
    ))
}

pub(super) fn number_needed() -> Diagnostic {
    Diagnostic::error("Invalid index")
        .detail("The given key does not identify an element in this collection value: a number is required.")
}

pub(super) fn no_output(child: &Module, name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported attribute")
        .detail(format!("This object does not have an attribute named \"{name}\"."))
        .suggest(name, names(&child.outputs))
}

pub(super) fn attribute_of_many(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported attribute").detail(format!(
        "Can't access attributes on a list of objects. Did you mean to access attribute \"{name}\" for a specific element \
         of the list, or across all elements of the list?"
    ))
}

pub(super) fn attribute_needed(name: Option<&str>) -> Diagnostic {
    let hint = match name {
        Some(name) => {
            format!(". Did you mean to access attribute \"{name}\" using the dot operator?")
        }
        None => ", using the dot operator.".to_owned(),
    };
    Diagnostic::error("Invalid index operation")
        .detail(format!("Only attribute access is allowed here{hint}"))
}

pub(super) fn deprecated_output(why: &str) -> Diagnostic {
    Diagnostic::warning("Deprecated value used").detail(why)
}

pub(super) fn deprecated_attribute(name: &str) -> Diagnostic {
    Diagnostic::warning("Deprecated attribute").detail(format!(
        "The attribute \"{name}\" is deprecated. Refer to the provider documentation for details."
    ))
}

pub(super) fn index_of_set(name: &str) -> Diagnostic {
    Diagnostic::error("Cannot index a set value").detail(format!(
        "Block type \"{name}\" is represented by a set of objects, and set elements do not have addressable keys. To find \
         elements matching specific criteria, use a \"for\" expression with an \"if\" clause."
    ))
}

pub(super) fn list_of_blocks(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid operation").detail(format!(
        "Block type \"{name}\" is represented by a list of objects, so it must be indexed using a numeric key, like \
         .{name}[0]."
    ))
}

pub(super) fn refers_to_itself(resource: &Resource) -> Diagnostic {
    Diagnostic::error("Self-referential block")
        .detail(format!("Configuration for {resource} may not refer to itself."))
}

pub(super) fn local_of_itself(name: &str) -> Diagnostic {
    Diagnostic::error("Self-referencing local value").detail(format!(
        "Local value local.{name} cannot use its own result as part of its expression."
    ))
}

pub(super) fn depends_on_attribute() -> Diagnostic {
    Diagnostic::error("Invalid depends_on reference").detail(
        "References in depends_on must be to a whole object (resource, etc), not to an attribute of an object.",
    )
}

pub(super) fn count_attribute(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid \"count\" attribute").detail(format!(
        "The \"count\" object does not have an attribute named \"{name}\". The only supported attribute is count.index, \
         which is the index of each instance of a resource block that has the \"count\" argument set."
    ))
}

pub(super) fn each_attribute(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid \"each\" attribute").detail(format!(
        "The \"each\" object does not have an attribute named \"{name}\". The supported attributes are each.key and \
         each.value, the current key and value pair of the \"for_each\" attribute set."
    ))
}

pub(super) fn path_attribute(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid \"path\" attribute")
        .detail(format!("The \"path\" object does not have an attribute named \"{name}\"."))
        .suggest(name, ["cwd", "module", "root"])
}

pub(super) fn terraform_attribute(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid \"terraform\" attribute").detail(format!(
        "The \"terraform\" object does not have an attribute named \"{name}\". The only supported attributes are \
         terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean which is \
         true only during apply."
    ))
}

pub(super) fn unknown_name(name: &str) -> Diagnostic {
    Diagnostic::error("Unknown variable").detail(format!("There is no variable named \"{name}\"."))
}

pub(super) fn wrong_message(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid error message")
        .detail(format!("The message of a condition must be a text: {problem}."))
}

/// The message of a condition would show what must not be kept.
pub fn ephemeral_message() -> Diagnostic {
    Diagnostic::warning("Error message refers to ephemeral values").detail(
        "The message of this condition is made from ephemeral values, so it will not be shown. Leave them out of it, or \
         use ephemeralasnull().",
    )
}

/// The message of a condition would show what is secret.
pub fn sensitive_message() -> Diagnostic {
    Diagnostic::warning("Error message refers to sensitive values").detail(
        "The message of this condition is made from sensitive values, so it will not be shown. Leave them out of it, or \
         use nonsensitive() where that is safe.",
    )
}

pub(super) fn wrong_condition_result(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid condition result")
        .detail(format!("A condition must be either true or false: {problem}."))
}

pub(super) fn failed_precondition(message: &str) -> Diagnostic {
    Diagnostic::error("Module output value precondition failed").detail(message)
}

pub(super) fn wrong_value(problem: &str) -> Diagnostic {
    Diagnostic::error("Incorrect value type")
        .detail(format!("Invalid expression value: {problem}."))
}

pub(super) fn wrong_validation(detail: &str) -> Diagnostic {
    Diagnostic::error("Invalid variable validation result").detail(detail)
}

pub(super) fn null_validation() -> Diagnostic {
    wrong_validation("Validation condition expression must return either true or false, not null.")
}

pub(super) fn invalid_input(message: Option<String>) -> Diagnostic {
    let message = message.unwrap_or_else(|| "The value does not hold its validation rule.".into());
    Diagnostic::error("Invalid value for variable")
        .detail(format!("{message}\n\nThis was checked by a validation rule of the variable."))
}

fn variable_name(path: &ModulePath, variable: &Variable) -> String {
    format!("{path}.var.{}", variable.name)
}

pub(super) fn wrong_input(path: &ModulePath, variable: &Variable, problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid value for input variable").detail(format!(
        "The given value is not suitable for {}: {problem}.",
        variable_name(path, variable)
    ))
}

pub(super) fn null_input(path: &ModulePath, variable: &Variable) -> Diagnostic {
    Diagnostic::error("Required variable not set").detail(format!(
        "The given value is not suitable for {}: required variable may not be set to null.",
        variable_name(path, variable)
    ))
}

pub(super) fn ephemeral_input() -> Diagnostic {
    Diagnostic::error(EPHEMERAL).detail(
        "This input variable is not declared as accepting ephemeral values, so it cannot be set to a result derived from \
         an ephemeral value.",
    )
}

const EPHEMERAL: &str = "Ephemeral value not allowed";

pub(super) fn ephemeral_root_output() -> Diagnostic {
    Diagnostic::error("Ephemeral output not allowed")
        .detail("Ephemeral outputs are not allowed in context of a root module.")
}

pub(super) fn ephemeral_output() -> Diagnostic {
    Diagnostic::error(EPHEMERAL).detail(
        "This output value is not declared as returning an ephemeral value, so it cannot be set to a result derived from \
         an ephemeral value.",
    )
}

pub(super) fn stored_output() -> Diagnostic {
    Diagnostic::error("Value not allowed in ephemeral output").detail(
        "This output value is declared as returning an ephemeral value, so it can only be set to an ephemeral value.",
    )
}

pub(super) fn sensitive_output() -> Diagnostic {
    Diagnostic::error("Output refers to sensitive values").detail(
        "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, any root \
         module output containing sensitive data must be explicitly marked as sensitive, to confirm your intent.\n\nIf you \
         do intend to export this data, annotate the output value as sensitive by adding the following argument:\n    \
         sensitive = true",
    )
}

pub(super) fn ephemeral_argument(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid use of ephemeral value").detail(format!(
        "Ephemeral values are not valid for \"{name}\", because it is not a write-only attribute and must be persisted to \
         state."
    ))
}

pub(super) fn redundant_ignore(name: &str) -> Diagnostic {
    Diagnostic::warning("Redundant ignore_changes element").detail(format!(
        "Adding an attribute name to ignore_changes tells infra to ignore future changes to the argument in configuration \
         after the object has been created, retaining the value originally configured.\n\nThe attribute {name} is decided \
         by the provider alone and therefore there can be no configured value to compare with. Including this attribute \
         in ignore_changes has no effect. Remove the attribute from ignore_changes to quiet this warning."
    ))
}

pub(super) fn json_unknown_input(name: &str) -> Diagnostic {
    Diagnostic::error("Extraneous JSON object property")
        .detail(format!("The module has no input variable named \"{name}\"."))
}

pub(super) fn unknown_input(child: &Module, name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported argument")
        .detail(format!("An argument named \"{name}\" is not expected here."))
        .suggest(name, names(&child.variables))
}

pub(super) fn unexpected_block(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported block type")
        .detail(format!("Blocks of type \"{name}\" are not expected here."))
}

pub(super) fn missing_input(name: &str) -> Diagnostic {
    Diagnostic::error("Missing required argument")
        .detail(format!("The argument \"{name}\" is required, but no definition was found."))
}

/// Objects that depend on each other; every step with its place.
pub fn cycle(config: &Config, cycle: &Cycle<Node>) -> Diagnostic {
    let described = |node: &Node| match node {
        Node::Close(module) => format!("the whole {module}"),
        _ => node.to_string(),
    };
    let names: Vec<String> = cycle.circle.iter().map(described).collect();
    let mut detail =
        String::from("These objects depend on each other, so none of them can be first:\n");
    for (position, node) in cycle.circle.iter().enumerate() {
        let next = (position + 1) % names.len();
        let verb = match (node, &cycle.circle[next]) {
            (Node::Close(_), _) => "has in it",
            (_, Node::Call(..)) => "needs the instances of",
            _ => "refers to",
        };
        let next = &names[next];
        let place = span_of(config, node).and_then(|span| {
            let file = config.sources.get(span.source)?;
            Some(format!(" ({} line {})", file.path, file.position(span.start).line))
        });
        let name = &names[position];
        detail.push_str(&format!("\n  {name}{} {verb} {next}", place.unwrap_or_default()));
    }
    detail.push_str("\n\nRemove one of these references.");
    let expanded = |node: &Node| match node {
        Node::Resource(_) | Node::Provider(_) | Node::Close(_) => node.to_string(),
        Node::Variable(module, _) if is_in(next_of(&cycle.circle, node), module) => {
            format!("{node} (validation)")
        }
        _ => format!("{node} (expand)"),
    };
    let all: Vec<String> = cycle.nodes.iter().map(expanded).collect();
    Diagnostic::error(format!("Cycle: {}", all.join(", "))).detail(detail)
}

/// What a node of a circle depends on.
fn next_of<'c>(circle: &'c [Node], node: &Node) -> Option<&'c Node> {
    let at = circle.iter().position(|found| found == node)?;
    circle.get((at + 1) % circle.len())
}

/// Whether a node is an object of a module: what a variable depends on there is named in its validations.
fn is_in(node: Option<&Node>, module: &ModulePath) -> bool {
    match node {
        Some(
            Node::Variable(path, _)
            | Node::Local(path, _)
            | Node::Call(path, _)
            | Node::Output(path, _),
        ) => path == module,
        Some(Node::Resource(found) | Node::Action(found) | Node::Triggers(found)) => {
            found.module == *module
        }
        Some(Node::Close(_) | Node::Provider(_)) | None => false,
    }
}

fn span_of(config: &Config, node: &Node) -> Option<Span> {
    match node {
        Node::Variable(module, name) => Some(config.module(module)?.variables.get(name)?.span),
        Node::Local(module, name) => Some(config.module(module)?.locals.get(name)?.span),
        Node::Call(module, name) => Some(config.module(module)?.calls.get(name)?.span),
        Node::Output(module, name) => Some(config.module(module)?.outputs.get(name)?.span),
        Node::Resource(found) | Node::Action(found) | Node::Triggers(found) => {
            Some(config.resource(found)?.span)
        }
        Node::Provider(addr) => {
            let module = config.module(&addr.module)?;
            let mut blocks = module.providers.iter();
            let (_, block) = blocks.find(|((name, alias), _)| {
                *alias == addr.alias && module.provider_source(name) == addr.provider
            })?;
            Some(block.span)
        }
        Node::Close(_) => None,
    }
}

pub(super) fn no_provider_key(name: &str) -> Diagnostic {
    Diagnostic::error("Provider instance key required").detail(format!(
        "The provider configuration {name} has for_each, so a reference to it must say which instance is meant, such as \
         {name}[each.key]."
    ))
}

pub(super) fn provider_key_without_for_each(addr: &ProviderConfig) -> Diagnostic {
    Diagnostic::error("Unexpected provider instance key").detail(format!(
        "The provider configuration {addr} has no for_each, so it has no instances to choose from."
    ))
}

pub(super) fn same_for_each() -> Diagnostic {
    Diagnostic::warning("Provider configuration for_each matches resource").detail(
        "A resource has the same for_each as its provider configuration. When an element is removed, the instance of the \
         provider configuration that would have to delete the object goes with it. Give the provider configuration a \
         collection that keeps an element until its objects are deleted.",
    )
}

pub(super) fn scoped_resource(resource: &Resource) -> Diagnostic {
    Diagnostic::error("Reference to scoped resource").detail(format!(
        "{resource} stands in a check block, and only the assertions of that block can refer to it."
    ))
}

pub(super) fn wrong_import_target(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid import 'to' expression")
        .detail(format!("The target resource {problem}, so the address must have a key that fits."))
}

pub(super) fn wrong_import_key() -> Diagnostic {
    Diagnostic::error("Invalid address")
        .detail("The key of an instance is a string or a whole number.")
}

pub(super) fn call_in_import_key() -> Diagnostic {
    Diagnostic::error("Function calls not allowed")
        .detail("A key in the address of an import may refer to each.key and each.value only.")
}

pub(super) fn sensitive_import_key() -> Diagnostic {
    Diagnostic::error("Invalid index expression")
        .detail("A key in the address of an import cannot be sensitive.")
}

pub(super) fn import_key_variable(name: &str) -> Diagnostic {
    Diagnostic::error("Unknown variable").detail(format!(
        "A key in the address of an import may refer to each.key and each.value only, not to {name}."
    ))
}

pub(super) fn import_key_attribute(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported attribute")
        .detail(format!("\"each\" has no attribute \"{name}\": there are each.key and each.value."))
}

pub(super) fn import_without_config(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Configuration for import target does not exist")
        .detail(format!("There is no resource block for {addr}: write one."))
}

pub(super) fn provider_of_import() -> Diagnostic {
    Diagnostic::error("Invalid import provider argument").detail(
        "The argument provider is for imports whose resource block is yet to be generated. This one is there: choose the \
         provider configuration in it, and the same one here or none.",
    )
}

/// An id under which nothing can be imported.
pub fn wrong_import_id(value: &Value) -> Diagnostic {
    let why = if !value.is_known() {
        "it depends on values that are known only after apply, so the object cannot be looked up while planning"
    } else if value.is_null() {
        "it is null"
    } else {
        "it must be a string that is not empty"
    };
    Diagnostic::error("Invalid import id argument")
        .detail(format!("The import id cannot be used: {why}."))
}

/// An identity by which nothing can be imported.
pub fn wrong_import_identity(why: &str) -> Diagnostic {
    Diagnostic::error("Invalid import identity argument")
        .detail(format!("The import identity cannot be used: {why}."))
}

/// An attribute that no identity has.
pub(super) fn foreign_identity(name: &str) -> Diagnostic {
    wrong_import_identity(&format!(
        "there is no attribute \"{name}\" in it. The identity of an object has one attribute, id, which is its import id"
    ))
    .suggest(name, ["id"])
}

pub(super) fn import_id_of_itself() -> Diagnostic {
    Diagnostic::error("Invalid import id argument").detail(
        "The import id cannot refer to the resource that is imported: nothing is known of it yet.",
    )
}
