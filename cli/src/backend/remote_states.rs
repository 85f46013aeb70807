//! The states of other configurations, for the data source `terraform_remote_state`.

use std::collections::BTreeMap;

use infra_engine::provider::Schema;
use infra_engine::state::Store as _;
use infra_engine::value::{Str, Type, Value, convert};
use infra_provider_builtin::{BackendProblem, Backends};
use infra_state_s3::S3Store;

use crate::context::Context;

/// Reads states from the backends that are linked in.
pub(crate) struct RemoteStates(pub(crate) Context);

#[async_trait::async_trait]
impl Backends for RemoteStates {
    async fn outputs(
        &self,
        backend: &str,
        config: &Value,
        workspace: &str,
    ) -> Result<Option<BTreeMap<Str, Value>>, BackendProblem> {
        if backend != "s3" {
            return Err(BackendProblem::Unknown);
        }
        let config = arguments(config, &infra_state_s3::schema())?;
        let journal = self.0.data_dir().join("journal");
        let overrides = super::overrides(&self.0);
        let store = S3Store::new(&config, workspace, journal, &overrides).await;
        let store = store.map_err(BackendProblem::Other)?;
        let state = store.read().await.map_err(|error| BackendProblem::Other(error.to_string()))?;
        let Some(state) = state else { return Ok(None) };
        let outputs = state.outputs.into_iter().map(|(name, output)| (name, output.value));
        Ok(Some(outputs.collect()))
    }
}

/// What was given as the arguments of a backend.
fn arguments(given: &Value, schema: &Schema) -> Result<Value, BackendProblem> {
    let wrong = |problem: String| Err(BackendProblem::Arguments(problem));
    let nothing = BTreeMap::new();
    let given = match given.as_map() {
        Some(given) => given,
        None if given.is_null() => &nothing,
        None => return wrong("an object is required".to_owned()),
    };
    let attributes = &schema.block.attributes;
    if let Some(name) = given.keys().find(|name| !attributes.contains_key(&***name)) {
        return wrong(format!("unexpected attribute \"{name}\""));
    }
    let mut values = Vec::with_capacity(attributes.len());
    for (name, attribute) in attributes {
        let value = given.get(name).cloned().unwrap_or_else(|| Value::null(Type::Any));
        if attribute.required && value.is_null() {
            return wrong(format!("attribute \"{name}\" is required"));
        }
        match convert::convert(&value, &attribute.ty) {
            Ok(value) => values.push((name.clone(), value)),
            Err(error) => return wrong(format!("attribute \"{name}\": {error}")),
        }
    }
    Ok(Value::object(values))
}
