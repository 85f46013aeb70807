use std::io::Read as _;
use std::process::ExitCode;

use infra_engine::state::{State, format};

use crate::context::Context;
use crate::diagnostics;
use crate::editing;
use crate::session::{Failed, StateArgs, fail};

/// Put a state file in place of the state
///
/// It is refused if it belongs to something else (another lineage), or is older than the state that is there.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The state file; - for standard input
    path: String,

    /// Whatever is there
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let read = if args.path == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(cx.folder.join(&args.path))
    };
    let bytes = match read {
        Ok(bytes) => bytes,
        Err(error) => {
            return fail(cx, diagnostics::unreadable_state(&args.path, &error.to_string()));
        }
    };
    let state = match format::parse(&bytes) {
        Ok(state) => state,
        Err(error) => return fail(cx, diagnostics::unreadable_state(&args.path, &error.0)),
    };
    let mut session = editing::open(cx, &args.state, "state-push").await?;
    let refused = if args.force { None } else { refusal(&session.state, &state) };
    let written = match refused {
        Some(reason) => fail(cx, diagnostics::push_refused(reason)),
        None if session.state == state => Ok(()),
        None => match session.store.replace(&state).await {
            Ok(()) => Ok(()),
            Err(error) => fail(cx, diagnostics::state_not_saved(&error)),
        },
    };
    cx.diagnostics(&session.close().await, &Default::default());
    written.map(|()| ExitCode::SUCCESS)
}

/// Why a state must not take the place of another one.
fn refusal(there: &State, new: &State) -> Option<String> {
    if there.serial == 0 && there.is_empty() {
        return None;
    }
    if there.lineage != new.lineage {
        return Some(format!(
            "It has the lineage \"{}\", and the state that is there has \"{}\": they have nothing to do with each other.",
            new.lineage, there.lineage
        ));
    }
    if new.serial < there.serial {
        return Some(format!(
            "It has the serial {}, and the state that is there is newer: {}.",
            new.serial, there.serial
        ));
    }
    (new.serial == there.serial && !there.same_content(new))
        .then(|| format!("Both have the serial {}, but they differ.", new.serial))
}
