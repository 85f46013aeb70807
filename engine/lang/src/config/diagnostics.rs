//! The diagnostics of this folder, all texts on one page.

use infra_diag::{Diagnostic, Span};

const INVALID_EXPRESSION: &str = "Invalid expression";
const REQUIREMENT: &str = "Invalid required_providers object";
const VERSION: &str = "Invalid version constraint";

pub(super) fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    let path = if path.is_empty() { "the folder" } else { path };
    Diagnostic::error("Failed to read file").detail(format!("{path} could not be read: {error}."))
}

pub(super) fn damaged_manifest(path: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to read module manifest").detail(format!(
        "{path}, which says where modules are installed, is damaged: {problem}. Remove it and run \"infra init\"."
    ))
}

pub(super) fn module_not_installed(source: &str) -> Diagnostic {
    Diagnostic::error("Module not installed").detail(format!(
        "The module at \"{source}\" is not yet installed. Run \"infra init\" to fetch all modules that this configuration \
         calls."
    ))
}

pub(super) fn module_source_changed(source: &str) -> Diagnostic {
    Diagnostic::error("Module source has changed").detail(format!(
        "The source address was changed to \"{source}\" since this module was installed. Run \"infra init\" to fetch it."
    ))
}

pub(super) fn module_version_changed(source: &str) -> Diagnostic {
    Diagnostic::error("Module version requirements have changed").detail(format!(
        "The version of \"{source}\" that is installed is not one that this call accepts. Run \"infra init\" to fetch \
         another one."
    ))
}

pub(super) fn no_module_folder(name: &str, source: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Unreadable module directory")
        .detail(format!("There is no folder \"{source}\" for the module \"{name}\"."))
        .at(span)
}

pub(super) fn endless_modules(span: Span) -> Diagnostic {
    Diagnostic::error("Module calls itself")
        .detail("Modules call each other without an end.")
        .at(span)
}

pub(super) fn unknown_block<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("Unsupported block type")
        .detail(format!("Blocks of type \"{name}\" are not expected here."))
        .suggest(name, known)
}

pub(super) fn extra_label(ty: &str, names: &[&str]) -> Diagnostic {
    let expected = match names {
        [] => format!("No labels are expected for {ty} blocks."),
        names => format!(
            "Only {} labels ({}) are expected for {ty} blocks.",
            names.len(),
            names.join(", ")
        ),
    };
    Diagnostic::error(format!("Extraneous label for {ty}")).detail(expected)
}

pub(super) fn missing_label(ty: &str, missing: &str, names: &[&str]) -> Diagnostic {
    Diagnostic::error(format!("Missing {missing} for {ty}")).detail(format!(
        "All {ty} blocks must have {} labels ({}).",
        names.len(),
        names.join(", ")
    ))
}

pub(super) fn wrong_name(summary: &'static str) -> Diagnostic {
    Diagnostic::error(summary).detail(
        "A name must start with a letter or underscore and may contain only letters, digits, underscores, and dashes.",
    )
}

pub(super) fn reserved_variable(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid variable name").detail(format!(
        "The variable name \"{name}\" is reserved due to its special meaning inside module blocks."
    ))
}

pub(super) fn unsuitable(problem: &str) -> Diagnostic {
    Diagnostic::error("Unsuitable value type").detail(format!("Unsuitable value: {problem}."))
}

pub(super) fn list_needed() -> Diagnostic {
    Diagnostic::error(INVALID_EXPRESSION)
        .detail("A static list expression is required: one that is written out in brackets.")
}

pub(super) fn map_needed() -> Diagnostic {
    Diagnostic::error(INVALID_EXPRESSION)
        .detail("A static map expression is required: one that is written out in braces.")
}

pub(crate) fn reference_needed() -> Diagnostic {
    Diagnostic::error(INVALID_EXPRESSION).detail(
        "A single static variable reference is required: only attribute access and indexing with constant keys. No \
         calculations, function calls or templates are allowed here.",
    )
}

pub(super) fn json_reference_needed() -> Diagnostic {
    Diagnostic::error("Invalid reference expression")
        .detail("A reference in quotes is needed: the address of a resource.")
}

/// A block that may be there only once. `what` has it: "resource", "provisioner".
pub(super) fn second_block(what: &str, ty: &str) -> Diagnostic {
    Diagnostic::error(format!("Duplicate {ty} block"))
        .detail(format!("This {what} already has a {ty} block: it can have only one."))
}

/// A block type that means nothing yet; `place` says where: "", " in module block".
pub(super) fn reserved_block(ty: &str, place: &str) -> Diagnostic {
    Diagnostic::error(format!("Reserved block type name{place}"))
        .detail(format!("The block type name \"{ty}\" is reserved for use in a future version."))
}

pub(super) fn reserved_provider_argument(name: &str) -> Diagnostic {
    Diagnostic::error("Reserved argument name in provider block").detail(format!(
        "The provider argument name \"{name}\" is reserved for use in a future version."
    ))
}

pub(super) fn unexpected_block(ty: &str) -> Diagnostic {
    Diagnostic::error(format!("Unexpected \"{ty}\" block")).detail("Blocks are not allowed here.")
}

pub(super) fn deprecated_variable(why: &str) -> Diagnostic {
    Diagnostic::warning("Deprecated variable got a value").detail(why)
}

/// Two declarations of one name.
pub(super) fn duplicate(what: &str, name: &str) -> Diagnostic {
    let summary = match what {
        "variable" => "Duplicate variable declaration",
        "output" => "Duplicate output definition",
        "local value" => "Duplicate local value definition",
        _ => "Duplicate module call",
    };
    Diagnostic::error(summary).detail(format!(
        "A {what} named \"{name}\" was declared before. Names must be unique in a module."
    ))
}

pub(super) fn duplicate_resource(addr: &infra_addrs::Resource) -> Diagnostic {
    let what = match addr.mode {
        infra_addrs::Mode::Managed => "resource",
        infra_addrs::Mode::Data => "data",
        infra_addrs::Mode::Ephemeral => "ephemeral",
        infra_addrs::Mode::List => "list",
        infra_addrs::Mode::Action => "action",
    };
    Diagnostic::error(format!("Duplicate {what} \"{}\" configuration", addr.type_name))
        .detail(format!("{addr} was declared before. Names must be unique for a type in a module."))
}

pub(super) fn list_without_provider() -> Diagnostic {
    Diagnostic::error("Missing \"provider\" attribute")
        .detail("You must specify a provider attribute when defining a list block.")
}

pub(super) fn duplicate_provider(name: &str, alias: Option<&str>) -> Diagnostic {
    let hint = match alias {
        Some(alias) => format!("with the alias \"{alias}\" was declared before"),
        None => "without an alias was declared before: give one of them an alias".to_owned(),
    };
    Diagnostic::error("Duplicate provider configuration")
        .detail(format!("A configuration of the provider \"{name}\" {hint}."))
}

pub(super) fn duplicate_backend() -> Diagnostic {
    Diagnostic::error("Duplicate backend configuration")
        .detail("A module may have only one 'backend' block, which says where the state is kept.")
}

pub(super) fn duplicate_cloud() -> Diagnostic {
    Diagnostic::error("Duplicate HCP Terraform configurations")
        .detail("A module may have only one 'cloud' block.")
}

pub(super) fn cloud_and_backend() -> Diagnostic {
    Diagnostic::error("Both a backend and cloud configuration are present").detail(
        "A module may declare either one 'cloud' block or one 'backend' block, which says where the state is kept.",
    )
}

pub(super) fn duplicate_requirements() -> Diagnostic {
    Diagnostic::error("Duplicate required providers configuration")
        .detail("A module may have only one required providers configuration.")
}

pub(super) fn misplaced_requirements() -> Diagnostic {
    Diagnostic::error("Invalid required_providers block")
        .detail("A \"required_providers\" block must be nested inside a \"terraform\" block.")
}

pub(super) fn unexpected_argument(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported argument").detail(format!(
        "An argument named \"{name}\" is not expected here: at the top of a file there are only blocks. A value for a \
         variable belongs into a .tfvars file."
    ))
}

pub(super) fn no_cloud() -> Diagnostic {
    Diagnostic::error("HCP Terraform is not supported").detail(
        "This configuration keeps its state in HCP Terraform, which infra does not talk to. Use a local state, or a \
         backend \"s3\" block.",
    )
}

pub(super) fn experiments() -> Diagnostic {
    Diagnostic::error("Module uses experimental features")
        .detail("Experimental features are available only in alpha releases of Terraform: remove the argument.")
}

pub(super) fn edition(known: bool) -> Diagnostic {
    let summary = if known { "Unsupported language edition" } else { "Invalid language edition" };
    Diagnostic::error(summary)
        .detail("The only language edition is the keyword TF2021, which is the default.")
}

pub(super) fn quoted_type() -> Diagnostic {
    Diagnostic::error("Invalid quoted type constraints")
        .detail("Types are written without quotes: string, list(string), map(string).")
}

pub(super) fn quoted_other_type() -> Diagnostic {
    Diagnostic::error("Invalid legacy variable type hint").detail(
        "To provide a full type expression, remove the surrounding quotes and give the type expression directly.",
    )
}

/// A condition that is always the same. `kind` is the type of its block.
pub(super) fn constant_condition(kind: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid {kind} expression")).detail(
        "The condition expression must refer to at least one object from elsewhere in the configuration, or else its \
         result would not be checking anything.",
    )
}

pub(super) fn foreign_validation(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid variable validation condition").detail(format!(
        "The condition for variable \"{name}\" must refer to var.{name} in order to test incoming values."
    ))
}

pub(super) fn condition_names_itself(kind: &str, addr: &infra_addrs::Resource) -> Diagnostic {
    Diagnostic::error(format!("Invalid reference in {kind}"))
        .detail(format!("Configuration for {addr} may not refer to itself."))
}

pub(super) fn output_postcondition() -> Diagnostic {
    Diagnostic::error("Postconditions are not allowed")
        .detail("Output values can only have preconditions, not postconditions.")
}

pub(super) fn wrong_provider_reference(argument: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider configuration reference").detail(format!(
        "The {argument} argument requires a provider type name, optionally followed by a period and then a \
         configuration alias: aws, or aws.east."
    ))
}

pub(super) fn wrong_alias_step() -> Diagnostic {
    Diagnostic::error("Invalid provider configuration reference").detail(
        "Provider name must either stand alone or be followed by a period and then a configuration alias.",
    )
}

pub(super) fn provider_name(name: &str) -> Diagnostic {
    let lower = name.to_lowercase();
    let detail = if lower == name {
        format!(
            "{name} is an invalid provider local name: it may contain only letters, digits and dashes."
        )
    } else {
        format!(
            "Provider names must be normalized. Replace \"{name}\" with \"{lower}\" to fix this error."
        )
    };
    Diagnostic::error("Invalid provider local name").detail(detail)
}

pub(super) fn no_provider_name() -> Diagnostic {
    Diagnostic::error("Invalid provider local name").detail(
        "A resource type begins with the local name of its provider, up to the first underscore: here is none.",
    )
}

pub(super) fn wrong_requirement() -> Diagnostic {
    Diagnostic::error(REQUIREMENT).detail("required_providers entries must be strings or objects.")
}

pub(super) fn wrong_requirement_key() -> Diagnostic {
    Diagnostic::error(REQUIREMENT).detail(
        "required_providers objects can only contain \"version\", \"source\" and \"configuration_aliases\" \
         attributes. To configure a provider, use a \"provider\" block.",
    )
}

pub(super) fn source_text() -> Diagnostic {
    Diagnostic::error("Invalid source").detail("Source must be specified as a string.")
}

pub(super) fn wrong_source(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider source string").detail(problem.to_owned())
}

pub(super) fn prefixed_source(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider type").detail(format!(
        "The prefix \"terraform-\" or \"terraform-provider-\" of \"{name}\" belongs to the names of repositories. Leave it \
         out."
    ))
}

pub(super) fn required_twice(provider: &str, name: &str, other: &str) -> Diagnostic {
    Diagnostic::warning("Duplicate required provider").detail(format!(
        "Provider {provider} with the local name \"{name}\" was previously required as \"{other}\". A provider can only be \
         required once within required_providers."
    ))
}

pub(super) fn wrong_aliases(problem: String) -> Diagnostic {
    Diagnostic::error("Invalid configuration_aliases value").detail(problem)
}

pub(super) fn version_text() -> Diagnostic {
    Diagnostic::error(VERSION).detail("Version must be specified as a string.")
}

pub(super) fn wrong_version() -> Diagnostic {
    Diagnostic::error(VERSION).detail(
        "This string does not use correct version constraint syntax, such as \">= 1.5, < 2.0\".",
    )
}

pub(super) fn second_pass() -> Diagnostic {
    Diagnostic::error("Duplicate provider address")
        .detail("A provider configuration was already passed for this name. Each can be assigned only once.")
}

pub(super) fn wildcard_changes() -> Diagnostic {
    Diagnostic::error("Invalid ignore_changes wildcard").detail(
        "The [\"*\"] form of ignore_changes wildcard was deprecated and is now invalid. Use \"ignore_changes = all\" to \
         ignore changes to all attributes.",
    )
}

pub(super) fn mixed_changes() -> Diagnostic {
    Diagnostic::error("Invalid ignore_changes ruleset")
        .detail("Cannot mix wildcard string \"*\" with non-wildcard references.")
}

pub(super) fn trigger(kind: &'static str, problem: &'static str) -> Diagnostic {
    let summary = match kind {
        "" => "Invalid replace_triggered_by expression",
        "each" => "Invalid each reference in replace_triggered_by expression",
        "count" => "Invalid count reference in replace_triggered_by expression",
        _ => "Invalid reference in replace_triggered_by expression",
    };
    Diagnostic::error(summary).detail(problem)
}

pub(super) fn foreign_lifecycle(kind: &str, name: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid {kind} resource lifecycle argument")).detail(format!(
        "The lifecycle argument \"{name}\" is defined only for managed resources (\"resource\" blocks), and is not valid \
         for {kind} resources."
    ))
}

pub(super) fn removed_provisioner(name: &str) -> Diagnostic {
    Diagnostic::error(format!("The \"{name}\" provisioner has been removed")).detail(format!(
        "The \"{name}\" provisioner was deprecated in Terraform 0.13.4 and has been removed."
    ))
}

pub(super) fn wrong_keyword(argument: &str, words: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid \"{argument}\" keyword")).detail(format!(
        "The \"{argument}\" argument requires one of the following keywords: {words}."
    ))
}

pub(super) fn quoted_keyword() -> Diagnostic {
    Diagnostic::warning("Quoted keywords are deprecated")
        .detail("Keywords are written without quotes.")
}

pub(super) fn destroy_reference() -> Diagnostic {
    Diagnostic::error("Invalid reference from destroy provisioner").detail(
        "Destroy-time provisioners and their connection configurations may only reference attributes of the related \
         resource, via 'self', 'count.index', or 'each.key'.\n\nReferences to other resources during the destroy phase \
         can cause dependency cycles and interact poorly with create_before_destroy.",
    )
}

pub(super) fn wrong_module_source(source: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid module source address")
        .detail(format!("The module source \"{source}\" cannot be used: {problem}."))
}

pub(super) fn wrong_registry_source(source: &str) -> Diagnostic {
    Diagnostic::error("Invalid registry module source address").detail(format!(
        "The argument \"version\" applies only to modules from a registry, and \"{source}\" is not the address of one: \
         NAMESPACE/NAME/PROVIDER."
    ))
}

pub(super) fn required_not_set(name: &str) -> Diagnostic {
    Diagnostic::error("Required variable not set").detail(format!(
        "The given value is not suitable for var.{name}: required variable may not be set to null."
    ))
}

pub(super) fn ignored_backend() -> Diagnostic {
    Diagnostic::warning("Backend configuration ignored").detail(
        "Any selected backend applies to the entire configuration, so only the backend of the root module counts.",
    )
}

/// What begins with `word` is no address.
pub(super) fn wrong_target(word: &str) -> Diagnostic {
    if !infra_addrs::is_reserved(word) && word != "ephemeral" {
        return wrong_address();
    }
    Diagnostic::error("Invalid address").detail(format!(
        "The word \"{word}\" is reserved and cannot begin the address of a resource. If a resource type is called so, write \
         resource.{word}."
    ))
}

pub(crate) fn wrong_address() -> Diagnostic {
    Diagnostic::error("Invalid address").detail(
        "Here stands the address of a resource, a resource instance, a module or a module instance, such as \
         aws_vpc.main or module.network[\"a\"].",
    )
}

pub(super) fn moved_kinds() -> Diagnostic {
    Diagnostic::error("Invalid \"moved\" addresses").detail(
        "The \"from\" and \"to\" addresses must either both refer to resources or both refer to modules.",
    )
}

pub(super) fn removed_key(module: bool) -> Diagnostic {
    let summary = if module {
        "Module instance keys not allowed"
    } else {
        "Resource instance keys not allowed"
    };
    Diagnostic::error(summary).detail(
        "A removed block is about all instances of a resource or module: leave out the key. For one instance remove it \
         from count or for_each, or use state rm.",
    )
}

pub(super) fn removed_data() -> Diagnostic {
    Diagnostic::error("Data source address not allowed")
        .detail("Only managed resources can be removed: a data source has nothing to destroy.")
}

pub(super) fn creation_provisioner() -> Diagnostic {
    Diagnostic::error("Invalid provisioner block")
        .detail("Only provisioners with when = destroy can stand in a removed block.")
}

pub(super) fn import_below_root() -> Diagnostic {
    Diagnostic::error("Invalid import configuration").detail(
        "An import block stands in the root module. Its \"to\" may name a resource of a module: module.a.aws_vpc.b.",
    )
}

pub(super) fn import_twice(addr: &str) -> Diagnostic {
    Diagnostic::error(format!("Duplicate import configuration for \"{addr}\""))
        .detail("Another import block has the same \"to\" address: an address holds one object.")
}

pub(super) fn import_twice_named() -> Diagnostic {
    Diagnostic::error("Invalid import block")
        .detail("An object is named by its id or by its identity, not by both.")
}

pub(super) fn no_assertions() -> Diagnostic {
    Diagnostic::error("Zero assert blocks")
        .detail("A check block must have at least one assert block.")
}

pub(super) fn duplicate_check(name: &str) -> Diagnostic {
    Diagnostic::error(format!("Duplicate check \"{name}\" configuration")).detail(format!(
        "A check named \"{name}\" was declared before. Names must be unique in a module."
    ))
}

pub(super) fn unsupported<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error("Unsupported argument")
        .detail(format!("An argument named \"{name}\" is not expected here."))
        .suggest(name, known)
}

pub(super) fn missing(name: &str) -> Diagnostic {
    Diagnostic::error("Missing required argument")
        .detail(format!("The argument \"{name}\" is required, but no definition was found."))
}

pub(super) fn version_in_provider(name: &str) -> Diagnostic {
    Diagnostic::warning("Version constraints inside provider configuration blocks are deprecated").detail(format!(
        "Say which version of the provider \"{name}\" the module accepts in the required_providers block."
    ))
}

pub(super) fn null_default() -> Diagnostic {
    Diagnostic::error("Invalid default value for variable")
        .detail("A null default value is not valid when nullable=false.")
}

pub(super) fn wrong_default(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid default value for variable").detail(format!(
        "This default value is not compatible with the variable's type constraint: {problem}."
    ))
}

pub(super) fn quoted_reference() -> Diagnostic {
    Diagnostic::warning("Quoted references are deprecated")
        .detail("References are written without quotes.")
}

pub(super) fn count_and_for_each() -> Diagnostic {
    Diagnostic::error("Invalid combination of \"count\" and \"for_each\"").detail(
        "The \"count\" and \"for_each\" meta-arguments are mutually exclusive: use one of them.",
    )
}

pub(super) fn unmet_version(constraint: &str) -> Diagnostic {
    Diagnostic::error("Unsupported Terraform Core version").detail(format!(
        "This configuration asks for Terraform {constraint}; infra behaves as version {}.",
        super::version::TERRAFORM
    ))
}

pub(super) fn prerelease(constraint: &str) -> Diagnostic {
    Diagnostic::error("Invalid required_version constraint").detail(format!(
        "Prerelease version constraints are not supported: {constraint}. Remove the prerelease information from the \
         constraint."
    ))
}

pub(super) fn version_not_text(name: &str) -> Diagnostic {
    Diagnostic::error(VERSION).detail(format!("A string value is required for {name}."))
}

pub(super) fn json_values() -> Diagnostic {
    Diagnostic::error("Incorrect JSON value type")
        .detail("A file of values in JSON holds one object, whose properties are the variables.")
}

pub(super) fn json_root() -> Diagnostic {
    Diagnostic::error("Root value must be object")
        .detail("A file of JSON holds one object, whose properties are arguments and blocks.")
}

pub(super) fn json_object_needed() -> Diagnostic {
    Diagnostic::error("Incorrect JSON value type").detail(
        "Here should be an object with the arguments of a block, or an array of such objects.",
    )
}

pub(super) fn json_label(ty: &str) -> Diagnostic {
    Diagnostic::error("Missing block label").detail(format!(
        "The names of properties are the labels of \"{ty}\" blocks: one at least must be there."
    ))
}

pub(crate) fn json_extraneous(name: &str) -> Diagnostic {
    Diagnostic::error("Extraneous JSON object property")
        .detail(format!("No argument or block type is named \"{name}\"."))
}

pub(super) fn json_twice(block: &str, name: &str) -> Diagnostic {
    let summary = match block {
        "locals" | "required_providers" => "Duplicate attribute definition",
        _ => "Duplicate argument",
    };
    Diagnostic::error(summary)
        .detail(format!("The argument \"{name}\" was set before in this block."))
}

pub(super) fn nothing_to_override(ty: &str) -> Diagnostic {
    let summary = match ty {
        "variable" => "Missing base variable declaration to override",
        "locals" => "Missing base local value definition to override",
        "output" => "Missing base output definition to override",
        "module" => "Missing module call to override",
        "data" => "Missing data resource to override",
        _ => "Missing resource to override",
    };
    Diagnostic::error(summary)
        .detail("A file that overrides changes only what another file of the module declares.")
}

pub(super) fn no_provider_to_override() -> Diagnostic {
    Diagnostic::error("Missing base provider configuration for override")
        .detail("No other file of the module has a configuration of this provider with this alias.")
}

pub(super) fn cannot_override(ty: &str) -> Diagnostic {
    let summary = match ty {
        "check" => "Can't override check blocks".to_owned(),
        _ => format!("Cannot override '{ty}' blocks"),
    };
    Diagnostic::error(summary).detail("Such blocks stand in ordinary files only.")
}

pub(super) fn depends_on_overridden() -> Diagnostic {
    Diagnostic::error("Unsupported override")
        .detail("The depends_on argument may not be overridden.")
}

pub(super) fn conditions_overridden(ty: &str) -> Diagnostic {
    Diagnostic::error(format!("Can't override {ty} blocks"))
        .detail("Conditions stand in ordinary files only.")
}

const EARLY: &str = "Only input variables, local values, path, terraform.workspace and functions of them are known before \
                     anything is planned, when modules are looked for and the state is opened.";

pub(super) fn early_dynamic(reference: &str) -> Diagnostic {
    Diagnostic::error("Dynamic value in static context")
        .detail(format!("{reference} is not known yet. {EARLY}"))
}

pub(super) fn early_circle(reference: &str) -> Diagnostic {
    Diagnostic::error("Circular reference").detail(format!("{reference} refers to itself."))
}

pub(super) fn early_no_value(name: &str) -> Diagnostic {
    Diagnostic::error("No value for required variable").detail(format!(
        "The input variable \"{name}\" is needed here before anything is planned, has no default and was given no value. \
         Set it with -var '{name}=...', in a .tfvars file, or in the environment as TF_VAR_{name}: when infra init runs, \
         and whenever the configuration is used."
    ))
}

pub(super) fn early_unknown(argument: &str) -> Diagnostic {
    Diagnostic::error("Unknown value in static context")
        .detail(format!("{argument} depends on what is known only later. {EARLY}"))
}

pub(super) fn early_sensitive(argument: &str) -> Diagnostic {
    Diagnostic::error("Sensitive value in static context").detail(format!(
        "{argument} depends on a sensitive or ephemeral value. It is written down where modules are installed, so it must \
         not be secret."
    ))
}

pub(super) fn early_unsuitable(argument: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Unsuitable value type")
        .detail(format!("{argument} must be a string: {problem}."))
}

pub(super) fn sensitive_backend(argument: &str) -> Diagnostic {
    Diagnostic::warning("Backend configuration contains sensitive values").detail(format!(
        "The argument \"{argument}\" is sensitive, and \"infra init\" remembers the arguments of the backend in a file. \
         Give secrets through the environment variables of the backend instead."
    ))
}

pub(super) fn wrong_flag(text: &str) -> Diagnostic {
    Diagnostic::error(FLAG).detail(format!("-var takes name=value, not \"{text}\"."))
}

pub(super) fn space_in_flag(name: &str) -> Diagnostic {
    Diagnostic::error(FLAG).detail(format!(
        "The name of a variable has no space at its end: write {} instead of \"{name}\".",
        name.trim_end()
    ))
}

const FLAG: &str = "Invalid -var option";

pub(super) fn alias_required() -> Diagnostic {
    Diagnostic::error("Alias required when using for_each").detail(
        "A provider configuration that is repeated has no default instance, so it needs an alias by which its instances are \
         named: aws.by_region[\"...\"].",
    )
}

pub(super) fn second_check_data() -> Diagnostic {
    Diagnostic::error("Multiple data resource blocks")
        .detail("A check block can have one data block, and this one already has it.")
}

pub(super) fn repeated_check_data(argument: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid \"{argument}\" attribute")).detail(
        "The \"count\" and \"for_each\" meta-arguments are not supported within nested data blocks.",
    )
}

pub(super) fn check_data_lifecycle() -> Diagnostic {
    Diagnostic::error("Invalid lifecycle block").detail(
        "Data blocks within a check block have no lifecycle: its assertions say what must hold.",
    )
}

pub(super) fn import_of_other() -> Diagnostic {
    Diagnostic::error("Invalid import address")
        .detail("Only managed resources can be imported: \"to\" is the address of one.")
}

pub(super) fn quoted_nonsense() -> Diagnostic {
    Diagnostic::error("Invalid character").detail(
        "Expected an attribute access or an index operator: the text in quotes is no reference.",
    )
}

pub(super) fn declared_in_values(name: &str) -> Diagnostic {
    Diagnostic::error("Variable declaration in .tfvars file").detail(format!(
        "A .tfvars file gives values to variables that are declared in .tf files. Write the block there, or here \
         {name} = ... for its value."
    ))
}

pub(super) fn other_undeclared(count: usize) -> Diagnostic {
    Diagnostic::warning("Values for undeclared variables").detail(format!(
        "Beside those shown there are {count} other values for variables that the root module does not declare."
    ))
}

pub(super) fn wrong_part(summary: &'static str, source: &str) -> Diagnostic {
    Diagnostic::error(summary).detail(format!(
        "In the source address \"{source}\", what is between slashes may contain only letters, digits and dashes, and no dash \
         at its beginning or end."
    ))
}

pub(super) fn duplicate_provider_meta(name: &str) -> Diagnostic {
    Diagnostic::error("Duplicate provider_meta block").detail(format!(
        "A provider_meta block for the provider \"{name}\" was declared before. A module may have one for each provider."
    ))
}

pub(super) fn provisioner_of_nothing() -> Diagnostic {
    Diagnostic::error("Invalid provisioner block")
        .detail("Provisioners run in a removed block only if it is about a managed resource.")
}
