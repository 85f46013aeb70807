//! Questions to people.

use infra_engine::lang::config::Variable;
use infra_engine::plan::{Mode, Plan};

/// For the value of a variable.
pub(crate) fn variable(variable: &Variable) -> String {
    let about = variable.description.as_deref().map(|text| format!("\n  {text}"));
    format!("var.{}{}", variable.name, about.unwrap_or_default())
}

/// Whether to carry out a plan.
pub(crate) fn approval(plan: &Plan) -> String {
    let place = match &*plan.workspace {
        "default" => String::new(),
        name => format!(" in workspace \"{name}\""),
    };
    match plan.mode {
        Mode::RefreshOnly if !plan.invocations.is_empty() => {
            format!(
                "\nDo you want to invoke these actions{place}?\n  There is no undo. Only 'yes' is accepted."
            )
        }
        Mode::Destroy => format!(
            "\nDo you really want to destroy all resources{place}?\n  There is no undo. Only 'yes' is accepted."
        ),
        Mode::RefreshOnly => format!(
            "\nDo you want to save what was found to the state{place}?\n  Only 'yes' is accepted."
        ),
        Mode::Normal => {
            format!("\nDo you want to perform these actions{place}?\n  Only 'yes' is accepted.")
        }
    }
}
