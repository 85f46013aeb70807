//! Providers that make nothing: what a real one would decide is made up, or is what the test says.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use infra_addrs::ProviderAddr;
use infra_provider::{
    ApplyRequest, ApplyResponse, Block, Connection, Imported, Kind, Nesting, Object, Opened,
    PlanRequest, PlanResponse, Problem, Progress, Provider, ReadRequest, Schema,
};
use infra_value::{Data, Path, Str, Type, Value, convert};

/// What a test says of a type.
pub(super) type Defaults = BTreeMap<(Kind, String), Value>;

/// A provider with the schemas of a real one.
pub(super) struct Mock {
    pub(super) real: Arc<dyn Provider>,
    pub(super) address: ProviderAddr,
    /// What a test says of types; of every type where it is an override.
    pub(super) defaults: Arc<Defaults>,
    /// What a test says of one object, whatever its type.
    pub(super) values: Option<Value>,
    /// Values are known while planning already.
    pub(super) during_plan: bool,
}

#[async_trait]
impl Provider for Mock {
    fn address(&self) -> &ProviderAddr {
        &self.address
    }

    fn version(&self) -> &str {
        self.real.version()
    }

    fn config_schema(&self) -> &Schema {
        self.real.config_schema()
    }

    fn schema(&self, kind: Kind, type_name: &str) -> Option<&Schema> {
        self.real.schema(kind, type_name)
    }

    fn type_names(&self, kind: Kind) -> Vec<&str> {
        self.real.type_names(kind)
    }

    fn validate(&self, kind: Kind, type_name: &str, config: &Value) -> Vec<Problem> {
        self.real.validate(kind, type_name, config)
    }

    async fn configure(&self, _: &Value) -> Result<Arc<dyn Connection>, Vec<Problem>> {
        Ok(Arc::new(Pretended {
            real: self.real.clone(),
            defaults: self.defaults.clone(),
            values: self.values.clone(),
            during_plan: self.during_plan,
            made: AtomicU64::new(0),
        }))
    }
}

struct Pretended {
    real: Arc<dyn Provider>,
    defaults: Arc<Defaults>,
    values: Option<Value>,
    during_plan: bool,
    made: AtomicU64,
}

#[async_trait]
impl Connection for Pretended {
    async fn read(&self, request: ReadRequest<'_>) -> Vec<Result<Option<Object>, Problem>> {
        request.objects.iter().map(|object| Ok(Some(object.clone()))).collect()
    }

    fn plan(&self, request: PlanRequest<'_>) -> PlanResponse {
        let Some(schema) = self.real.schema(Kind::Managed, request.type_name) else {
            return PlanResponse::default();
        };
        let prior = request.prior.map(|object| &object.value);
        let mut requires_replace = Vec::new();
        let mut planned =
            planned(&schema.block, request.config, prior, true, &mut requires_replace);
        if self.during_plan && prior.is_none() {
            match self.completed(Kind::Managed, request.type_name, &planned) {
                Ok(completed) => planned = completed,
                Err(problems) => return PlanResponse { problems, ..PlanResponse::default() },
            }
        }
        PlanResponse { planned: Some(Object::new(planned)), requires_replace, problems: Vec::new() }
    }

    async fn apply(&self, request: ApplyRequest<'_>) -> ApplyResponse {
        let completed = request
            .planned
            .map(|planned| self.completed(Kind::Managed, request.type_name, &planned.value));
        let object = match completed.transpose() {
            Ok(completed) => completed.map(Object::new),
            Err(problems) => {
                return ApplyResponse {
                    object: request.prior.cloned(),
                    problems,
                    ..ApplyResponse::default()
                };
            }
        };
        if let Some(object) = &object {
            (request.saved)(object.clone());
        }
        ApplyResponse { object, tainted: false, problems: Vec::new() }
    }

    async fn read_data(&self, type_name: &str, config: &Value) -> Result<Value, Vec<Problem>> {
        let Some(schema) = self.real.schema(Kind::Data, type_name) else {
            return Ok(config.clone());
        };
        let read = planned(&schema.block, config, None, true, &mut Vec::new());
        self.completed(Kind::Data, type_name, &read)
    }

    async fn open(&self, type_name: &str, config: &Value) -> Result<Opened, Vec<Problem>> {
        let schema = self.real.schema(Kind::Ephemeral, type_name);
        let asked = schema.map_or_else(
            || config.clone(),
            |schema| planned(&schema.block, config, None, true, &mut Vec::new()),
        );
        let value = self.completed(Kind::Ephemeral, type_name, &asked)?;
        Ok(Opened { value, private: Vec::new(), renew_after: None })
    }

    async fn close(&self, _: &str, _: &[u8]) -> Result<(), Vec<Problem>> {
        Ok(())
    }

    async fn invoke(&self, _: &str, _: &Value, _: Progress<'_>) -> Result<(), Vec<Problem>> {
        Ok(())
    }

    async fn import(&self, _: &str, ids: &[String]) -> Vec<Result<Imported, Problem>> {
        let refused = |id: &String| {
            let detail =
                format!("A mock provider has no objects, so there is none with the id \"{id}\".");
            Err(Problem::error("Cannot import through a mock provider", detail))
        };
        ids.iter().map(refused).collect()
    }
}

impl Pretended {
    /// The object with everything that was unknown made up.
    fn completed(&self, kind: Kind, type_name: &str, value: &Value) -> Result<Value, Vec<Problem>> {
        let given = self.defaults.get(&(kind, type_name.to_owned()));
        let given = [self.values.as_ref(), given];
        let Some(attributes) = value.as_map() else { return Ok(value.clone()) };
        let (mut completed, mut problems) = (Vec::new(), Vec::new());
        for (name, value) in attributes {
            let said = given.iter().flatten().find_map(|given| given.get(name));
            match self.filled(value, said) {
                Ok(filled) => completed.push((name.clone(), filled)),
                Err(error) => problems.push(
                    Problem::error(
                        "Failed to compute attribute",
                        format!("What the test says of \"{name}\" does not fit its type: {error}."),
                    )
                    .at(Path::of(name)),
                ),
            }
        }
        if problems.is_empty() { Ok(Value::object(completed)) } else { Err(problems) }
    }

    /// A value without unknown parts: they are as was said, or made up. What was said of blocks holds for each of them.
    fn filled(&self, value: &Value, said: Option<&Value>) -> Result<Value, convert::ConvertError> {
        if value.is_wholly_known() {
            return Ok(value.clone());
        }
        let each = |items: &[Value]| -> Result<Vec<Value>, convert::ConvertError> {
            items.iter().map(|item| self.filled(item, said)).collect()
        };
        Ok(match value.data() {
            Data::Unknown(ty, _) => match said {
                Some(said) => convert::convert(said, ty)?,
                None => self.made_up(ty),
            },
            Data::List(ty, items) => Value::list(ty.clone(), each(items)?),
            Data::Set(ty, items) => Value::set(ty.clone(), each(items)?),
            Data::Tuple(items) => Value::tuple(each(items)?),
            Data::Map(ty, items) => {
                let items = items.iter();
                let items = items.map(|(key, item)| Ok((key.clone(), self.filled(item, said)?)));
                Value::map(ty.clone(), items.collect::<Result<Vec<_>, convert::ConvertError>>()?)
            }
            Data::Object(items) => {
                let said = |key: &str| said.and_then(|said| said.get(key));
                let items = items.iter();
                let items =
                    items.map(|(key, item)| Ok((key.clone(), self.filled(item, said(key))?)));
                Value::object(items.collect::<Result<Vec<_>, convert::ConvertError>>()?)
            }
            _ => value.clone(),
        })
    }

    fn made_up(&self, ty: &Type) -> Value {
        match ty {
            Type::Bool => false.into(),
            Type::Number => Value::from(0),
            Type::String | Type::Any => self.text().into(),
            Type::List(element) => Value::list((**element).clone(), []),
            Type::Set(element) => Value::set((**element).clone(), []),
            Type::Map(element) => Value::map((**element).clone(), Vec::<(Str, Value)>::new()),
            Type::Tuple(elements) => Value::tuple(elements.iter().map(|ty| self.made_up(ty))),
            Type::Object(object) => Value::object(
                object.attributes.iter().map(|(name, ty)| (name.clone(), self.made_up(ty))),
            ),
        }
    }

    /// Eight letters and digits, others each time, and the same ones in each run of the tests.
    fn text(&self) -> String {
        let mut mixed = self
            .made
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1)
            .wrapping_mul(0x9E37_79B9_7F4A_7C15);
        mixed ^= mixed >> 29;
        let alphabet = b"0123456789abcdefghijklmnopqrstuvwxyz";
        let letter = |_| {
            let letter = alphabet[usize::try_from(mixed % 36).unwrap_or(0)];
            mixed /= 36;
            char::from(letter)
        };
        (0..8).map(letter).collect()
    }
}

/// What the configuration says; what it does not say and a provider decides is as it was, or unknown.
fn planned(
    schema: &Block,
    config: &Value,
    prior: Option<&Value>,
    top: bool,
    replace: &mut Vec<Path>,
) -> Value {
    let of = |value: Option<&Value>, name: &str| value.and_then(|value| value.get(name)).cloned();
    let attributes = schema.attributes.iter().map(|(name, attribute)| {
        let said = of(Some(config), name).filter(|value| !value.is_null());
        let before = of(prior, name);
        if attribute.force_new
            && top
            && let (Some(said), Some(before)) = (&said, &before)
            && said != before
        {
            replace.push(Path::of(name));
        }
        let value = match said {
            _ if attribute.write_only => Value::null(attribute.ty.clone()),
            Some(said) => said,
            // Defaults are the work of a provider, and this is none.
            None if attribute.computed => {
                before.unwrap_or_else(|| Value::unknown(attribute.ty.clone()))
            }
            None => Value::null(attribute.ty.clone()),
        };
        (name.clone(), value)
    });
    let attributes: Vec<_> = attributes.collect();
    let blocks = schema.blocks.iter().map(|(name, nested)| {
        let said = of(Some(config), name).unwrap_or_else(|| nested.empty_value());
        let inner = |item: &Value| match item.as_map() {
            Some(_) => planned(&nested.block, item, None, false, &mut Vec::new()),
            None => item.clone(),
        };
        let element = nested.block.implied_type().clone();
        let value = match (nested.nesting, said.data()) {
            (Nesting::List, Data::List(_, items)) => Value::list(element, items.iter().map(inner)),
            (Nesting::Set, Data::Set(_, items)) => Value::set(element, items.iter().map(inner)),
            (Nesting::Single | Nesting::Group, Data::Object(_)) => inner(&said),
            _ => said,
        };
        (name.clone(), value)
    });
    Value::object(attributes.into_iter().chain(blocks).collect::<Vec<_>>())
}
