//! A type with its verbs, with the type forgotten.

use std::marker::PhantomData;

use async_trait::async_trait;
use infra_provider::{
    ApplyRequest, ApplyResponse, Attribute, Object, PlanResponse, Problem, Schema,
};
use infra_value::{Type, Value};

use crate::{Client, Fields, Operations, Query, Resource, apply, plan, read};

/// A resource type or data source of a provider whose client is `C`.
pub struct Registration<C> {
    pub(crate) name: &'static str,
    pub(crate) data: bool,
    pub(crate) schema: fn() -> Schema,
    pub(crate) verbs: Box<dyn Verbs<C>>,
}

/// Registers a resource type.
pub fn registration<T: Operations>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        data: false,
        schema: schema::<T>,
        verbs: Box::new(Managed::<T>(PhantomData)),
    }
}

/// Registers a data source.
pub fn query<T: Query>() -> Registration<T::Client> {
    Registration {
        name: T::NAME,
        data: true,
        schema: schema::<T>,
        verbs: Box::new(Data::<T>(PhantomData)),
    }
}

fn schema<T: Resource>() -> Schema {
    let mut builder = crate::schema::Builder::default();
    T::fields(&mut builder);
    if !T::DATA && !builder.has("id") {
        let id = Attribute { optional: true, computed: true, ..Attribute::new(Type::String) };
        builder.attribute("id", crate::schema::Declared(id));
    }
    let mut block = builder.finish();
    block.description = T::DESCRIPTION;
    Schema { version: T::VERSION, block }
}

#[async_trait]
pub(crate) trait Verbs<C>: Send + Sync {
    async fn read(
        &self,
        client: &C,
        schema: &Schema,
        objects: &[Object],
    ) -> Vec<Result<Option<Object>, Problem>>;
    fn plan(
        &self,
        client: &C,
        schema: &Schema,
        prior: Option<&Object>,
        config: &Value,
    ) -> PlanResponse;
    async fn apply(&self, client: &C, schema: &Schema, request: ApplyRequest<'_>) -> ApplyResponse;
    async fn import(&self, client: &C, schema: &Schema, id: &str) -> Result<Object, Problem>;
    async fn query(
        &self,
        client: &C,
        schema: &Schema,
        config: &Value,
    ) -> Result<Value, Vec<Problem>>;
}

struct Managed<T>(PhantomData<fn() -> T>);
struct Data<T>(PhantomData<fn() -> T>);

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
        plan::plan(apply::as_client(client), schema, prior, config, T::customise)
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
        id: &str,
    ) -> Result<Object, Problem> {
        let known = T::import(client, id).await?;
        let found = known.state.to_object().with("id", known.id.0.as_str().into());
        Ok(Object::new(read::settled(&schema.block, &found, None)))
    }

    async fn query(&self, _: &T::Client, _: &Schema, _: &Value) -> Result<Value, Vec<Problem>> {
        Err(vec![wrong_kind()])
    }
}

#[async_trait]
impl<T: Query> Verbs<T::Client> for Data<T> {
    async fn read(
        &self,
        _: &T::Client,
        _: &Schema,
        objects: &[Object],
    ) -> Vec<Result<Option<Object>, Problem>> {
        objects.iter().map(|_| Err(wrong_kind())).collect()
    }

    fn plan(&self, _: &T::Client, _: &Schema, _: Option<&Object>, _: &Value) -> PlanResponse {
        PlanResponse { problems: vec![wrong_kind()], ..PlanResponse::default() }
    }

    async fn apply(&self, _: &T::Client, _: &Schema, _: ApplyRequest<'_>) -> ApplyResponse {
        ApplyResponse { problems: vec![wrong_kind()], ..ApplyResponse::default() }
    }

    async fn import(&self, _: &T::Client, _: &Schema, _: &str) -> Result<Object, Problem> {
        Err(wrong_kind())
    }

    async fn query(
        &self,
        client: &T::Client,
        schema: &Schema,
        config: &Value,
    ) -> Result<Value, Vec<Problem>> {
        let asked = <T as Fields>::from_object(config);
        let found = T::read(client, &asked).await.map_err(|error| vec![error.into()])?;
        let found = crate::tags::split(apply::as_client(client), found.to_object(), None);
        Ok(read::settled(&schema.block, &found, Some(config)))
    }
}

impl<C: Client> Registration<C> {
    /// Its name in configurations.
    pub fn name(&self) -> &'static str {
        self.name
    }
}
