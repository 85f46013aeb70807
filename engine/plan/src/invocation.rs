//! Actions that a plan invokes.

use infra_addrs::{ProviderConfig, ResourceInstance};
use infra_lang::config::TriggerEvent;
use infra_value::Value;

/// An action that is invoked once.
#[derive(Clone, PartialEq, Debug)]
pub struct Invocation {
    /// Which action.
    pub addr: ResourceInstance,
    /// The provider configuration that invokes it.
    pub provider: ProviderConfig,
    /// Its arguments, as far as they are known before apply. Values carry their marks.
    pub config: Value,
    /// What it is invoked for.
    pub cause: Cause,
}

/// What an action is invoked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Cause {
    /// The person asked for it.
    Asked,
    /// A resource instance changes.
    Trigger {
        /// Which instance.
        resource: ResourceInstance,
        /// Of its `action_trigger` blocks, which one.
        block: usize,
        /// When.
        event: TriggerEvent,
        /// Of the actions of the block, which one.
        action: usize,
    },
}

impl Invocation {
    /// Whether a change waits for it.
    pub fn is_before(&self) -> bool {
        self.trigger().is_some_and(|(_, event)| event.is_before())
    }

    /// The event at which it is invoked, and the instance that changes there.
    pub fn trigger(&self) -> Option<(&ResourceInstance, TriggerEvent)> {
        match &self.cause {
            Cause::Asked => None,
            Cause::Trigger { resource, event, .. } => Some((resource, *event)),
        }
    }
}
