//! A type with its verbs, with the type forgotten.

use std::marker::PhantomData;

use async_trait::async_trait;
use infra_provider::{
    ApplyRequest, ApplyResponse, Attribute, Kind, ListRequest, Object, Opened, PlanResponse,
    Problem, Progress, Renewed, Schema, list_schema,
};
use infra_value::{Type, Value};

use crate::check::Check;
use crate::{
    Action, Client, Ephemeral, Fields, List, Operations, Query, Resource, apply, legacy,
    listing::find, plan, read,
};

/// A resource type or data source of a provider whose client is `C`.
pub struct Registration<C: Client> {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) schema: fn() -> Schema,
    pub(crate) checks: &'static [Check],
    pub(crate) verbs: Box<dyn Verbs<C>>,
}

/// Registers a resource type.
pub fn registration<T: Operations>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        kind: Kind::Managed,
        schema: schema::<T>,
        checks: T::CHECKS,
        verbs: Box::new(Managed::<T>(PhantomData)),
    }
}

/// Registers a data source.
pub fn query<T: Query>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        kind: Kind::Data,
        schema: schema::<T>,
        checks: T::CHECKS,
        verbs: Box::new(Data::<T>(PhantomData)),
    }
}

/// Registers an ephemeral resource type.
pub fn ephemeral<T: Ephemeral>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        kind: Kind::Ephemeral,
        schema: schema::<T>,
        checks: T::CHECKS,
        verbs: Box::new(Passing::<T>(PhantomData)),
    }
}

/// Registers that objects of a resource type can be listed.
pub fn listing<T: List>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        kind: Kind::List,
        schema: || list_schema(T::Config::block(), schema::<T>().block.implied_type()),
        checks: &[],
        verbs: Box::new(Lister::<T>(PhantomData)),
    }
}

/// Registers an action.
pub fn action<T: Action>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        kind: Kind::Action,
        schema: schema::<T>,
        checks: T::CHECKS,
        verbs: Box::new(Acting::<T>(PhantomData)),
    }
}

pub(crate) fn schema<T: Resource>() -> Schema {
    let mut builder = crate::schema::Builder::default();
    T::fields(&mut builder);
    if T::KIND == Kind::Managed && !builder.has("id") {
        let id = Attribute { optional: true, computed: true, ..Attribute::new(Type::String) };
        builder.attribute("id", crate::schema::Declared(id));
    }
    let mut block = builder.finish();
    block.description = T::DESCRIPTION;
    Schema { version: T::VERSION, block, upgrade: T::UPGRADE }
}

/// What can be done with a type. Each kind of type has its own; the others are never asked for.
#[async_trait]
pub(crate) trait Verbs<C: Client>: Send + Sync {
    async fn read(
        &self,
        _client: &C,
        _schema: &Schema,
        objects: &[Object],
    ) -> Vec<Result<Option<Object>, Problem>> {
        objects.iter().map(|_| Err(wrong_kind())).collect()
    }
    fn plan(
        &self,
        _client: &C,
        _schema: &Schema,
        _prior: Option<&Object>,
        _config: &Value,
    ) -> PlanResponse {
        PlanResponse { problems: vec![wrong_kind()], ..PlanResponse::default() }
    }
    async fn apply(&self, _client: &C, _schema: &Schema, _: ApplyRequest<'_>) -> ApplyResponse {
        ApplyResponse { problems: vec![wrong_kind()], ..ApplyResponse::default() }
    }
    async fn import(
        &self,
        _client: &C,
        _schema: &Schema,
        ids: &[String],
    ) -> Vec<Result<Object, Problem>> {
        ids.iter().map(|_| Err(wrong_kind())).collect()
    }
    async fn query(
        &self,
        _client: &C,
        _schema: &Schema,
        _config: &Value,
    ) -> Result<Value, Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
    async fn open(
        &self,
        _client: &C,
        _schema: &Schema,
        _config: &Value,
    ) -> Result<Opened, Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
    async fn list(&self, _client: &C, _: ListRequest<'_>) -> Result<(), Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
    async fn renew(&self, _client: &C, _private: &[u8]) -> Result<Renewed, Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
    async fn close(&self, _client: &C, _private: &[u8]) -> Result<(), Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
    async fn invoke(&self, _: &C, _config: &Value, _: Progress<'_>) -> Result<(), Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
}

struct Managed<T>(PhantomData<fn() -> T>);
struct Data<T>(PhantomData<fn() -> T>);
struct Passing<T>(PhantomData<fn() -> T>);
struct Lister<T>(PhantomData<fn() -> T>);
struct Acting<T>(PhantomData<fn() -> T>);

fn wrong_kind() -> Problem {
    Problem::error(
        "Wrong kind of resource",
        "This is a bug in the provider: the request does not fit the type.",
    )
}

#[async_trait]
impl<T: Operations> Verbs<T::Client> for Managed<T> {
    async fn read(
        &self,
        client: &T::Client,
        schema: &Schema,
        objects: &[Object],
    ) -> Vec<Result<Option<Object>, Problem>> {
        apply::read_many::<T>(client, schema, objects).await
    }

    fn plan(
        &self,
        client: &T::Client,
        schema: &Schema,
        prior: Option<&Object>,
        config: &Value,
    ) -> PlanResponse {
        if client.legacy() {
            let problems = legacy::refused(config);
            if !problems.is_empty() {
                return PlanResponse { problems, ..PlanResponse::default() };
            }
        }
        let mut response =
            plan::plan(apply::as_client(client), schema, prior, config, T::customise);
        if let Some(planned) = response.planned.as_mut().filter(|_| client.legacy())
            && prior.is_none_or(|prior| prior.value != planned.value)
        {
            planned.private = legacy::private(schema, &planned.value, T::default_timeouts(), false);
        }
        response
    }

    async fn apply(
        &self,
        client: &T::Client,
        schema: &Schema,
        request: ApplyRequest<'_>,
    ) -> ApplyResponse {
        apply::apply::<T>(client, schema, request).await
    }

    async fn import(
        &self,
        client: &T::Client,
        schema: &Schema,
        ids: &[String],
    ) -> Vec<Result<Object, Problem>> {
        apply::imported::<T>(client, schema, ids).await
    }
}

#[async_trait]
impl<T: Query> Verbs<T::Client> for Data<T> {
    async fn query(
        &self,
        client: &T::Client,
        schema: &Schema,
        config: &Value,
    ) -> Result<Value, Vec<Problem>> {
        let asked = <T as Fields>::from_object(config);
        let found = T::read(client, &asked).await.map_err(|error| vec![error.into()])?;
        let found = crate::tags::split(apply::as_client(client), found.to_object(), None);
        let found = read::settled(&schema.block, &found, Some(config));
        Ok(if client.legacy() { legacy::queried(&schema.block, found) } else { found })
    }
}

#[async_trait]
impl<T: Ephemeral> Verbs<T::Client> for Passing<T> {
    async fn open(
        &self,
        client: &T::Client,
        schema: &Schema,
        config: &Value,
    ) -> Result<Opened, Vec<Problem>> {
        let asked = <T as Fields>::from_object(config);
        let lease = T::open(client, &asked).await.map_err(|error| vec![error.into()])?;
        Ok(Opened {
            value: read::settled(&schema.block, &lease.value.to_object(), Some(config)),
            private: lease.private,
            renew_after: lease.renew_after,
        })
    }

    async fn renew(&self, client: &T::Client, private: &[u8]) -> Result<Renewed, Vec<Problem>> {
        let renew_after = T::renew(client, private).await.map_err(|error| vec![error.into()])?;
        Ok(Renewed { private: private.to_vec(), renew_after })
    }

    async fn close(&self, client: &T::Client, private: &[u8]) -> Result<(), Vec<Problem>> {
        T::close(client, private).await.map_err(|error| vec![error.into()])
    }
}

#[async_trait]
impl<T: List> Verbs<T::Client> for Lister<T> {
    async fn list(&self, client: &T::Client, request: ListRequest<'_>) -> Result<(), Vec<Problem>> {
        find::<T>(client, request).await.map_err(|problem| vec![problem])
    }
}

#[async_trait]
impl<T: Action> Verbs<T::Client> for Acting<T> {
    async fn invoke(
        &self,
        client: &T::Client,
        config: &Value,
        progress: Progress<'_>,
    ) -> Result<(), Vec<Problem>> {
        let asked = <T as Fields>::from_object(config);
        T::invoke(client, &asked, progress).await.map_err(Vec::from)
    }
}

impl<C: Client> Registration<C> {
    /// Its name in configurations.
    pub fn name(&self) -> &'static str {
        self.name
    }
}
