//! Carrying out a change with the verbs of a type.

use std::time::Duration;

use infra_provider::{ApplyRequest, ApplyResponse, Object, Problem, Schema};
use infra_value::Value;

use crate::{Client, Error, Fields, Id, Known, Operations, Result, legacy, read, tags};

/// How often a new object is looked for before it counts as missing: some APIs show it late.
const LOOKS: u32 = 12;

/// What the state holds of an object, for the verbs.
pub(crate) fn known<T: Operations>(object: &Object) -> Known<T> {
    let id = object.value.get("id").and_then(Value::as_str).unwrap_or_default();
    Known { id: Id(id.to_owned()), state: <T as Fields>::from_object(&object.value) }
}

/// The object that a type read, in the form of the state.
pub(crate) fn object<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    id: &Id,
    found: &T,
    prior: &Object,
) -> Object {
    let found = found.to_object().with("id", T::shown(id).0.into());
    let found = tags::split(client, found, Some(&prior.value));
    Object {
        value: read::settled(&schema.block, &found, Some(&prior.value)),
        private: prior.private.clone(),
    }
}

pub(crate) async fn apply<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    request: ApplyRequest<'_>,
) -> ApplyResponse {
    match (request.prior, request.planned) {
        (None, Some(planned)) => {
            create::<T>(client, schema, planned, request.config, request.saved).await
        }
        (Some(prior), Some(planned)) => {
            update::<T>(client, schema, prior, planned, request.config).await
        }
        (Some(prior), None) => match T::delete(client, &known::<T>(prior)).await {
            Ok(()) => ApplyResponse::default(),
            Err(error) => failed(Some(prior.clone()), false, error),
        },
        (None, None) => ApplyResponse::default(),
    }
}

fn failed(object: Option<Object>, tainted: bool, error: Error) -> ApplyResponse {
    ApplyResponse { object, tainted, problems: error.into() }
}

/// The plan as a type sees it: what is stored in another form, or not at all, comes from the configuration.
fn arguments<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    planned: &Object,
    config: &Value,
) -> T {
    let given = schema
        .block
        .attributes
        .iter()
        .filter(|(_, attribute)| attribute.write_only || attribute.stored.is_some());
    let value = given.fold(planned.value.clone(), |value, (name, _)| match config.get(name) {
        Some(given) if !given.is_null() => value.with(name, given.clone()),
        _ => value,
    });
    // What the plan leaves open, as a provider does where a tag is empty, is known now.
    let value = match (value.get("tags_all"), value.get("tags")) {
        (Some(all), Some(tags)) if !all.is_known() => {
            let all = tags::merged(client, tags);
            value.with("tags_all", all)
        }
        _ => value,
    };
    <T as Fields>::from_object(&value)
}

async fn create<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    planned: &Object,
    config: &Value,
    saved: infra_provider::Saved<'_>,
) -> ApplyResponse {
    let plan: T = arguments(client, schema, planned, config);
    let id = match T::create(client, &plan).await {
        Ok(id) => id,
        Err(error) => return failed(None, false, error),
    };
    let value = without_unknown(&planned.value).with("id", id.0.as_str().into());
    let made = Object { value, private: planned.private.clone() };
    saved(made.clone());
    let known = Known { id, state: plan };
    if let Err(error) = T::configure(client, &known).await {
        let now = look::<T>(client, schema, &made).await.ok().flatten().unwrap_or(made);
        return failed(Some(now), true, error);
    }
    for attempt in 0..LOOKS {
        match look::<T>(client, schema, &made).await {
            Ok(Some(object)) => {
                return ApplyResponse {
                    object: Some(as_planned(client, schema, object, planned)),
                    tainted: false,
                    problems: Vec::new(),
                };
            }
            Ok(None) => tokio::time::sleep(Duration::from_millis(100 << attempt.min(6))).await,
            Err(error) => return failed(Some(made), true, error),
        }
    }
    let error =
        Error::new(format!("The object {} was created, but the API does not show it.", known.id));
    failed(Some(made), true, error)
}

async fn update<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    prior: &Object,
    planned: &Object,
    config: &Value,
) -> ApplyResponse {
    let plan: T = arguments(client, schema, planned, config);
    let before = known::<T>(prior);
    let mut id = before.id.clone();
    let mut result = T::update(client, &before, &plan).await;
    if result.is_ok() {
        result = T::renamed(client, &before, &plan).await.map(|new| id = new);
    }
    let value = without_unknown(&planned.value).with("id", id.0.as_str().into());
    let wanted = Object { value, private: planned.private.clone() };
    // After a failure the state shall say what is there, not what was wanted.
    let basis = if result.is_ok() { &wanted } else { prior };
    let now = look::<T>(client, schema, basis).await;
    match (result, now) {
        (Ok(()), Ok(Some(object))) => ApplyResponse {
            object: Some(as_planned(client, schema, object, planned)),
            tainted: false,
            problems: Vec::new(),
        },
        (Ok(()), Ok(None)) => {
            let problem = Problem::error(
                "Object is gone",
                "The object was there before it was changed, and is not there any more.",
            );
            ApplyResponse { object: None, tainted: false, problems: vec![problem] }
        }
        (Ok(()), Err(error)) => failed(Some(wanted), false, error),
        (Err(error), now) => {
            failed(Some(now.ok().flatten().unwrap_or_else(|| prior.clone())), false, error)
        }
    }
}

/// An object in the form that it has after a change.
fn as_planned(client: &dyn Client, schema: &Schema, made: Object, planned: &Object) -> Object {
    match client.legacy() {
        true => {
            Object { value: legacy::applied(&schema.block, made.value, &planned.value), ..made }
        }
        false => made,
    }
}

/// Reads one object back; nothing if it is not there.
async fn look<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    basis: &Object,
) -> Result<Option<Object>> {
    let known = known::<T>(basis);
    let found = T::read(client, std::slice::from_ref(&known)).await?;
    let found = found.get(0, &known.id);
    Ok(found.map(|found| object::<T>(client, schema, &known.id, found, basis)))
}

fn without_unknown(value: &Value) -> Value {
    if value.is_wholly_known() {
        return value.clone();
    }
    value
        .clone()
        .transform(&mut |_, item| if item.is_known() { item } else { Value::null(item.ty()) })
}

/// Reads many objects; the answers are in the order of the request.
pub(crate) async fn read_many<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    objects: &[Object],
) -> Vec<std::result::Result<Option<Object>, Problem>> {
    let known: Vec<Known<T>> = objects.iter().map(known::<T>).collect();
    match T::read(client, &known).await {
        Ok(found) => known
            .iter()
            .zip(objects)
            .enumerate()
            .map(|(position, (known, prior))| {
                Ok(found.get(position, &known.id).map(|found| {
                    let read = object::<T>(client, schema, &known.id, found, prior);
                    if client.legacy() {
                        let found = tags::split(client, found.to_object(), Some(&prior.value));
                        let value = legacy::refreshed(&schema.block, read.value, &found);
                        Object { value, ..read }
                    } else {
                        read
                    }
                }))
            })
            .collect(),
        Err(error) => objects.iter().map(|_| Err(error.clone().into())).collect(),
    }
}

/// The objects of import ids, to be read.
pub(crate) async fn imported<T: Operations>(
    client: &T::Client,
    schema: &Schema,
    ids: &[String],
) -> Vec<std::result::Result<Object, Problem>> {
    let object = |known: Known<T>| {
        let found = known.state.to_object().with("id", T::shown(&known.id).0.into());
        let unreadable = schema.block.attributes.iter().filter(|(_, found)| found.unreadable);
        let found = unreadable.fold(found, |found, (name, attribute)| {
            found.with(name, Value::null(attribute.ty.clone()))
        });
        let mut object = Object::new(read::settled(&schema.block, &found, None));
        if client.legacy() {
            object.private = legacy::private(schema, &object.value, T::default_timeouts(), true);
        }
        object
    };
    let known = T::import_all(client, ids).await.into_iter();
    known.map(|known| known.map(object).map_err(Problem::from)).collect()
}

/// The names of the client in messages.
pub(crate) fn as_client<C: Client>(client: &C) -> &dyn Client {
    client
}
