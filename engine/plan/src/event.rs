//! What planning and applying tell while they work.

use std::sync::Arc;

use infra_addrs::{ProviderConfig, ResourceInstance};
use infra_diag::Diagnostic;
use infra_lang::dependencies::Node;
use infra_value::Value;

use crate::{Action, Invocation};

/// What is done with an ephemeral resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// It begins to be there.
    Open,
    /// It lasts longer.
    Renew,
    /// It is of no use any more.
    Close,
}

/// An object that a query found.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What it is known by.
    pub identity: Value,
    /// What people call it.
    pub name: String,
    /// What it is, if that was asked for; what of it is sensitive is marked.
    pub object: Option<Value>,
    /// A `resource` block for it, and an `import` block, if they were asked for.
    pub generated: Option<(String, String)>,
}

/// How an action is getting on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Happened {
    /// It begins.
    Started,
    /// It says something.
    Progress(String),
    /// It is done.
    Done,
    /// It failed; the diagnostic follows. This is what the provider said first.
    Failed(String),
}

/// Objects that are read together, each with its id.
pub type Objects = Arc<[(ResourceInstance, Option<String>)]>;

/// Something that happened. Views and embedders tell elapsed time by the moment at which they receive it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// An object of the configuration is looked at: all that it depends on is known by now.
    Visit {
        /// Which.
        node: Node,
    },
    /// A provider configuration is ready.
    Connected {
        /// Which.
        provider: ProviderConfig,
    },
    /// Objects of a type are being read.
    RefreshStart {
        /// The resource type.
        type_name: String,
        /// The objects; each with the id that the state holds.
        objects: Objects,
    },
    /// They were read.
    RefreshDone {
        /// The resource type.
        type_name: String,
        /// The objects; each with the id that it has now.
        objects: Objects,
    },
    /// A data source is being read.
    ReadStart {
        /// Which.
        addr: ResourceInstance,
    },
    /// A data source was read.
    ReadDone {
        /// Which.
        addr: ResourceInstance,
        /// Its id, if it has one.
        id: Option<String>,
    },
    /// It could not be read; the diagnostic follows.
    ReadFailed {
        /// Which.
        addr: ResourceInstance,
    },
    /// A change begins.
    ApplyStart {
        /// Which instance.
        addr: ResourceInstance,
        /// What is done now: a replacement is a deletion and a creation.
        action: Action,
        /// The id of the object that there is.
        id: Option<String>,
    },
    /// A change is made.
    ApplyDone {
        /// Which instance.
        addr: ResourceInstance,
        /// What was done.
        action: Action,
        /// The id of the object that there is now.
        id: Option<String>,
    },
    /// A change failed; the diagnostic follows.
    ApplyFailed {
        /// Which instance.
        addr: ResourceInstance,
        /// What was tried.
        action: Action,
    },
    /// An ephemeral resource is being opened, renewed or closed.
    EphemeralStart {
        /// Which.
        addr: ResourceInstance,
        /// What is done with it.
        verb: Verb,
    },
    /// It was.
    EphemeralDone {
        /// Which.
        addr: ResourceInstance,
        /// What was done with it.
        verb: Verb,
    },
    /// It failed; the diagnostic follows.
    EphemeralFailed {
        /// Which.
        addr: ResourceInstance,
        /// What was tried.
        verb: Verb,
    },
    /// An ephemeral resource is not opened while planning: what it is asked is known only after apply.
    EphemeralDeferred {
        /// Which.
        addr: ResourceInstance,
    },
    /// Objects are being listed.
    ListStart {
        /// By which instance of a `list` block.
        addr: ResourceInstance,
        /// What is asked; what of it is sensitive is marked.
        config: Value,
    },
    /// An object was found.
    ListFound {
        /// By which instance of a `list` block.
        addr: ResourceInstance,
        /// What was found.
        found: Box<Listed>,
    },
    /// There is no more to find, or no more is wanted.
    ListDone {
        /// Which instance of a `list` block.
        addr: ResourceInstance,
        /// How many objects it found.
        total: u64,
    },
    /// Objects could not be listed; the diagnostic follows.
    ListFailed {
        /// Which instance of a `list` block.
        addr: ResourceInstance,
    },
    /// A provisioner begins.
    ProvisionStart {
        /// Of which instance.
        addr: ResourceInstance,
        /// Its type.
        provisioner: String,
    },
    /// A provisioner prints a line.
    ProvisionOutput {
        /// Of which instance.
        addr: ResourceInstance,
        /// Its type.
        provisioner: String,
        /// The line.
        line: String,
    },
    /// A provisioner ended.
    ProvisionDone {
        /// Of which instance.
        addr: ResourceInstance,
        /// Its type.
        provisioner: String,
        /// Whether it failed.
        failed: bool,
    },
    /// An action is invoked.
    Action {
        /// Which, and what for.
        invocation: Arc<Invocation>,
        /// How it is getting on.
        happened: Happened,
    },
    /// Something is wrong, or worth knowing.
    Diagnostic(Diagnostic),
    /// No new work is begun; what is under way is finished.
    Stopping,
}

/// Where events go. Cheap to clone; called from any thread.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl Events {
    /// Events go to `receive`.
    pub fn new(receive: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(receive))
    }

    /// Nobody listens.
    pub fn ignored() -> Self {
        Self::new(|_| {})
    }

    /// Tells one.
    pub fn emit(&self, event: Event) {
        (self.0)(event);
    }
}

impl Default for Events {
    fn default() -> Self {
        Self::ignored()
    }
}
