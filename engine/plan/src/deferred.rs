//! What a partial plan leaves to the next one.

use crate::ResourceChange;

/// A change that cannot be planned yet, as far as it can be told.
#[derive(Clone, PartialEq, Debug)]
pub struct Deferred {
    /// Of what: an instance, or all instances of something (`a.b[*]`) whose keys are not known.
    pub address: String,
    /// Why it has to wait.
    pub reason: DeferralReason,
    /// What would happen. Where the keys are not known its address has none.
    pub change: ResourceChange,
}

/// Why something has to wait for the next plan. The names are those of Terraform's plan JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DeferralReason {
    /// `count` or `for_each` is known only after apply.
    InstanceCountUnknown,
    /// The configuration of its provider is known only after apply.
    ProviderConfigUnknown,
    /// Something that it depends on, or that depends on it, has to wait.
    DeferredPrereq,
}

impl DeferralReason {
    /// The name in plan JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::InstanceCountUnknown => "instance_count_unknown",
            Self::ProviderConfigUnknown => "provider_config_unknown",
            Self::DeferredPrereq => "deferred_prereq",
        }
    }

    /// The reason of a name in plan JSON.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [Self::InstanceCountUnknown, Self::ProviderConfigUnknown, Self::DeferredPrereq];
        all.into_iter().find(|reason| reason.name() == name)
    }
}
