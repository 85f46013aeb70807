//! The states of other configurations, for the data source `terraform_remote_state`.

use std::collections::BTreeMap;

use infra_engine::provider::Schema;
use infra_engine::state::Store as _;
use infra_engine::value::{Str, Value};
use infra_provider_builtin::{BackendProblem, Backends};
use infra_state_s3::S3Store;

use crate::context::Context;

/// Reads states from the backends that are linked in.
pub(crate) struct RemoteStates(pub(crate) Context);

#[async_trait::async_trait]
impl Backends for RemoteStates {
    fn schema(&self, backend: &str) -> Option<Schema> {
        (backend == "s3").then(infra_state_s3::schema)
    }

    async fn outputs(
        &self,
        _backend: &str,
        config: &Value,
        workspace: &str,
    ) -> Result<Option<BTreeMap<Str, Value>>, BackendProblem> {
        let journal = self.0.data_dir().join("journal");
        let overrides = super::overrides(&self.0);
        let store = S3Store::new(config, workspace, journal, &overrides).await;
        let store = store.map_err(BackendProblem::Other)?;
        let state = store.read().await.map_err(|error| BackendProblem::Other(error.to_string()))?;
        let Some(state) = state else { return Ok(None) };
        let outputs = state.outputs.into_iter().map(|(name, output)| (name, output.value));
        Ok(Some(outputs.collect()))
    }
}
