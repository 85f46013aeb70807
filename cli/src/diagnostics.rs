//! The diagnostics of the command line, all texts on one page.

use infra_engine::diag::Diagnostic;

pub(crate) fn no_configuration() -> Diagnostic {
    Diagnostic::error("No configuration files").detail(
        "There is no .tf file in this folder. Work in another one with -chdir=DIR, or write a configuration first.",
    )
}

pub(crate) fn no_value(name: &str, description: Option<&str>) -> Diagnostic {
    let about = description.map(|text| format!(" ({text})")).unwrap_or_default();
    Diagnostic::error("No value for required variable").detail(format!(
        "The input variable \"{name}\"{about} has no default and was given no value. Set it with -var '{name}=...', in a \
         .tfvars file, or in the environment as TF_VAR_{name}."
    ))
}

pub(crate) fn wrong_flag(name: &'static str, problem: String) -> Diagnostic {
    let _ = name;
    Diagnostic::error("Invalid command line argument").detail(problem)
}

pub(crate) fn unknown_backend(name: &str) -> Diagnostic {
    Diagnostic::error("Unsupported backend type")
        .detail(format!("There is no backend type named \"{name}\". Built in are: local, s3."))
        .suggest(name, ["local", "s3"])
}

pub(crate) fn stale_plan() -> Diagnostic {
    Diagnostic::error("Saved plan is stale").detail(
        "The state was changed after this plan was made, so what it says may no longer be right. Make a new plan.",
    )
}

pub(crate) fn foreign_plan() -> Diagnostic {
    Diagnostic::error("Saved plan does not match the given state").detail(
        "The plan was made from another state (another lineage). Apply it where it was made, or make a new plan.",
    )
}

pub(crate) fn wrong_plan_file(problem: String) -> Diagnostic {
    Diagnostic::error("Failed to load plan file").detail(problem)
}

pub(crate) fn not_approved() -> Diagnostic {
    Diagnostic::error("Approval required").detail(
        "Nobody can be asked, since input is not a terminal. Apply without a question with -auto-approve, or apply a \
         saved plan.",
    )
}

pub(crate) fn other_version(provider: &str, wanted: &str, ours: &str) -> Diagnostic {
    Diagnostic::warning("Another provider version is built in").detail(format!(
        "The configuration asks for {provider} {wanted}. infra has this provider built in, with the schema of version \
         {ours}."
    ))
}

pub(crate) fn sandbox(problem: String) -> Diagnostic {
    Diagnostic::error("The sandbox could not be started").detail(problem)
}
