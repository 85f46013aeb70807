//! A provider made of registrations.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use futures::future::BoxFuture;
use infra_addrs::ProviderAddr;
use infra_provider::{
    ApplyRequest, ApplyResponse, Connection, Foreign, Imported, Kind, ListRequest, Object, Opened,
    PlanRequest, PlanResponse, Problem, Progress, Provider, ReadRequest, Renewed, Schema,
};
use infra_value::function::Function;
use infra_value::{Path, Value};

use crate::check::{self, Check};
use crate::{Client, Registration, tags};

type Configure<C> = Box<dyn Fn(Value) -> BoxFuture<'static, Result<C, Vec<Problem>>> + Send + Sync>;

/// Makes attributes of a type of an object of another one.
pub type Adopt = fn(&str, &Foreign<'_>) -> Result<serde_json::Value, Problem>;

/// A provider whose client is `C`.
pub struct SdkProvider<C: Client> {
    address: ProviderAddr,
    version: &'static str,
    config_schema: Schema,
    types: Arc<Types<C>>,
    functions: &'static [&'static Function],
    checked: bool,
    config_checks: &'static [Check],
    validate: Option<Box<Validate>>,
    adopt: Option<Adopt>,
    configure: Configure<C>,
}

/// Checks the configuration of a type, beyond what its schema says. Values may be unknown.
type Validate = dyn Fn(Kind, &str, &Value) -> Vec<Problem> + Send + Sync;

struct Types<C: Client>(BTreeMap<Kind, BTreeMap<&'static str, Registered<C>>>);

struct Registered<C: Client> {
    registration: Registration<C>,
    schema: OnceLock<Schema>,
}

impl<C: Client> Types<C> {
    fn get(&self, kind: Kind, name: &str) -> Option<(&Registration<C>, &Schema)> {
        let found = self.0.get(&kind)?.get(name)?;
        Some((&found.registration, found.schema.get_or_init(found.registration.schema)))
    }
}

impl<C: Client> SdkProvider<C> {
    /// A provider with these types. `configure` makes the client from the value of a provider block.
    pub fn new(
        address: ProviderAddr,
        version: &'static str,
        config_schema: Schema,
        types: impl IntoIterator<Item = Registration<C>>,
        configure: impl Fn(Value) -> BoxFuture<'static, Result<C, Vec<Problem>>> + Send + Sync + 'static,
    ) -> Self {
        let mut by_kind: BTreeMap<Kind, BTreeMap<&'static str, Registered<C>>> = BTreeMap::new();
        for registration in types {
            let kind = registration.kind;
            let registered = Registered { schema: OnceLock::new(), registration };
            by_kind.entry(kind).or_default().insert(registered.registration.name, registered);
        }
        Self {
            address,
            version,
            config_schema,
            types: Arc::new(Types(by_kind)),
            functions: &[],
            checked: false,
            config_checks: &[],
            validate: None,
            adopt: None,
            configure: Box::new(configure),
        }
    }

    /// With checks of configurations beyond what schemas say; values may be unknown.
    #[must_use]
    pub fn with_validation(
        mut self,
        validate: impl Fn(Kind, &str, &Value) -> Vec<Problem> + Send + Sync + 'static,
    ) -> Self {
        self.validate = Some(Box::new(validate));
        self
    }

    /// With the checks of its types, and those that the older plug-in kit makes of every type: numbers are whole, and
    /// nobody gives an object its id.
    #[must_use]
    pub fn with_checks(mut self) -> Self {
        self.checked = true;
        self
    }

    /// With checks of its provider block.
    #[must_use]
    pub fn with_config_checks(mut self, checks: &'static [Check]) -> Self {
        self.config_checks = checks;
        self
    }

    /// With moves from other types to its own.
    #[must_use]
    pub fn with_moves(mut self, adopt: Adopt) -> Self {
        self.adopt = Some(adopt);
        self
    }

    /// With functions.
    #[must_use]
    pub fn with_functions(mut self, functions: &'static [&'static Function]) -> Self {
        self.functions = functions;
        self
    }
}

#[async_trait]
impl<C: Client> Provider for SdkProvider<C> {
    fn address(&self) -> &ProviderAddr {
        &self.address
    }

    fn version(&self) -> &str {
        self.version
    }

    fn config_schema(&self) -> &Schema {
        &self.config_schema
    }

    fn schema(&self, kind: Kind, type_name: &str) -> Option<&Schema> {
        self.types.get(kind, type_name).map(|(_, schema)| schema)
    }

    fn type_names(&self, kind: Kind) -> Vec<&str> {
        self.types.0.get(&kind).into_iter().flatten().map(|(name, _)| *name).collect()
    }

    fn functions(&self) -> &'static [&'static Function] {
        self.functions
    }

    fn validate(&self, kind: Kind, type_name: &str, config: &Value) -> Vec<Problem> {
        let mut problems =
            self.validate.as_ref().map_or_else(Vec::new, |check| check(kind, type_name, config));
        let Some((found, schema)) = self.types.get(kind, type_name) else { return problems };
        problems.extend(check::required(&schema.block, config));
        check::read_only(&schema.block, config, &Path::root(), &mut problems);
        if self.checked {
            problems.extend(check::run(found.checks, &schema.block, config));
            if kind == Kind::Managed && config.get("id").is_some_and(|id| !id.is_null()) {
                problems.push(Problem::error("Invalid or unknown key", "").at(Path::of("id")));
            }
        }
        problems
    }

    fn validate_config(&self, config: &Value) -> Vec<Problem> {
        match self.checked {
            true => check::run(self.config_checks, &self.config_schema.block, config),
            false => Vec::new(),
        }
    }

    fn adopt(
        &self,
        type_name: &str,
        from: &Foreign<'_>,
    ) -> Option<Result<serde_json::Value, Problem>> {
        Some((self.adopt?)(type_name, from))
    }

    async fn configure(&self, config: &Value) -> Result<Arc<dyn Connection>, Vec<Problem>> {
        let client = (self.configure)(config.clone()).await?;
        Ok(Arc::new(SdkConnection { client, types: self.types.clone() }))
    }
}

struct SdkConnection<C: Client> {
    client: C,
    types: Arc<Types<C>>,
}

fn unknown(type_name: &str) -> Problem {
    Problem::error("Unknown resource type", format!("The provider has no type \"{type_name}\"."))
}

#[async_trait]
impl<C: Client> Connection for SdkConnection<C> {
    async fn read(&self, request: ReadRequest<'_>) -> Vec<Result<Option<Object>, Problem>> {
        match self.types.get(Kind::Managed, request.type_name) {
            Some((found, schema)) => found.verbs.read(&self.client, schema, request.objects).await,
            None => request.objects.iter().map(|_| Err(unknown(request.type_name))).collect(),
        }
    }

    fn plan(&self, request: PlanRequest<'_>) -> PlanResponse {
        match self.types.get(Kind::Managed, request.type_name) {
            Some((found, schema)) => {
                let config = tags::decided(request.config, request.written);
                found.verbs.plan(&self.client, schema, request.prior, &config)
            }
            None => PlanResponse {
                problems: vec![unknown(request.type_name)],
                ..PlanResponse::default()
            },
        }
    }

    async fn apply(&self, request: ApplyRequest<'_>) -> ApplyResponse {
        match self.types.get(Kind::Managed, request.type_name) {
            Some((found, schema)) => found.verbs.apply(&self.client, schema, request).await,
            None => ApplyResponse {
                problems: vec![unknown(request.type_name)],
                ..ApplyResponse::default()
            },
        }
    }

    async fn read_data(&self, type_name: &str, config: &Value) -> Result<Value, Vec<Problem>> {
        match self.types.get(Kind::Data, type_name) {
            Some((found, schema)) => found.verbs.query(&self.client, schema, config).await,
            None => Err(vec![unknown(type_name)]),
        }
    }

    async fn open(&self, type_name: &str, config: &Value) -> Result<Opened, Vec<Problem>> {
        match self.types.get(Kind::Ephemeral, type_name) {
            Some((found, schema)) => found.verbs.open(&self.client, schema, config).await,
            None => Err(vec![unknown(type_name)]),
        }
    }

    async fn renew(&self, type_name: &str, private: &[u8]) -> Result<Renewed, Vec<Problem>> {
        match self.types.get(Kind::Ephemeral, type_name) {
            Some((found, _)) => found.verbs.renew(&self.client, private).await,
            None => Err(vec![unknown(type_name)]),
        }
    }

    async fn close(&self, type_name: &str, private: &[u8]) -> Result<(), Vec<Problem>> {
        match self.types.get(Kind::Ephemeral, type_name) {
            Some((found, _)) => found.verbs.close(&self.client, private).await,
            None => Err(vec![unknown(type_name)]),
        }
    }

    async fn invoke(
        &self,
        type_name: &str,
        config: &Value,
        progress: Progress<'_>,
    ) -> Result<(), Vec<Problem>> {
        match self.types.get(Kind::Action, type_name) {
            Some((found, _)) => found.verbs.invoke(&self.client, config, progress).await,
            None => Err(vec![unknown(type_name)]),
        }
    }

    async fn import(&self, type_name: &str, ids: &[String]) -> Vec<Result<Imported, Problem>> {
        let Some((found, schema)) = self.types.get(Kind::Managed, type_name) else {
            return ids.iter().map(|_| Err(unknown(type_name))).collect();
        };
        let objects = found.verbs.import(&self.client, schema, ids).await.into_iter();
        let imported = |object| Imported { type_name: type_name.to_owned(), object };
        objects.map(|object| object.map(imported)).collect()
    }

    async fn list(&self, request: ListRequest<'_>) -> Result<(), Vec<Problem>> {
        match self.types.get(Kind::List, request.type_name) {
            Some((found, _)) => found.verbs.list(&self.client, request).await,
            None => Err(vec![unknown(request.type_name)]),
        }
    }

    fn requests(&self) -> u64 {
        self.client.requests()
    }
}
