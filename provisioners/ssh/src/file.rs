//! The provisioner `file`: a file or folder on another machine.

use async_trait::async_trait;
use infra_provider::{Output, Provisioner, Schema};
use infra_provider_sdk::prelude::*;

use crate::remote::Remote;
use crate::settings::Settings;
use crate::{Surroundings, diagnostics, scp};

/// Copies a file or a folder to another machine.
pub(crate) struct File {
    schema: Schema,
    surroundings: Surroundings,
}

/// The arguments of `file`.
#[derive(Debug, Clone, Default, Block)]
struct Arguments {
    /// The path of the file or folder. What is in the folder is copied, without itself, if the path ends with a slash.
    source: Option<String>,
    /// The text of the file, in place of a source.
    content: Option<String>,
    /// The path on the other machine.
    destination: String,
}

impl File {
    pub(crate) fn new(surroundings: Surroundings) -> Self {
        Self {
            schema: Schema { version: 0, block: Arguments::block(), upgrade: None },
            surroundings,
        }
    }
}

#[async_trait]
impl Provisioner for File {
    fn name(&self) -> &str {
        "file"
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn validate(&self, config: &Value) -> Vec<Problem> {
        let given = |name| config.get(name).is_some_and(|value| !value.is_null());
        match (given("source"), given("content")) {
            (true, true) => vec![diagnostics::two_sources()],
            (false, false) => vec![diagnostics::no_source()],
            _ => Vec::new(),
        }
    }

    async fn provision(
        &self,
        config: &Value,
        connection: &Value,
        _output: Output<'_>,
    ) -> std::result::Result<(), Problem> {
        // It has nothing to tell: how it connects is no news where files are put one by one.
        let output: Output<'_> = &|_| {};
        let arguments = Arguments::from_object(config);
        let agent = self.surroundings.agent.as_deref();
        let settings = Settings::read(connection, agent, output).map_err(diagnostics::file)?;
        let remote = Remote::connect(&settings, output).await.map_err(diagnostics::file)?;
        let destination = &arguments.destination;
        let uploaded = match (&arguments.content, &arguments.source) {
            (Some(content), _) => scp::content(&remote, destination, content.as_bytes()).await,
            (None, source) => {
                let given = source.as_deref().unwrap_or_default();
                let path = self.surroundings.folder.join(given);
                if path.is_dir() {
                    scp::folder(&remote, destination, &path, given.ends_with('/')).await
                } else {
                    scp::file(&remote, destination, &path).await
                }
            }
        };
        uploaded.map_err(|error| diagnostics::file(format!("Upload failed: {error}")))?;
        remote.close().await;
        Ok(())
    }
}
