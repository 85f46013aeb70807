//! `action` blocks, and the `action_trigger` blocks that say when they are invoked.

mod diagnostics;

use std::fmt;

use infra_addrs::{Mode, Resource};
use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::content::{Content, check_name, list};
use super::diagnostics::{count_and_for_each, duplicate_resource};
use super::module::Module;
use super::{provider, resource};
use crate::syntax::{Block, Body, Expr, Kind, Located, Reference, Step};

const ACTION: Content = Content {
    arguments: &["count", "for_each", "provider"],
    required: &[],
    blocks: &[("config", &[])],
};

const TRIGGER: Content =
    Content { arguments: &["condition"], required: &["events", "actions"], blocks: &[] };

/// When the actions of a trigger are invoked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TriggerEvent {
    /// Before an object is made, also in the place of another.
    BeforeCreate,
    /// After it was made.
    AfterCreate,
    /// Before it is changed in place.
    BeforeUpdate,
    /// After it was changed.
    AfterUpdate,
}

impl TriggerEvent {
    const ALL: [Self; 4] =
        [Self::BeforeCreate, Self::AfterCreate, Self::BeforeUpdate, Self::AfterUpdate];

    /// As configurations have it.
    pub fn word(self) -> &'static str {
        match self {
            Self::BeforeCreate => "before_create",
            Self::AfterCreate => "after_create",
            Self::BeforeUpdate => "before_update",
            Self::AfterUpdate => "after_update",
        }
    }

    /// The event of a name in plan JSON.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.to_string() == name)
    }

    /// Whether the change waits for the action.
    pub fn is_before(self) -> bool {
        matches!(self, Self::BeforeCreate | Self::BeforeUpdate)
    }
}

/// As plan JSON has it: `AfterCreate`.
impl fmt::Display for TriggerEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// An `action_trigger` block.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// At which events.
    pub events: Vec<TriggerEvent>,
    /// Only if this is true.
    pub condition: Option<Expr>,
    /// What is invoked, one after the other.
    pub actions: Vec<Triggered>,
    /// The first line of the block.
    pub span: Span,
}

impl Trigger {
    /// What the block refers to beside actions.
    pub fn references(&self) -> impl Iterator<Item = &Located> {
        let keys = self.actions.iter().filter_map(|action| action.key.as_ref());
        self.condition.iter().chain(keys).flat_map(Expr::references)
    }

    /// Whether a change waits for its actions.
    pub fn is_before(&self) -> bool {
        self.events.iter().any(|event| event.is_before())
    }
}

/// An action in a trigger.
#[derive(Clone, Debug)]
pub struct Triggered {
    /// Which.
    pub action: Resource,
    /// The key of the instance, which may be `count.index` or `each.key`.
    pub key: Option<Expr>,
    /// Where it is named.
    pub span: Span,
}

/// Reads an `action` block: what it has in common with a resource is kept as one.
pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let addr = Resource {
        mode: Mode::Action,
        type_name: block.labels[0].text.clone(),
        name: block.labels[1].text.clone(),
    };
    check_name(&block, 0, "Invalid action type name", diags);
    check_name(&block, 1, "Invalid action name", diags);
    let span = block.header;
    let mut body = ACTION.read(block.body, diags);
    let (count, for_each) = (body.take_attribute("count"), body.take_attribute("for_each"));
    if let (Some(_), Some(both)) = (&count, &for_each) {
        diags.push(count_and_for_each().at(both.name_span));
    }
    let provider = body
        .take_attribute("provider")
        .and_then(|found| provider::keyed_reference(&found.expr, "provider", diags));
    let (provider, provider_key) = match provider {
        Some((name, alias, key)) => (Some((name, alias)), key),
        None => (None, None),
    };
    let config = resource::only("action", body.take_blocks("config"), diags);
    let read = super::Resource {
        span,
        type_span: block.labels[0].span,
        // Without a block the arguments are missing at the block around.
        body: config.map_or_else(|| Body::empty(body.open), |config| config.body),
        count: count.map(|found| found.expr),
        for_each: for_each.map(|found| found.expr),
        provider,
        provider_key,
        depends_on: Default::default(),
        lifecycle: Default::default(),
        provisioners: Vec::new(),
        connection: None,
        check: None,
        stand_ins: Vec::new(),
        listing: Default::default(),
        addr: addr.clone(),
    };
    if module.actions.contains_key(&addr) {
        diags.push(duplicate_resource(&addr).at(span));
        return;
    }
    module.actions.insert(addr, Box::new(read));
}

/// Reads an `action_trigger` block of a resource.
pub(super) fn trigger(block: Block, diags: &mut Diagnostics) -> Trigger {
    let body = TRIGGER.read(block.body, diags);
    let expr = |name: &str| body.attribute(name).map(|found| &found.expr);
    let mut events: Vec<TriggerEvent> = Vec::new();
    for item in expr("events").map(|expr| list(expr, diags)).unwrap_or_default() {
        let word: Str = item.as_keyword().unwrap_or_default().into();
        match TriggerEvent::ALL.into_iter().find(|event| event.word() == &*word) {
            Some(event) if events.contains(&event) => {
                diags.push(diagnostics::event_twice(&word).at(item.span()));
            }
            Some(event) => events.push(event),
            None => diags.push(diagnostics::wrong_event(&word).at(item.span())),
        }
    }
    let mut actions = Vec::new();
    for item in expr("actions").map(|expr| list(expr, diags)).unwrap_or_default() {
        match triggered(item) {
            Some(found) => actions.push(found),
            None => diags.push(diagnostics::action_needed().at(item.span())),
        }
    }
    for name in ["events", "actions"] {
        if let Some(expr) = expr(name).filter(|expr| expr.as_tuple().is_some_and(<[_]>::is_empty)) {
            diags.push(diagnostics::empty_trigger(name).at(expr.span()));
        }
    }
    let condition = expr("condition").cloned();
    if let Some(condition) = &condition {
        for found in condition.references() {
            if found.reference == Reference::SelfObject {
                diags.push(diagnostics::self_in_trigger().at(found.span));
            }
        }
    }
    Trigger { events, condition, actions, span: block.header }
}

fn triggered(item: &Expr) -> Option<Triggered> {
    let Kind::Reference { reference: Reference::Resource(action), steps, .. } = item.kind() else {
        return None;
    };
    let key = match steps.as_slice() {
        [] => None,
        [Step::Index(key, _)] => Some(key.clone()),
        _ => return None,
    };
    (action.mode == Mode::Action).then(|| Triggered {
        action: action.clone(),
        key,
        span: item.span(),
    })
}
