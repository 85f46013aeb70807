//! What will happen to one resource instance or output value.

use std::fmt;

use infra_addrs::{ConfigResource, ProviderConfig, ResourceInstance};
use infra_value::{Path, Value};

/// What will be done.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// Nothing.
    NoOp,
    /// Make a new object.
    Create,
    /// Read a data source.
    Read,
    /// Change the object in place.
    Update,
    /// Delete the object and then make a new one.
    DeleteThenCreate,
    /// Make a new object and then delete the old one.
    CreateThenDelete,
    /// Delete the object.
    Delete,
    /// Drop the object from the state; it goes on existing.
    Forget,
}

impl Action {
    /// Whether one object takes the place of another.
    pub fn is_replace(self) -> bool {
        matches!(self, Self::DeleteThenCreate | Self::CreateThenDelete)
    }

    /// Whether an object comes to be or changes.
    pub fn makes(self) -> bool {
        matches!(self, Self::Create | Self::Read | Self::Update) || self.is_replace()
    }

    /// Whether an object goes away.
    pub fn removes(self) -> bool {
        self == Self::Delete || self.is_replace()
    }
}

/// The symbol in front of a change: `+`, `~`, `-/+` ...
impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoOp => " ",
            Self::Create => "+",
            Self::Read => "<=",
            Self::Update => "~",
            Self::DeleteThenCreate => "-/+",
            Self::CreateThenDelete => "+/-",
            Self::Delete => "-",
            Self::Forget => ".",
        })
    }
}

/// Why an action was chosen, where that is not plain. The names are those of Terraform's plan JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Reason {
    /// A changed argument cannot be changed in place.
    ReplaceBecauseCannotUpdate,
    /// An earlier apply failed half-way.
    ReplaceBecauseTainted,
    /// The person asked for it.
    ReplaceByRequest,
    /// `replace_triggered_by`.
    ReplaceByTriggers,
    /// The configuration does not have the resource any more.
    DeleteBecauseNoResourceConfig,
    /// The configuration does not have the module any more.
    DeleteBecauseNoModule,
    /// `count` or `for_each` was added or removed.
    DeleteBecauseWrongRepetition,
    /// The index is beyond `count`.
    DeleteBecauseCountIndex,
    /// The key is not in `for_each`.
    DeleteBecauseEachKey,
    /// It was moved to an address that is not in the configuration.
    DeleteBecauseNoMoveTarget,
    /// The arguments of a data source are known only after apply.
    ReadBecauseConfigUnknown,
    /// A data source depends on something that changes.
    ReadBecauseDependencyPending,
    /// A data source in a check is read again when everything has been applied.
    ReadBecauseCheckNested,
}

impl Reason {
    /// The name in plan JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReplaceBecauseCannotUpdate => "replace_because_cannot_update",
            Self::ReplaceBecauseTainted => "replace_because_tainted",
            Self::ReplaceByRequest => "replace_by_request",
            Self::ReplaceByTriggers => "replace_by_triggers",
            Self::DeleteBecauseNoResourceConfig => "delete_because_no_resource_config",
            Self::DeleteBecauseNoModule => "delete_because_no_module",
            Self::DeleteBecauseWrongRepetition => "delete_because_wrong_repetition",
            Self::DeleteBecauseCountIndex => "delete_because_count_index",
            Self::DeleteBecauseEachKey => "delete_because_each_key",
            Self::DeleteBecauseNoMoveTarget => "delete_because_no_move_target",
            Self::ReadBecauseConfigUnknown => "read_because_config_unknown",
            Self::ReadBecauseDependencyPending => "read_because_dependency_pending",
            Self::ReadBecauseCheckNested => "read_because_check_nested",
        }
    }

    /// The reason of a name in plan JSON.
    pub fn from_name(name: &str) -> Option<Self> {
        let all = [
            Self::ReplaceBecauseCannotUpdate,
            Self::ReplaceBecauseTainted,
            Self::ReplaceByRequest,
            Self::ReplaceByTriggers,
            Self::DeleteBecauseNoResourceConfig,
            Self::DeleteBecauseNoModule,
            Self::DeleteBecauseWrongRepetition,
            Self::DeleteBecauseCountIndex,
            Self::DeleteBecauseEachKey,
            Self::DeleteBecauseNoMoveTarget,
            Self::ReadBecauseConfigUnknown,
            Self::ReadBecauseDependencyPending,
            Self::ReadBecauseCheckNested,
        ];
        all.into_iter().find(|reason| reason.name() == name)
    }
}

/// What will happen to one resource instance. Values carry their marks.
#[derive(Clone, PartialEq, Debug)]
pub struct ResourceChange {
    /// Which instance.
    pub addr: ResourceInstance,
    /// The key of the deposed object, if the change is about one.
    pub deposed: Option<String>,
    /// Where it was before a `moved` block or the like.
    pub previous_addr: Option<ResourceInstance>,
    /// The provider configuration it belongs to.
    pub provider: ProviderConfig,
    /// What will be done.
    pub action: Action,
    /// Why, where that is not plain.
    pub reason: Option<Reason>,
    /// What there is, after refresh.
    pub before: Option<Value>,
    /// What there will be; unknown where only apply can tell.
    pub after: Option<Value>,
    /// What the provider remembers of the planned object.
    pub private: Vec<u8>,
    /// Attributes whose change needs a new object.
    pub requires_replace: Vec<Path>,
    /// The import id, if the object is being imported.
    pub importing: Option<String>,
    /// The configuration that was written for an object that is imported without one.
    pub generated_config: Option<String>,
    /// The resources that it depends on, directly or not; sorted. Shared by all instances of a resource.
    pub dependencies: std::sync::Arc<[ConfigResource]>,
    /// Whether a replacement is made before the old object goes.
    pub create_before_destroy: bool,
}

/// What will happen to an output value of the root module.
#[derive(Clone, PartialEq, Debug)]
pub struct OutputChange {
    /// What will be done: no-op, create, update or delete.
    pub action: Action,
    /// What it is.
    pub before: Option<Value>,
    /// What it will be.
    pub after: Option<Value>,
    /// Whether it is declared sensitive.
    pub sensitive: bool,
}

impl OutputChange {
    /// Whether what it is or what it will be must not be shown.
    pub fn is_sensitive(&self) -> bool {
        self.sensitive || self.before.as_ref().is_some_and(Value::is_sensitive)
    }
}
