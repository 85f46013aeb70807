//! The diagnostics of the command line, all texts on one page.

use infra_engine::addrs::{Mode, ModuleInstance, ProviderAddr, ResourceInstance};
use infra_engine::diag::{Diagnostic, Span};
use infra_engine::state::{State, StoreError};

use crate::selection::Selection;

pub(crate) fn no_query() -> Diagnostic {
    Diagnostic::error("No configuration files").detail(
        "Query requires a query configuration to be present. Create a Terraform query configuration file (.tfquery.hcl \
         file) and try again.",
    )
}

pub(crate) fn nothing_to_query() -> Diagnostic {
    Diagnostic::error("No resources to query")
        .detail("The configuration does not contain any resources that can be queried.")
}

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

pub(crate) fn folder_not_empty() -> Diagnostic {
    Diagnostic::error("Can't populate non-empty directory").detail(
        "-from-module copies a configuration into the working folder, which must be empty. There are files here already.",
    )
}

pub(crate) fn unknown_backend(title: &'static str, name: &str) -> Diagnostic {
    Diagnostic::error(title)
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

pub(crate) fn generated_not_written(path: &std::path::Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("Failed to write the generated configuration")
        .detail(format!("{} could not be written: {error}.", path.display()))
}

pub(crate) fn nothing_in_state() -> Diagnostic {
    Diagnostic::warning("Empty or non-existent state")
        .detail("The state holds no objects, so there is nothing to bring up to date.")
}

/// Nothing can be asked for at the terminal.
pub(crate) fn no_terminal(problem: &str) -> Diagnostic {
    Diagnostic::error("Cannot read from the terminal").detail(format!(
        "{problem}. Expressions can also be piped in: echo 'var.name' | infra console"
    ))
}

pub(crate) fn wrong_plan_file(path: &std::path::Path, problem: &str) -> Diagnostic {
    let path = path.display();
    Diagnostic::error(format!("Failed to load \"{path}\" as a plan file"))
        .detail(format!("{path}: {problem}"))
}

pub(crate) fn errored_plan() -> Diagnostic {
    Diagnostic::error("Cannot apply incomplete plan").detail(
        "Planning met an error when this file was written, so it says only how far it came. Make a new plan when the \
         error is gone.",
    )
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

pub(crate) fn wrong_backend(problem: String) -> Diagnostic {
    Diagnostic::error("Invalid backend configuration").detail(problem)
}

pub(crate) fn wrong_backend_value(problem: String) -> Diagnostic {
    Diagnostic::error("Invalid backend configuration value").detail(problem)
}

pub(crate) fn init_needed(reason: &str) -> Diagnostic {
    let summary = "Backend initialization required, please run \"terraform init\"";
    Diagnostic { summary: summary.into(), ..init_needed_again(reason) }
}

/// For a backend that was set up in another way before.
pub(crate) fn init_needed_again(reason: &str) -> Diagnostic {
    let summary = "Backend initialization required: please run \"terraform init\"";
    Diagnostic::error(summary).detail(format!(
        "{reason}. Run infra init: with -migrate-state it moves the states to the backend that the configuration has now, \
         with -reconfigure it leaves them where they are. Nothing was changed yet."
    ))
}

pub(crate) fn backend_changed() -> Diagnostic {
    Diagnostic::error("Backend configuration changed").detail(
        "The states may have to be moved. Move them with infra init -migrate-state, or use the new backend and leave the \
         states where they are with infra init -reconfigure.",
    )
}

pub(crate) fn missing_backend_argument(name: &str) -> Diagnostic {
    Diagnostic::error("Missing Required Value").detail(format!(
        "The backend needs the argument \"{name}\": set it in the block, or with -backend-config='{name}=...'."
    ))
}

pub(crate) fn backend_problem(problem: infra_state_s3::Problem) -> Diagnostic {
    let diagnostic = match problem.is_warning {
        true => Diagnostic::warning(problem.summary),
        false => Diagnostic::error(problem.summary),
    };
    diagnostic.detail(problem.detail)
}

/// An argument that is not there, of a flag or of a file that a flag names.
pub(crate) fn unknown_backend_argument(name: &str, in_file: bool) -> Diagnostic {
    let flag = "Invalid backend configuration argument";
    Diagnostic::error(if in_file { "Unsupported argument" } else { flag })
        .detail(format!("The backend has no argument named \"{name}\"."))
}

pub(crate) fn no_backend_block() -> Diagnostic {
    Diagnostic::warning("Missing backend configuration").detail(
        "-backend-config was used, but there is no backend block in the configuration. Add one inside terraform { }, such \
         as backend \"s3\" {}.",
    )
}

pub(crate) fn damaged_record(problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to read the backend settings").detail(format!(
        "What infra init remembered of the backend cannot be read: {problem}. Run infra init -reconfigure."
    ))
}

pub(crate) fn unwritable(path: &std::path::Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("Failed to write a file")
        .detail(format!("{} could not be written: {error}.", path.display()))
}

pub(crate) fn workspaces_not_listed(error: &StoreError) -> Diagnostic {
    Diagnostic::error("Failed to get existing workspaces").detail(error.to_string())
}

pub(crate) fn migration_needs_input() -> Diagnostic {
    Diagnostic::error("Approval needed to move states").detail(
        "Nobody can be asked. Move states without a question with -force-copy, or leave them where they are with \
         -reconfigure.",
    )
}

pub(crate) fn migration_aborted() -> Diagnostic {
    Diagnostic::error("Migration aborted")
        .detail("No state was moved, and the backend is the one from before.")
}

pub(crate) fn state_not_saved(error: &StoreError) -> Diagnostic {
    Diagnostic::error("Failed to save state").detail(error.to_string())
}

pub(crate) fn approval_with_json() -> Diagnostic {
    Diagnostic::error("Plan file or auto-approve required").detail(
        "With -json nobody can be asked. Apply a saved plan, or apply without a question with -auto-approve.",
    )
}

pub(crate) fn planning_interrupted() -> Diagnostic {
    Diagnostic::error("Planning interrupted").detail("Nothing was changed.")
}

pub(crate) fn query_interrupted() -> Diagnostic {
    Diagnostic::error("Query interrupted").detail("Nothing was changed.")
}

pub(crate) fn stopped_at_once() -> Diagnostic {
    Diagnostic::error("Apply stopped at once").detail(
        "It was interrupted twice. What had been changed was saved; what was under way is named above. Look at it before \
         you apply again.",
    )
}

fn names(state: &State) -> Vec<String> {
    state.instances().map(|(addr, ..)| addr.to_string()).collect()
}

pub(crate) fn no_state() -> Diagnostic {
    Diagnostic::error("No state file was found").detail(
        "There is no state here yet, so there is nothing to look at. Work in the folder of a configuration that was applied, \
         or name a state file with -state.",
    )
}

pub(crate) fn not_in_state(selection: &Selection, state: &State) -> Diagnostic {
    let wanted = selection.to_string();
    let (summary, what) = match selection {
        Selection::Module(_) => ("Unknown module", "objects in"),
        Selection::Resource(..) => ("Unknown resource", "resource"),
        Selection::Instance(_) => ("Unknown resource instance", "resource instance"),
    };
    let names = names(state);
    Diagnostic::error(summary)
        .detail(format!(
            "The state has no {what} {wanted}. What it has is listed by: infra state list."
        ))
        .suggest(&wanted, names.iter().map(|name| &**name))
}

pub(crate) fn nothing_to_remove(wanted: &[String], state: &State) -> Diagnostic {
    let names = names(state);
    let diagnostic = Diagnostic::error("Invalid target address").detail(format!(
        "The state has nothing at {}. What it has is listed by: infra state list.",
        wanted.join(" or ")
    ));
    match wanted {
        [only] => diagnostic.suggest(only, names.iter().map(String::as_str)),
        _ => diagnostic,
    }
}

pub(crate) fn no_instance(wanted: &str, state: &State) -> Diagnostic {
    let names = names(state);
    Diagnostic::error("No instance found")
        .detail(format!("The state has no resource instance {wanted}."))
        .suggest(wanted, names.iter().map(String::as_str))
}

pub(crate) fn no_module_instance(wanted: &ModuleInstance) -> Diagnostic {
    Diagnostic::error("No such module instance").detail(format!(
        "There is no module instance {wanted}: no such module is called, or its count or for_each has no such key."
    ))
}

pub(crate) fn no_source(from: &Selection, state: &State) -> Diagnostic {
    let (wanted, names) = (from.to_string(), names(state));
    Diagnostic::error("Invalid source address")
        .detail(format!("{wanted} does not match anything in the state, so it cannot be moved."))
        .suggest(&wanted, names.iter().map(String::as_str))
}

pub(crate) fn occupied(to: &Selection) -> Diagnostic {
    Diagnostic::error("Invalid target address").detail(format!(
        "There is something at {to} in the state already, so nothing can be moved there."
    ))
}

pub(crate) fn module_needed(from: &Selection, to: &Selection) -> Diagnostic {
    Diagnostic::error("Invalid target address").detail(format!(
        "{from} cannot be moved to {to}: modules move to addresses of modules, and resources to those of resources."
    ))
}

pub(crate) fn several_to_one(from: &Selection, to: &Selection) -> Diagnostic {
    Diagnostic::error("Invalid target address").detail(format!(
        "{from} cannot be moved to {to}: it is a whole resource with several instances, so it needs the address of a \
         whole resource."
    ))
}

pub(crate) fn wrong_move(from: &Selection, to: &Selection, why: &str) -> Diagnostic {
    Diagnostic::error("Invalid state move request")
        .detail(format!("{from} cannot be moved to {to}: {why}."))
}

pub(crate) fn wrong_address(problem: String) -> Diagnostic {
    Diagnostic::error("Invalid address").detail(problem)
}

pub(crate) fn results_in_doubt() -> Diagnostic {
    Diagnostic::warning("Results may be wrong")
        .detail("Because of the problems above, expressions may be something else than they would be without them.")
}

pub(crate) fn wrong_graph_type(given: &str) -> Diagnostic {
    Diagnostic::error("Unsupported graph type").detail(format!(
        "There is no graph of the type \"{given}\": it can be plan, plan-refresh-only, plan-destroy or apply."
    ))
}

pub(crate) fn wrong_provider(flag: &str, given: &str, problem: String) -> Diagnostic {
    Diagnostic::error(format!("Invalid \"{flag}\" provider \"{given}\"")).detail(problem)
}

pub(crate) fn unreadable_state(path: &str, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to read the state file").detail(format!("{path}: {problem}"))
}

pub(crate) fn push_refused(reason: String) -> Diagnostic {
    Diagnostic::error("Failed to write state").detail(format!(
        "The state was not put in place. {reason} With -force it is done all the same."
    ))
}

pub(crate) fn no_such_instance(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("No such resource instance").detail(format!(
        "There is no resource instance {addr} in the state. If it is new in the configuration, apply first."
    ))
}

pub(crate) fn allowed_missing(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::warning("No such resource instance").detail(format!(
        "There is no resource instance {addr} in the state, which is no error because of -allow-missing."
    ))
}

pub(crate) fn not_taintable(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Resource instance cannot be tainted").detail(match addr.resource.mode {
        Mode::Data => format!("{addr} is a data source: it is read anew each time."),
        _ => format!("{addr} is not the address of a managed resource."),
    })
}

pub(crate) fn not_tainted(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Resource instance is not tainted")
        .detail(format!("{addr} is not tainted, so there is nothing to take back."))
}

pub(crate) fn workspace_exists(name: &str) -> Diagnostic {
    Diagnostic::error("Workspace already exists")
        .detail(format!("There is a workspace \"{name}\" already."))
}

pub(crate) fn wrong_workspace_name(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid workspace name").detail(format!(
        "The name \"{name}\" is not allowed: it must be made of characters that are safe in a URL, without path \
         separators."
    ))
}

pub(crate) fn wrong_workspace_in_environment(name: &str) -> Diagnostic {
    Diagnostic::error("Invalid workspace name set using TF_WORKSPACE").detail(format!(
        "TF_WORKSPACE or INFRA_WORKSPACE has the name \"{name}\", which is not allowed: it must be made of characters that \
         are safe in a URL, without path separators."
    ))
}

pub(crate) fn no_workspace(name: &str, known: &[String]) -> Diagnostic {
    Diagnostic::error("Workspace does not exist")
        .detail(format!(
            "There is no workspace \"{name}\". Make it with infra workspace new, or with infra workspace select -or-create."
        ))
        .suggest(name, known.iter().map(String::as_str))
}

pub(crate) fn active_workspace(name: &str) -> Diagnostic {
    Diagnostic::error("Workspace is active").detail(format!(
        "\"{name}\" is the workspace that you are in, so it cannot be deleted. Select another one first."
    ))
}

pub(crate) fn default_workspace() -> Diagnostic {
    Diagnostic::error("Workspace cannot be deleted")
        .detail("There is always a workspace \"default\".")
}

pub(crate) fn workspace_in_use(name: &str, state: &State) -> Diagnostic {
    let mut detail = format!("Workspace \"{name}\" is tracking these resource instances:");
    for addr in names(state).iter().take(20) {
        detail.push_str(&format!("\n  - {addr}"));
    }
    detail.push_str(
        "\n\nDeleting it would lose track of them. Destroy them first, or forget them on purpose with -force.",
    );
    Diagnostic::error("Workspace is not empty").detail(detail)
}

pub(crate) fn workspace_overridden() -> Diagnostic {
    Diagnostic::error("Workspace is set by the environment").detail(
        "TF_WORKSPACE or INFRA_WORKSPACE names the workspace, so another one cannot be selected. Change or unset it.",
    )
}

pub(crate) fn workspace_not_deleted(error: &StoreError) -> Diagnostic {
    Diagnostic::error("Failed to delete workspace").detail(error.to_string())
}

pub(crate) fn exclusive_flags() -> Diagnostic {
    Diagnostic::error("Invalid init options")
        .detail("-reconfigure leaves states where they are, -migrate-state moves them: choose one.")
}

pub(crate) fn env_is_workspace() -> Diagnostic {
    Diagnostic::warning("The command \"env\" is deprecated").detail(
        "What was once called an environment is a workspace now. Use \"infra workspace\", which has the same commands.",
    )
}

pub(crate) fn no_login(host: &str) -> Diagnostic {
    Diagnostic::error("No login").detail(format!(
        "infra keeps states in files or in S3 and has its providers built in, so there is nothing to log in to at {host}. A \
         token for a private module registry goes into a credentials block of the CLI configuration file, or into a \
         TF_TOKEN_ variable."
    ))
}

pub(crate) fn no_shell(why: &str) -> Diagnostic {
    Diagnostic::error("No shell to set up").detail(format!(
        "Completion was not changed: {why}. Print what a shell needs with infra completion bash, and add it yourself."
    ))
}

pub(crate) fn invoke_with(other: &str) -> Diagnostic {
    Diagnostic::error("Incompatible plan mode options").detail(format!(
        "The -invoke option invokes an action and changes nothing: it cannot be combined with {other}."
    ))
}

pub(crate) fn replaced_action(addr: &ResourceInstance) -> Diagnostic {
    Diagnostic::error("Invalid force-replace address").detail(format!(
        "{addr} is an action: there is no object of it. To invoke it, give -invoke={addr}."
    ))
}

pub(crate) fn wrong_action(text: &str) -> Diagnostic {
    Diagnostic::error("Invalid action address").detail(format!(
        "\"{text}\" is not the address of an action, such as action.type.name or module.a.action.type.name[0]."
    ))
}

pub(crate) fn two_modes() -> Diagnostic {
    Diagnostic::error("Incompatible plan mode options")
        .detail("The -destroy and -refresh-only options are mutually-exclusive.")
}

pub(crate) fn no_mode_but_destroying() -> Diagnostic {
    Diagnostic::error("Invalid mode option")
        .detail("infra destroy deletes everything, and does nothing else: leave out -refresh-only.")
}

pub(crate) fn state_flag() -> Diagnostic {
    Diagnostic::warning("Deprecated flag: -state").detail(
        "Name the file in the configuration: the argument \"path\" of the backend \"local\".",
    )
}

pub(crate) fn replace_in_other_mode() -> Diagnostic {
    Diagnostic::error("Unsupported plan mode")
        .detail("Only a plan that is neither for -destroy nor -refresh-only can replace objects with -replace.")
}

pub(crate) fn nothing_to_refresh() -> Diagnostic {
    Diagnostic::error("Incompatible refresh options")
        .detail("-refresh-only does nothing but read the real objects, and -refresh=false does not read them.")
}

pub(crate) fn upgrade_of_readonly() -> Diagnostic {
    Diagnostic::error("Invalid init options").detail(
        "-upgrade changes the selections that -lockfile=readonly wants to keep: choose one.",
    )
}

pub(crate) fn neither_state_nor_plan(path: &std::path::Path, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to read the given file as a state or plan file")
        .detail(format!("{}: {problem}", path.display()))
}

pub(crate) fn no_cloud_run() -> Diagnostic {
    Diagnostic::error("Unsupported flag")
        .detail("-cloud-run needs HCP Terraform. Leave it out to run the tests here.")
}

pub(crate) fn tests_interrupted() -> Diagnostic {
    Diagnostic::error("Tests interrupted").detail(
        "What the runs of the current file had made was not destroyed. Look for it before you run the tests again.",
    )
}

pub(crate) fn plan_not_written(path: &std::path::Path, problem: &str) -> Diagnostic {
    Diagnostic::error("Failed to write plan file")
        .detail(format!("{} could not be written: {problem}.", path.display()))
}

pub(crate) fn state_not_read(error: &StoreError) -> Diagnostic {
    Diagnostic::error("Failed to read state").detail(error.to_string())
}

pub(crate) fn wrong_flag_address(flag: &str, text: &str, problem: &str) -> Diagnostic {
    Diagnostic::error(format!("Invalid {flag} \"{text}\"")).detail(problem.to_owned())
}

/// The lock file is there and cannot be read.
pub(crate) fn unreadable_lock_file(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("Failed to read dependency lock file")
        .detail(format!("{path} could not be read: {error}."))
}

/// Something else than a provider in the lock file.
pub(crate) fn foreign_lock() -> Diagnostic {
    Diagnostic::error("Invalid dependency lock file").detail(
        "A dependency lock file holds provider blocks, each with the address of a provider. It is Terraform's: restore it, or \
         have \"terraform init\" write it anew.",
    )
}

/// A provider without a version in the lock file.
pub(crate) fn no_locked_version() -> Diagnostic {
    Diagnostic::error("Invalid dependency lock file").detail("A provider block needs a version.")
}

/// The lock file has another version than the one that is built in.
pub(crate) fn locked_version(addr: &ProviderAddr, locked: &str, ours: &str) -> Diagnostic {
    Diagnostic::warning("Another version of a provider is locked").detail(format!(
        "The lock file has {} {locked}; what is built into infra behaves as {ours}. The file is left as it is, for Terraform.",
        addr.short()
    ))
}

/// The lock file is to be complete, and is not.
pub(crate) fn not_locked(addr: &ProviderAddr) -> Diagnostic {
    Diagnostic::error("Provider dependency changes detected").detail(format!(
        "The configuration uses {}, which is not in the lock file, and with -lockfile=readonly that file is to be complete. Have \
         \"terraform init\" write it, or leave out the flag: infra itself needs no lock file.",
        addr.short()
    ))
}

/// What the tests made and could not destroy.
pub(crate) fn left_behind(path: &str, run: &str, left: &[String]) -> Diagnostic {
    let mut detail = format!(
        "infra left the following resources in state after executing {path}/{run}, and they need to be cleaned up manually:"
    );
    left.iter().for_each(|addr| detail.push_str(&format!("\n  - {addr}")));
    Diagnostic::error("Objects left behind by the tests").detail(detail)
}

pub(crate) fn foreign_test_directory() -> Diagnostic {
    Diagnostic::error("Invalid testing directory").detail(
        "The testing directory must be a relative path pointing to a directory local to the configuration directory.",
    )
}

/// A flag gives a variable another value than a saved plan has.
pub(crate) fn variable_of_saved_plan(name: &str) -> Diagnostic {
    Diagnostic::error("Can't change variable when applying a saved plan").detail(format!(
        "The saved plan was made with another value of the variable \"{name}\", and is carried out with that. Leave out the flag, or \
         make a new plan with it."
    ))
}

pub(crate) fn variable_not_in_saved_plan(name: &str) -> Diagnostic {
    Diagnostic::error("Value for undeclared variable").detail(format!(
        "The saved plan was made without a value of the variable \"{name}\", and is carried out without. Leave out the flag, or \
         make a new plan with it."
    ))
}

/// A file of addresses that cannot be read.
pub(crate) fn unreadable_targets(
    flag: &str,
    path: &std::path::Path,
    error: &std::io::Error,
) -> Diagnostic {
    let problem = format!("{} cannot be read: {error}.", path.display());
    Diagnostic::error(format!("Unable to read the file of -{flag}-file")).detail(problem)
}

/// A line of a file of addresses that is none.
pub(crate) fn wrong_listed_address(flag: &str, problem: &str, span: Span) -> Diagnostic {
    let rule = "A line holds one address; what follows a # is a comment.";
    Diagnostic::error(format!("Invalid {flag}")).detail(format!("{problem} {rule}")).at(span)
}

pub(crate) fn generated_file_exists(path: &std::path::Path) -> Diagnostic {
    Diagnostic::error("Target generated file already exists").detail(format!(
        "{} exists: configuration is only written to a new file. Name another one, or move what is in it.",
        path.display()
    ))
}

pub(crate) fn generated() -> Diagnostic {
    Diagnostic::warning("Config generation is experimental").detail(
        "The configuration that was written says all that there is. Review it, and leave out what you do not care about.",
    )
}

pub(crate) fn incomplete() -> Diagnostic {
    Diagnostic::warning("Applied changes may be incomplete").detail(
        "The plan was limited by -target or -exclude, so the configuration may ask for more. Plan once more without them.",
    )
}

pub(crate) fn traces_not_sent(problem: &str) -> Diagnostic {
    Diagnostic::warning("Traces were not sent").detail(format!(
        "The collector that OTEL_EXPORTER_OTLP_ENDPOINT names did not take them: {problem}."
    ))
}

pub(crate) fn no_encryption() -> Diagnostic {
    Diagnostic::error("State encryption is not supported").detail(
        "TF_ENCRYPTION asks for states and plans that are encrypted, as OpenTofu writes them. They would be written in the \
         clear here. Unset it if that may be, or keep the state in a bucket that S3 encrypts.",
    )
}

pub(crate) fn unknown_destination() -> Diagnostic {
    Diagnostic::error("Unknown migration destination").detail(
        "The configuration does not say where the states are to go. Put a backend block into its terraform block: \
         backend \"local\" {} for files in this folder.",
    )
}

pub(crate) fn deferred(count: usize) -> Diagnostic {
    Diagnostic::warning("Some changes were deferred").detail(format!(
        "Of {count} in the plan too little was known. Run infra apply once more: now they can be planned."
    ))
}

pub(crate) fn no_ephemeral_value(name: &str) -> Diagnostic {
    Diagnostic::error("No value for required variable").detail(format!(
        "The input variable \"{name}\" is ephemeral, so its value is not in the plan. Set it again with -var '{name}=...'."
    ))
}

pub(crate) fn arguments_of_type(given: usize) -> Diagnostic {
    let summary =
        if given == 0 { "Not enough function arguments" } else { "Too many function arguments" };
    Diagnostic::error(summary).detail("The function \"type\" expects one argument: type(value).")
}

pub(crate) fn misplaced_type() -> Diagnostic {
    Diagnostic::error("Invalid use of type function").detail(
        "Only the console has the function \"type\", and what it gives is no value: it must be the whole expression.",
    )
}
