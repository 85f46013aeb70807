use std::process::ExitCode;

use infra_engine::addrs::{ModuleInstance, ResourceInstance};
use infra_engine::diag::Diagnostics;
use infra_engine::state::State;

use crate::context::Context;
use crate::selection::Selection;
use crate::session::{Failed, StateArgs, told};
use crate::{diagnostics, editing};

/// Give resource instances or modules of the state another address
#[derive(clap::Args)]
pub(crate) struct Args {
    /// What to move: a module, a resource, or an instance
    source: String,

    /// Its new address
    destination: String,

    /// Only say what would be moved
    #[arg(long)]
    dry_run: bool,

    /// Keep what the state of -state-out was in this file
    #[arg(long, value_name = "FILE")]
    backup_out: Option<String>,

    #[command(flatten)]
    state: StateArgs,
}

pub(crate) async fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let (from, to) = match (Selection::parse(&args.source), Selection::parse(&args.destination)) {
        (Ok(from), Ok(to)) => (from, to),
        (from, to) => {
            let wrong = [from, to].into_iter().filter_map(Result::err);
            told(cx, &wrong.map(diagnostics::wrong_address).collect(), &Default::default())?;
            return Err(Failed);
        }
    };
    let word = if args.dry_run { "Would move" } else { "Move" };
    // -state-out names another state to move to.
    let source_args = StateArgs { state_out: None, ..args.state.clone() };
    let mut source = editing::open(cx, &source_args, "state-mv").await?;
    let mut target = None;
    if let Some(path) = &args.state.state_out {
        let backup = args.backup_out.clone();
        let there = StateArgs { state: Some(path.clone()), backup, ..source_args };
        match editing::open(cx, &there, "state-mv").await {
            Ok(session) => target = Some(session),
            Err(Failed) => {
                cx.diagnostics(&source.close().await, &Default::default());
                return Err(Failed);
            }
        }
    }
    let mut old = source.state.clone();
    let mut new = target.as_ref().map(|session| session.state.clone());
    let moved = moves(&old, new.as_ref().unwrap_or(&old), &from, &to);
    let mut done = Ok(ExitCode::SUCCESS);
    match moved {
        Err(found) => {
            cx.diagnostics(&found, &Default::default());
            done = Err(Failed);
        }
        Ok(moved) => {
            cx.print(&format!("{word} {:?} to {:?}\n", from.to_string(), to.to_string()));
            for (from, to) in &moved {
                if let Some((provider, instance)) = old.take(from) {
                    new.as_mut().unwrap_or(&mut old).put(to, &provider, instance);
                }
            }
            old.forget_dependencies_on(&moved.iter().map(|(from, _)| from.config()).collect());
            if !args.dry_run {
                let mut saved = Default::default();
                // What moves to another state is saved there before it goes from here.
                if let (Some(session), Some(state)) = (&mut target, new) {
                    saved = session.save(state).await;
                }
                if !saved.has_errors() {
                    saved.extend(source.save(old).await);
                }
                cx.diagnostics(&saved, &Default::default());
                if saved.has_errors() {
                    done = Err(Failed);
                } else {
                    cx.print("Successfully moved 1 object(s).\n");
                }
            }
        }
    }
    if let Some(mut session) = target {
        cx.diagnostics(&session.close().await, &Default::default());
    }
    cx.diagnostics(&source.close().await, &Default::default());
    done
}

type Moves = Vec<(ResourceInstance, ResourceInstance)>;

/// Which instance goes where.
fn moves(old: &State, new: &State, from: &Selection, to: &Selection) -> Result<Moves, Diagnostics> {
    let (from, to) = (&as_instance(from, old), &beside(from, to, old));
    if matches!(from, Selection::Module(_)) != matches!(to, Selection::Module(_)) {
        return Err(diagnostics::module_needed(from, to).into());
    }
    let chosen = from.of(old);
    let missing = chosen.is_empty().then(|| diagnostics::no_source(from, old));
    let whole = matches!(from, Selection::Module(_)) && missing.is_some();
    let occupied = (!whole && !to.of(new).is_empty()).then(|| diagnostics::occupied(to));
    let found: Diagnostics = missing.into_iter().chain(occupied).collect();
    if found.has_errors() {
        return Err(found);
    }
    let wrong = |why: &str| Err(diagnostics::wrong_move(from, to, why).into());
    match (from, to) {
        (Selection::Module(from), Selection::Module(to)) => {
            Ok(chosen.into_iter().map(|addr| (addr.clone(), renamed(&addr, from, to))).collect())
        }
        (Selection::Module(_), _) | (_, Selection::Module(_)) => {
            Err(diagnostics::module_needed(from, to).into())
        }
        (Selection::Resource(_, source), Selection::Resource(module, resource)) => {
            if let Some(why) = differs(source, resource) {
                return wrong(why);
            }
            let moved = |addr: ResourceInstance| {
                let to = ResourceInstance {
                    module: module.clone(),
                    resource: resource.clone(),
                    key: addr.key.clone(),
                };
                (addr, to)
            };
            Ok(chosen.into_iter().map(moved).collect())
        }
        (_, to) => {
            let [only] = chosen.as_slice() else {
                return Err(diagnostics::several_to_one(from, to).into());
            };
            let Some(to) = instance(to) else { return wrong("a resource cannot become a module") };
            match differs(&only.resource, &to.resource) {
                Some(why) => wrong(why),
                None => Ok(vec![(only.clone(), to)]),
            }
        }
    }
}

/// A resource without `count` and `for_each` is its only instance.
fn as_instance(found: &Selection, state: &State) -> Selection {
    let single = instance(found).filter(|addr| state.instance(addr).is_some());
    single.map_or_else(|| found.clone(), Selection::Instance)
}

/// Where an instance goes: beside other instances of that resource if need be.
fn beside(from: &Selection, to: &Selection, old: &State) -> Selection {
    match as_instance(from, old) {
        Selection::Instance(_) => instance(to).map_or_else(|| to.clone(), Selection::Instance),
        _ => to.clone(),
    }
}

/// The instance that a selection names, without a key where it names a resource.
fn instance(found: &Selection) -> Option<ResourceInstance> {
    match found {
        Selection::Instance(addr) => Some(addr.clone()),
        Selection::Resource(module, resource) => {
            Some(ResourceInstance { module: module.clone(), resource: resource.clone(), key: None })
        }
        Selection::Module(_) => None,
    }
}

/// Why one resource cannot take the address of another.
fn differs(
    from: &infra_engine::addrs::Resource,
    to: &infra_engine::addrs::Resource,
) -> Option<&'static str> {
    if from.mode != to.mode {
        Some("a managed resource and a data source cannot take each other's place")
    } else if from.type_name != to.type_name {
        Some("the resource types don't match")
    } else {
        None
    }
}

/// The address after its module was moved; keys of instances are kept where the new address names none.
fn renamed(
    addr: &ResourceInstance,
    from: &ModuleInstance,
    to: &ModuleInstance,
) -> ResourceInstance {
    let depth = from.0.len();
    let mut path: Vec<_> = to.0.to_vec();
    if let (Some(last), Some((_, key))) = (path.last_mut(), addr.module.0.get(depth - 1))
        && last.1.is_none()
        && from.0.last().is_some_and(|(_, key)| key.is_none())
    {
        last.1 = key.clone();
    }
    path.extend(addr.module.0[depth..].iter().cloned());
    ResourceInstance { module: ModuleInstance(path.into()), ..addr.clone() }
}
