use std::process::ExitCode;

use infra_engine::addrs::{Mode, ResourceInstance};
use infra_engine::diag::Diagnostic;
use infra_engine::state::{ObjectState, State};

use crate::context::Context;
use crate::session::{Failed, StateArgs, fail};
use crate::{diagnostics, editing};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Which instance
    address: String,

    /// It is no error if the state does not have it
    #[arg(long)]
    allow_missing: bool,

    #[command(flatten)]
    state: StateArgs,
}

impl Args {
    /// The instance that is meant.
    pub(super) fn instance(&self, cx: &Context) -> Result<ResourceInstance, Failed> {
        address(cx, &self.address)
    }

    /// Changes the object of an instance; gives whether the state has it.
    pub(super) async fn change(
        &self,
        cx: &Context,
        operation: &str,
        addr: &ResourceInstance,
        change: impl FnOnce(&mut ObjectState) -> Result<(), Box<Diagnostic>>,
    ) -> Result<bool, Failed> {
        let found = editing::edit(cx, &self.state, operation, |state: &mut State| {
            let Some((provider, mut instance)) = state.take(addr) else {
                return match self.allow_missing {
                    true => Ok(false),
                    false => Err(diagnostics::no_such_instance(addr).into()),
                };
            };
            let changed = match &mut instance.current {
                Some(object) => change(object),
                None => Err(diagnostics::no_such_instance(addr).into()),
            };
            state.put(addr, &provider, instance);
            changed.map(|()| true)
        })
        .await?;
        if !found {
            cx.diagnostic(&diagnostics::allowed_missing(addr), &Default::default());
        }
        Ok(found)
    }
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let addr = args.instance(cx)?;
    if addr.resource.mode != Mode::Managed {
        return fail(cx, diagnostics::not_taintable(&addr));
    }
    let mark = |object: &mut ObjectState| {
        object.tainted = true;
        Ok(())
    };
    if args.change(cx, "taint", &addr, mark).await? {
        cx.print(&format!("Resource instance {addr} has been marked as tainted.\n"));
    }
    Ok(ExitCode::SUCCESS)
}

pub(super) fn address(cx: &Context, text: &str) -> Result<ResourceInstance, Failed> {
    text.parse().or_else(|error: infra_engine::addrs::ParseError| {
        fail(cx, diagnostics::wrong_address(error.0))
    })
}
