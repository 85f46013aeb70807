//! The two traits: a provider, and a configured connection of it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use infra_addrs::ProviderAddr;
use infra_value::function::Function;
use infra_value::{Path, Value};

use crate::{Kind, ListRequest, Problem, Schema};

/// A provider as it is linked in: its schemas, static checks, and how to configure it.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Its source address, such as `registry.terraform.io/hashicorp/aws`.
    fn address(&self) -> &ProviderAddr;

    /// The version whose schemas it implements, such as `5.100.0`.
    fn version(&self) -> &str;

    /// The schema of its `provider` block.
    fn config_schema(&self) -> &Schema;

    /// The schema of a resource type, or nothing if it has no such type. Built at first use.
    fn schema(&self, kind: Kind, type_name: &str) -> Option<&Schema>;

    /// All type names of a kind, sorted.
    fn type_names(&self, kind: Kind) -> Vec<&str>;

    /// Its functions, which configurations call as `provider::NAME::FUNCTION`.
    fn functions(&self) -> &'static [&'static Function] {
        &[]
    }

    /// Checks a configuration of a resource, beyond what its schema says. Values may be unknown.
    fn validate(&self, _kind: Kind, _type_name: &str, _config: &Value) -> Vec<Problem> {
        Vec::new()
    }

    /// Checks the value of a `provider` block, beyond what its schema says. Values may be unknown.
    fn validate_config(&self, _config: &Value) -> Vec<Problem> {
        Vec::new()
    }

    /// Makes attributes of one of its types, as a state has them, of an object of another type; nothing if it knows no
    /// moves between types.
    fn adopt(
        &self,
        _type_name: &str,
        _from: &Foreign<'_>,
    ) -> Option<Result<serde_json::Value, Problem>> {
        None
    }

    /// Makes a connection from the value of a `provider` block (an object of the schema, wholly known unless planning
    /// could not know more).
    ///
    /// # Errors
    /// What is wrong with the configuration or the credentials.
    async fn configure(&self, config: &Value) -> Result<Arc<dyn Connection>, Vec<Problem>>;
}

/// An object of another type, maybe of another provider.
pub struct Foreign<'a> {
    /// The provider that it was of.
    pub provider: &'a ProviderAddr,
    /// Its resource type.
    pub type_name: &'a str,
    /// Its attributes, as the state has them.
    pub attributes: &'a serde_json::Value,
}

/// An object as a provider sees it.
#[derive(Clone, PartialEq, Debug)]
pub struct Object {
    /// Of the implied type of the schema.
    pub value: Value,
    /// What the provider wants to remember besides, opaque to the engine.
    pub private: Vec<u8>,
}

impl Object {
    /// An object with nothing private.
    pub fn new(value: Value) -> Self {
        Self { value, private: Vec::new() }
    }
}

/// Many objects of one type to read.
pub struct ReadRequest<'a> {
    /// The resource type.
    pub type_name: &'a str,
    /// What the state holds of each.
    pub objects: &'a [Object],
}

/// A change to plan.
pub struct PlanRequest<'a> {
    /// The resource type.
    pub type_name: &'a str,
    /// What there is; nothing when it is to be created.
    pub prior: Option<&'a Object>,
    /// What the configuration says, of the implied type; null where it says nothing. Where changes are ignored it agrees
    /// with what there is.
    pub config: &'a Value,
    /// The same as it is written.
    pub written: &'a Value,
}

/// What a provider plans.
#[derive(Clone, Debug, Default)]
pub struct PlanResponse {
    /// The object after apply, with unknowns; equal to the prior value if nothing changes. Nothing on error.
    pub planned: Option<Object>,
    /// Attributes whose change needs a new object. When not empty, the engine plans again without a prior object.
    pub requires_replace: Vec<Path>,
    /// Errors and warnings.
    pub problems: Vec<Problem>,
}

/// Called as soon as an object exists, before anything else can fail, so that its identity is saved.
pub type Saved<'a> = &'a (dyn Fn(Object) + Send + Sync);

/// A change to make.
pub struct ApplyRequest<'a> {
    /// The resource type.
    pub type_name: &'a str,
    /// What there is; nothing to create.
    pub prior: Option<&'a Object>,
    /// What there shall be; nothing to delete. Unknown values are those that the provider decides.
    pub planned: Option<&'a Object>,
    /// What the configuration says; null for a deletion.
    pub config: &'a Value,
    /// To be called when the object exists.
    pub saved: Saved<'a>,
}

/// What came of a change.
#[derive(Clone, Debug, Default)]
pub struct ApplyResponse {
    /// What exists now, as far as is known, also after an error; nothing if nothing exists.
    pub object: Option<Object>,
    /// The object exists but is not as it should be: replace it at the next apply.
    pub tainted: bool,
    /// Errors and warnings.
    pub problems: Vec<Problem>,
}

/// An object found by an import id; to be read before use.
pub struct Imported {
    /// The resource type.
    pub type_name: String,
    /// As much as the id tells.
    pub object: Object,
}

/// An ephemeral resource that is open.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The configuration's object completed. Never stored.
    pub value: Value,
    /// What the provider wants to be told when it renews and closes.
    pub private: Vec<u8>,
    /// After how long it is to be renewed; nothing if it lasts.
    pub renew_after: Option<Duration>,
}

/// An ephemeral resource that was renewed.
#[derive(Clone, Debug)]
pub struct Renewed {
    /// What the provider wants to be told from now on.
    pub private: Vec<u8>,
    /// After how long it is to be renewed again.
    pub renew_after: Option<Duration>,
}

/// Called with what there is to say while an action goes on.
pub type Progress<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// A configured provider. Every call may run at the same time as others.
#[async_trait]
pub trait Connection: Send + Sync {
    /// Reads what exists of many objects of one type, in as few API calls as it can. The answer has one entry for each
    /// object in the same order; nothing means that the object is gone.
    async fn read(&self, request: ReadRequest<'_>) -> Vec<Result<Option<Object>, Problem>>;

    /// Plans a change. Pure: no I/O.
    fn plan(&self, request: PlanRequest<'_>) -> PlanResponse;

    /// Makes a change.
    async fn apply(&self, request: ApplyRequest<'_>) -> ApplyResponse;

    /// Reads a data source: the configuration's object completed.
    async fn read_data(&self, type_name: &str, config: &Value) -> Result<Value, Vec<Problem>>;

    /// Opens an ephemeral resource: what is there only while a plan is made or applied.
    async fn open(&self, type_name: &str, config: &Value) -> Result<Opened, Vec<Problem>> {
        let _ = config;
        Err(vec![Problem::error(
            "Unknown ephemeral resource type",
            format!("The provider has no ephemeral resource type \"{type_name}\"."),
        )])
    }

    /// Makes an open ephemeral resource last longer.
    async fn renew(&self, type_name: &str, private: &[u8]) -> Result<Renewed, Vec<Problem>> {
        let _ = type_name;
        Ok(Renewed { private: private.to_vec(), renew_after: None })
    }

    /// Closes an ephemeral resource: what it gave is of no use any more.
    async fn close(&self, type_name: &str, private: &[u8]) -> Result<(), Vec<Problem>> {
        let _ = (type_name, private);
        Ok(())
    }

    /// Invokes an action with the value of its `config` block. Nothing is kept of it.
    async fn invoke(
        &self,
        type_name: &str,
        config: &Value,
        progress: Progress<'_>,
    ) -> Result<(), Vec<Problem>> {
        let _ = (config, progress);
        Err(vec![Problem::error(
            "Unknown action type",
            format!("The provider has no action type \"{type_name}\"."),
        )])
    }

    /// Turns import ids into objects that can be read: one answer for each, in the same order.
    async fn import(&self, type_name: &str, ids: &[String]) -> Vec<Result<Imported, Problem>>;

    /// Finds objects of a type, and tells of each as soon as it is found. Never asks for more pages than it takes to find
    /// as many as are wanted.
    async fn list(&self, request: ListRequest<'_>) -> Result<(), Vec<Problem>> {
        Err(vec![Problem::error(
            "Unknown list resource type",
            format!("The provider cannot list objects of the type \"{}\".", request.type_name),
        )])
    }

    /// How many API requests it has made.
    fn requests(&self) -> u64 {
        0
    }
}
