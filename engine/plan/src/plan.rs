//! The plan itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_addrs::ProviderAddr;
use infra_lang::config::Config;
use infra_state::State;
use infra_value::{Str, Value};

use crate::{Action, OutputChange, ResourceChange};

/// What sort of plan.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Mode {
    /// Make the objects agree with the configuration.
    #[default]
    Normal,
    /// Delete everything.
    Destroy,
    /// Only bring the state up to date with the objects.
    RefreshOnly,
}

/// What will be done, and all that is needed to do it.
#[derive(Clone)]
pub struct Plan {
    /// What sort of plan.
    pub mode: Mode,
    /// What will happen to every resource instance in question, also where that is nothing; sorted by address.
    pub changes: Vec<ResourceChange>,
    /// What was found changed outside since the last apply; sorted by address.
    pub drift: Vec<ResourceChange>,
    /// What will happen to the output values of the root module.
    pub outputs: BTreeMap<Str, OutputChange>,
    /// The state after refresh: what the changes start from.
    pub prior: Arc<State>,
    /// Lineage and serial of the state that was read, to recognise a stale plan.
    pub based_on: (String, u64),
    /// The configuration.
    pub config: Arc<Config>,
    /// Values of the root module's input variables.
    pub variables: BTreeMap<Str, Value>,
    /// The workspace.
    pub workspace: String,
    /// What `plantimestamp()` gives, in RFC 3339.
    pub timestamp: String,
    /// Versions of the providers it was made with.
    pub providers: BTreeMap<ProviderAddr, String>,
    /// The addresses to which it is limited, as given.
    pub targets: BTreeSet<String>,
    /// Whether refresh found anything that the state does not say yet.
    pub state_changed: bool,
}

impl Plan {
    /// Whether applying would do anything to an object or to an output value.
    pub fn has_changes(&self) -> bool {
        self.has_resource_changes()
            || self.outputs.values().any(|change| change.action != Action::NoOp)
    }

    /// Whether applying would do anything to an object.
    pub fn has_resource_changes(&self) -> bool {
        self.changes.iter().any(|change| change.action != Action::NoOp)
    }

    /// How many objects are added, changed and destroyed; a replacement counts as one added and one destroyed.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for change in &self.changes {
            match change.action {
                Action::Create => counts.add += 1,
                Action::Update => counts.change += 1,
                Action::Delete => counts.destroy += 1,
                Action::DeleteThenCreate | Action::CreateThenDelete => {
                    counts.add += 1;
                    counts.destroy += 1;
                }
                Action::Forget => counts.forget += 1,
                Action::NoOp | Action::Read => {}
            }
            counts.import += usize::from(change.importing.is_some());
        }
        counts
    }
}

/// How many objects a plan is about.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Counts {
    /// To import.
    pub import: usize,
    /// To create.
    pub add: usize,
    /// To change in place.
    pub change: usize,
    /// To delete.
    pub destroy: usize,
    /// To drop from the state.
    pub forget: usize,
}
