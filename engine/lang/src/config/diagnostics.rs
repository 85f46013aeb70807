//! The diagnostics of this folder, all texts on one page.

use infra_diag::{Diagnostic, Span};

pub(super) fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    let path = if path.is_empty() { "the folder" } else { path };
    Diagnostic::error("Failed to read file").detail(format!("{path} could not be read: {error}."))
}

pub(super) fn not_text(path: &str) -> Diagnostic {
    Diagnostic::error("Failed to read file").detail(format!("{path} is not text in UTF-8."))
}

pub(super) fn remote_module(name: &str, source: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Module not installed")
        .detail(format!(
            "The module \"{name}\" comes from \"{source}\". Only local modules can be loaded so far: a source that \
             begins with ./ or ../."
        ))
        .at(span)
        .within(format!("module \"{name}\""))
}

pub(super) fn no_module_folder(name: &str, source: &str, span: Span) -> Diagnostic {
    Diagnostic::error("Unreadable module directory")
        .detail(format!("There is no folder \"{source}\" for the module \"{name}\"."))
        .at(span)
        .within(format!("module \"{name}\""))
}

pub(super) fn endless_modules(span: Span) -> Diagnostic {
    Diagnostic::error("Module calls itself")
        .detail("Modules call each other without an end.")
        .at(span)
}

pub(super) fn unexpected_argument(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported argument").detail(format!(
        "An argument named \"{name}\" is not expected here: at the top of a file there are only blocks. A value for a \
         variable belongs into a .tfvars file."
    ))
}

pub(super) fn unknown_block<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    Diagnostic::error("Unsupported block type")
        .detail(format!("Blocks of type \"{name}\" are not expected here."))
        .suggest(name, known)
}

pub(super) fn not_yet(name: &str) -> Diagnostic {
    Diagnostic::warning("Block is not carried out yet").detail(format!(
        "Blocks of type \"{name}\" are read, but this version does nothing with them."
    ))
}

pub(super) fn unsupported<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    Diagnostic::error("Unsupported argument")
        .detail(format!("An argument named \"{name}\" is not expected here."))
        .suggest(name, known)
}

pub(super) fn labels(block: &str, wanted: usize, found: usize) -> Diagnostic {
    let names = match (block, wanted) {
        ("resource" | "data" | "ephemeral", _) => "type, name",
        (_, 0) => "none",
        ("provisioner" | "backend", _) => "type",
        _ => "name",
    };
    if found > wanted {
        return Diagnostic::error("Extraneous label for block")
            .detail(format!("A {block} block has {wanted} label(s): {names}."));
    }
    Diagnostic::error("Missing name for block")
        .detail(format!("A {block} block has {wanted} label(s): {names}."))
}

pub(super) fn duplicate(what: &'static str, name: &str) -> Diagnostic {
    let summary = match what {
        "variable" => "Duplicate variable declaration",
        "output" => "Duplicate output definition",
        "local value" => "Duplicate local value definition",
        "module call" => "Duplicate module call",
        _ => "Duplicate backend configuration",
    };
    Diagnostic::error(summary).detail(format!(
        "A {what} named \"{name}\" was declared before. Names must be unique in a module."
    ))
}

pub(super) fn duplicate_resource(addr: &infra_addrs::Resource) -> Diagnostic {
    let (summary, what) = match addr.mode {
        infra_addrs::Mode::Data => ("Duplicate data \"{}\" configuration", "data resource"),
        _ => ("Duplicate resource configuration", "resource"),
    };
    let summary = if what == "resource" { summary } else { "Duplicate data configuration" };
    Diagnostic::error(summary).detail(format!(
        "A {what} {addr} was declared before. Names must be unique for a type in a module."
    ))
}

pub(super) fn duplicate_provider(name: &str, alias: Option<&str>) -> Diagnostic {
    let hint = match alias {
        Some(alias) => format!("with the alias \"{alias}\" was declared before"),
        None => "without an alias was declared before: give one of them an alias".to_owned(),
    };
    Diagnostic::error("Duplicate provider configuration")
        .detail(format!("A configuration of the provider \"{name}\" {hint}."))
}

pub(super) fn missing(name: &str) -> Diagnostic {
    Diagnostic::error("Missing required argument")
        .detail(format!("The argument \"{name}\" is required, but no definition was found."))
}

pub(super) fn literal_needed(name: &str) -> Diagnostic {
    Diagnostic::error("Variables not allowed").detail(format!(
        "The value of \"{name}\" must be known before anything is evaluated: write it out."
    ))
}

pub(super) fn version_in_provider(name: &str) -> Diagnostic {
    Diagnostic::warning("Version constraints inside provider configuration blocks are deprecated").detail(format!(
        "Say which version of the provider \"{name}\" the module accepts in the required_providers block."
    ))
}

pub(super) fn wrong_requirement(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid required_providers object").detail(format!(
        "The entry of \"{name}\" is an object with the attributes source, version and configuration_aliases."
    ))
}

pub(super) fn wrong_source(problem: &str) -> Diagnostic {
    Diagnostic::error("Invalid provider source string").detail(problem.to_owned())
}

pub(super) fn wrong_provider_reference() -> Diagnostic {
    Diagnostic::error("Invalid provider configuration reference")
        .detail("A provider configuration is named by its provider, or provider and alias: aws, or aws.east.")
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

pub(super) fn quoted_type() -> Diagnostic {
    Diagnostic::warning("Quoted type constraints are deprecated")
        .detail("Types are written without quotes: string, list(string), map(string).")
}

pub(super) fn quoted_reference() -> Diagnostic {
    Diagnostic::warning("Quoted references are deprecated")
        .detail("References are written without quotes.")
}

pub(super) fn wrong_depends_on() -> Diagnostic {
    Diagnostic::error("Invalid depends_on reference").detail(
        "Here stand references to whole objects: depends_on = [aws_vpc.main, module.network].",
    )
}

pub(super) fn wrong_ignore_changes() -> Diagnostic {
    Diagnostic::error("Invalid expression")
        .detail("Here stand names of arguments: ignore_changes = [tags, ami].")
}

pub(super) fn count_and_for_each() -> Diagnostic {
    Diagnostic::error("Invalid combination of \"count\" and \"for_each\"").detail(
        "The \"count\" and \"for_each\" meta-arguments are mutually exclusive: use one of them.",
    )
}

pub(super) fn no_cloud() -> Diagnostic {
    Diagnostic::error("HCP Terraform is not supported").detail(
        "This configuration keeps its state in HCP Terraform, which infra does not talk to. Use a local state, or a \
         backend \"s3\" block.",
    )
}

/// What is wrong with a `required_version`; nothing if we satisfy it.
pub(super) fn version(constraint: &str) -> Option<Diagnostic> {
    match super::version::compare("1.11.4", constraint) {
        Ok(true) => None,
        Ok(false) => Some(Diagnostic::error("Unsupported Terraform Core version").detail(format!(
            "This configuration asks for Terraform {constraint}; infra behaves as version 1.11.4."
        ))),
        Err(part) => Some(
            Diagnostic::error("Invalid version constraint")
                .detail(format!("\"{part}\" is not a version constraint such as \">= 1.5\".")),
        ),
    }
}

pub(super) fn undeclared<'a>(
    summary: &'static str,
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    hint: &str,
) -> Diagnostic {
    let mut diagnostic = Diagnostic::error(summary)
        .detail(format!("{what} \"{name}\" has not been declared in this module.{hint}"));
    if let Some(near) = infra_diag::nearest(name, known) {
        diagnostic.detail.push_str(&format!(" Did you mean \"{near}\"?"));
    }
    diagnostic
}

pub(super) fn unknown_type<'a>(
    mode: infra_addrs::Mode,
    name: &str,
    provider: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let (summary, what) = match mode {
        infra_addrs::Mode::Data => ("Invalid data source", "data source"),
        infra_addrs::Mode::Ephemeral => ("Invalid ephemeral resource", "ephemeral resource"),
        infra_addrs::Mode::Managed => ("Invalid resource type", "resource type"),
    };
    Diagnostic::error(summary)
        .detail(format!("The provider {provider} does not support {what} \"{name}\"."))
        .suggest(name, known)
}

pub(super) fn no_provider(name: &str, built_in: &[String]) -> Diagnostic {
    Diagnostic::error("Provider not available").detail(format!(
        "The provider {name} is not built into infra. Built in are: {}.",
        built_in.join(", ")
    ))
}
