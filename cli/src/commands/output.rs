use std::process::ExitCode;

use infra_engine::diag::Diagnostic;

use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail};
use crate::views;

/// Show output values of the state
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The output; all of them without a name
    name: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,

    /// Print the value of a string, number or bool as it is
    #[arg(long)]
    raw: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    if args.raw && args.json {
        let detail = "-raw and -json are two forms of the same output: give one of them.";
        return fail(cx, Diagnostic::error("Invalid output format").detail(detail));
    }
    let config = super::state::configuration(cx, &args.state);
    let store = session::quiet_store(cx, config.as_deref(), &args.state).await?;
    let session = session::open(cx, store, &args.state, None).await?;
    let outputs = &session.state.outputs;
    let paint = cx.paint();
    let Some(name) = &args.name else {
        if args.raw {
            return fail(
                cx,
                Diagnostic::error("Output name required")
                    .detail("-raw prints one output: name it."),
            );
        }
        if args.json {
            cx.print(&views::json::outputs(&session.state));
        } else if outputs.is_empty() {
            no_outputs(cx);
        } else {
            cx.print(&views::output::lines(&session.state, paint));
        }
        return Ok(ExitCode::SUCCESS);
    };
    if outputs.is_empty() && !args.json {
        no_outputs(cx);
        return Ok(ExitCode::SUCCESS);
    }
    let Some(output) = outputs.get(name.as_str()) else {
        let diagnostic = Diagnostic::error(format!("Output \"{name}\" not found"))
            .detail(format!("The state has no output \"{name}\"."))
            .suggest(name, outputs.keys().map(|name| &**name));
        return fail(cx, diagnostic);
    };
    let text = if args.json {
        views::json::output_value(output)
    } else if args.raw {
        match views::output::raw(&output.value) {
            Some(text) => text,
            None => {
                let detail = format!(
                    "-raw prints a string, number or bool; \"{name}\" is something else. Use -json."
                );
                return fail(
                    cx,
                    Diagnostic::error("Unsupported value for raw output").detail(detail),
                );
            }
        }
    } else {
        format!("{}\n", infra_engine::value::print::console(&output.value))
    };
    cx.print(&text);
    Ok(ExitCode::SUCCESS)
}

fn no_outputs(cx: &Context) {
    let note = "The state has no outputs. Declare them with output blocks, and apply.";
    cx.diagnostic(&Diagnostic::warning("No outputs found").detail(note), &Default::default());
}
