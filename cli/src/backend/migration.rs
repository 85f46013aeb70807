//! Moving states from one backend to another.

use std::sync::Arc;

use infra_engine::lang::config::Config;
use infra_engine::state::{State, Store};

use super::initialisation::checked;
use super::record::Record;
use super::{Backend, configured};
use crate::context::Context;
use crate::session::{self, Failed, StateArgs, fail, told};
use crate::{diagnostics, views};

/// Who is asked before states are moved.
#[derive(Clone, Copy)]
pub(crate) struct Moving {
    /// Nobody: they are moved.
    pub(crate) force: bool,
    /// Somebody is there to answer.
    pub(crate) input: bool,
}

/// Moves the states from the backend that the files `*.tfmigrate.hcl` name to that of the configuration, which is remembered
/// as `init` does it. Gives the types of both, and whether anything was moved.
pub(crate) async fn migrate(
    cx: &Context,
    config: &Config,
    moving: Moving,
    state: &StateArgs,
) -> Result<(String, String, bool), Failed> {
    let (before, found) = config.before_migration();
    told(cx, &found, &before.sources)?;
    let unknown = "Unsupported backend type";
    let Some((to, hash)) = configured(cx, Some(config), unknown)? else {
        return fail(cx, diagnostics::unknown_destination());
    };
    let Some((from, _)) = configured(cx, Some(&before), unknown)? else { return Err(Failed) };
    checked(cx, &before, &from)?;
    checked(cx, config, &to)?;
    let moved = from != to && copy_all(cx, &from, &to, moving, state).await?;
    Record::write(cx, Some(&Record::of(&to, hash)))?;
    Ok((from.ty, to.ty, moved))
}

/// Copies the states of all workspaces, after asking. A local state that was copied is emptied; its backup stays. Gives
/// whether there was anything that was to be copied.
pub(super) async fn copy_all(
    cx: &Context,
    from: &Backend,
    to: &Backend,
    moving: Moving,
    state: &StateArgs,
) -> Result<bool, Failed> {
    let source = from.store(cx, "default", state).await?;
    let names = match source.workspaces().await {
        Ok(names) => names,
        Err(error) => return fail(cx, diagnostics::workspaces_not_listed(&error)),
    };
    let consent = Consent { cx, moving };
    if names.len() > 1 {
        let question = views::workspace::migrate_all(&from.ty, &to.ty);
        if !consent.ask(&question).await? {
            return fail(cx, diagnostics::migration_aborted());
        }
        let mut any = false;
        for name in &names {
            any |= copy(cx, from, to, name, state, None).await?;
        }
        return Ok(any);
    }
    copy(cx, from, to, "default", state, Some(&consent)).await
}

struct Consent<'a> {
    cx: &'a Context,
    moving: Moving,
}

impl Consent<'_> {
    async fn ask(&self, question: &str) -> Result<bool, Failed> {
        if self.moving.force {
            return Ok(true);
        }
        if !self.moving.input {
            return fail(self.cx, diagnostics::migration_needs_input());
        }
        match self.cx.ask(question).await {
            Some(answer) if answer == "yes" => Ok(true),
            Some(answer) if !answer.is_empty() => Ok(false),
            _ => fail(self.cx, diagnostics::migration_needs_input()),
        }
    }
}

/// Copies the state of one workspace, both ends locked. Gives whether it did.
async fn copy(
    cx: &Context,
    from: &Backend,
    to: &Backend,
    workspace: &str,
    args: &StateArgs,
    consent: Option<&Consent<'_>>,
) -> Result<bool, Failed> {
    let source = from.store(cx, workspace, args).await?;
    let target = to.store(cx, workspace, args).await?;
    // Both may be one state with one lock: what is there already is not locked.
    match (source.read().await, target.read().await) {
        (Err(error), _) | (_, Err(error)) => return fail(cx, diagnostics::state_not_read(&error)),
        (Ok(None), _) => return Ok(false),
        (Ok(Some(old)), _) if old.serial == 0 && old.is_empty() => return Ok(false),
        (Ok(Some(old)), Ok(Some(new))) if old.lineage == new.lineage && old.same_content(&new) => {
            return Ok(false);
        }
        _ => {}
    }
    let mut reading =
        session::open(cx, source.clone(), args, Some("migration source state")).await?;
    let mut writing =
        match session::open(cx, target.clone(), args, Some("migration destination state")).await {
            Ok(session) => session,
            Err(Failed) => {
                cx.diagnostics(&reading.close().await, &Default::default());
                return Err(Failed);
            }
        };
    let ends = (&reading.state, &writing.state);
    let mut copied = copied(cx, from, to, &target, ends, consent).await;
    if matches!(copied, Ok(true))
        && from.ty == "local"
        && to.ty != "local"
        && let Err(error) = source.erase().await
    {
        copied = fail(cx, diagnostics::state_not_saved(&error));
    }
    cx.diagnostics(&writing.close().await, &Default::default());
    cx.diagnostics(&reading.close().await, &Default::default());
    copied
}

/// Writes the old state over the new one, if that is wanted. Gives whether it did.
async fn copied(
    cx: &Context,
    from: &Backend,
    to: &Backend,
    target: &Arc<dyn Store>,
    (old, new): (&State, &State),
    consent: Option<&Consent<'_>>,
) -> Result<bool, Failed> {
    let nothing_there = new.serial == 0 && new.is_empty();
    if old.serial == 0 && old.is_empty() || (old.lineage == new.lineage && old.same_content(new)) {
        return Ok(false);
    }
    if let Some(consent) = consent {
        let question = views::workspace::migrate_one(&from.ty, &to.ty, nothing_there);
        if !consent.ask(&question).await? {
            return Ok(false);
        }
    }
    if let Err(error) = target.replace(old).await {
        return fail(cx, diagnostics::state_not_saved(&error));
    }
    Ok(true)
}
