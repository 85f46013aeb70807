//! The plan itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_addrs::{Mode as ResourceMode, ProviderAddr, ResourceInstance};
use infra_lang::config::Config;
use infra_lang::dependencies::Node;
use infra_state::State;
use infra_value::{Path, Str, Value};

use crate::{Action, Checks, Deferred, Event, Happened, Invocation, OutputChange, ResourceChange};

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
    /// Planning met an error: this is how far it came, to be looked at and not to be applied.
    pub errored: bool,
    /// What will happen to every resource instance in question, also where that is nothing; sorted by address.
    pub changes: Vec<ResourceChange>,
    /// What has to wait for the next plan; sorted by address.
    pub deferred: Vec<Deferred>,
    /// What was found changed outside since the last apply; sorted by address.
    pub drift: Vec<ResourceChange>,
    /// The actions that will be invoked; sorted by what they are invoked for.
    pub invocations: Vec<Arc<Invocation>>,
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
    /// The same as they were given, before they were converted to the types of the variables.
    pub given: BTreeMap<Str, Value>,
    /// The workspace.
    pub workspace: String,
    /// What `plantimestamp()` gives, in RFC 3339.
    pub timestamp: String,
    /// Versions of the providers it was made with.
    pub providers: BTreeMap<ProviderAddr, String>,
    /// The addresses to which it is limited, as given.
    pub targets: BTreeSet<String>,
    /// Attributes that something which changes was computed from, directly or not; sorted.
    pub relevant: Vec<(ResourceInstance, Path)>,
    /// What became of the conditions that authors set, as far as planning can tell.
    pub checks: Checks,
    /// Ephemeral variables that must be given a value again to apply.
    pub ephemeral: BTreeSet<Str>,
    /// Whether refresh found anything that the state does not say yet, of objects or of what is kept beside them.
    pub state_changed: bool,
}

impl Plan {
    /// Whether applying would do anything to an object or to an output value, or invoke an action.
    pub fn has_changes(&self) -> bool {
        self.has_resource_changes()
            || !self.invocations.is_empty()
            || self.outputs.values().any(|change| change.action != Action::NoOp)
    }

    /// Whether applying it would change anything, if only in the state.
    pub fn is_applyable(&self) -> bool {
        match self.mode {
            _ if self.errored => false,
            Mode::RefreshOnly => self.changes_state() || !self.invocations.is_empty(),
            Mode::Normal => self.has_changes(),
            Mode::Destroy => self.has_changes() || self.drops_data(),
        }
    }

    /// Whether data sources are dropped from the state, as they are where everything is destroyed.
    fn drops_data(&self) -> bool {
        let mut known = self.prior.resources.keys();
        self.targets.is_empty() && known.any(|(_, resource)| resource.mode == ResourceMode::Data)
    }

    /// Whether a plan that changes no object changes what is kept of them, or output values that are known. As in
    /// Terraform, neither another address nor output values that are not declared any more are a reason to apply it.
    fn changes_state(&self) -> bool {
        let known =
            |change: &OutputChange| change.after.as_ref().is_none_or(Value::is_wholly_known);
        let kept = |change: &OutputChange| !matches!(change.action, Action::NoOp | Action::Delete);
        self.state_changed || self.outputs.values().any(|change| kept(change) && known(change))
    }

    /// Whether nothing was left out, so that no further plan is needed.
    pub fn is_complete(&self) -> bool {
        self.targets.is_empty() && self.deferred.is_empty() && !self.errored
    }

    /// What has to wait for the next plan, with all that depends on it.
    pub fn waiting(&self) -> BTreeSet<Node> {
        let deferred = self.deferred.iter().map(|found| Node::Resource(found.change.addr.config()));
        let deferred: BTreeSet<Node> = deferred.collect();
        let graph = &self.config.dependencies().graph;
        graph.with_dependents(&deferred).into_iter().cloned().collect()
    }

    /// Whether applying would do anything to an object.
    pub fn has_resource_changes(&self) -> bool {
        self.changes.iter().any(|change| {
            change.action != Action::NoOp
                || change.previous_addr.is_some()
                || change.importing.is_some()
        })
    }

    /// How many objects are added, changed and destroyed; a replacement counts as one added and one destroyed.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { invoke: self.invocations.len(), ..Counts::default() };
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

impl Counts {
    /// Counts what was done.
    pub fn note(&mut self, event: &Event) {
        match event {
            Event::ApplyDone { action: Action::Create, .. } => self.add += 1,
            Event::ApplyDone { action: Action::Update, .. } => self.change += 1,
            Event::ApplyDone { action: Action::Delete, .. } => self.destroy += 1,
            Event::Action { happened: Happened::Done, .. } => self.invoke += 1,
            _ => {}
        }
    }
}

/// How many objects a plan is about, or were changed.
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
    /// Actions to invoke.
    pub invoke: usize,
}
