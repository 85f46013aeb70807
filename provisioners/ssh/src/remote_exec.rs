//! The provisioner `remote-exec`: scripts on another machine.

use async_trait::async_trait;
use infra_provider::{Output, Provisioner, Schema};
use infra_provider_sdk::prelude::*;

use crate::remote::Remote;
use crate::settings::Settings;
use crate::{Surroundings, diagnostics, scp};

/// Runs scripts on another machine.
pub(crate) struct RemoteExec {
    schema: Schema,
    surroundings: Surroundings,
}

/// The arguments of `remote-exec`.
#[derive(Debug, Clone, Default, Block)]
struct Arguments {
    /// Commands, a line each of one script.
    inline: Option<Vec<String>>,
    /// The path of a script.
    script: Option<String>,
    /// The paths of scripts, which run one after the other.
    scripts: Option<Vec<String>>,
}

impl RemoteExec {
    pub(crate) fn new(surroundings: Surroundings) -> Self {
        Self {
            schema: Schema { version: 0, block: Arguments::block(), upgrade: None },
            surroundings,
        }
    }

    /// The texts of all scripts.
    fn scripts(&self, arguments: Arguments) -> std::result::Result<Vec<Vec<u8>>, Problem> {
        if let Some(lines) = arguments.inline {
            let script: String = lines.iter().flat_map(|line| [line, "\n"]).collect();
            return Ok(vec![script.into_bytes()]);
        }
        let paths = arguments.script.into_iter().chain(arguments.scripts.unwrap_or_default());
        let read = |path: String| {
            if path.is_empty() {
                return Err(diagnostics::remote_exec("invalid empty string in 'scripts'"));
            }
            std::fs::read(self.surroundings.folder.join(&path)).map_err(|error| {
                diagnostics::remote_exec(format!("Failed to open script \"{path}\": {error}."))
            })
        };
        paths.map(read).collect()
    }
}

#[async_trait]
impl Provisioner for RemoteExec {
    fn name(&self) -> &str {
        "remote-exec"
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn validate(&self, config: &Value) -> Vec<Problem> {
        let given = |name| config.get(name).is_some_and(|value| !value.is_null());
        let given = ["inline", "script", "scripts"].into_iter().filter(|name| given(name)).count();
        if given == 1 { Vec::new() } else { vec![diagnostics::one_script()] }
    }

    async fn provision(
        &self,
        config: &Value,
        connection: &Value,
        output: Output<'_>,
    ) -> std::result::Result<(), Problem> {
        let agent = self.surroundings.agent.as_deref();
        let settings =
            Settings::read(connection, agent, output).map_err(diagnostics::remote_exec)?;
        let scripts = self.scripts(Arguments::from_object(config))?;
        let remote = Remote::connect(&settings, output).await.map_err(diagnostics::remote_exec)?;
        for script in scripts {
            run(&remote, &settings, script, output).await.map_err(diagnostics::remote_exec)?;
        }
        remote.close().await;
        Ok(())
    }
}

/// Uploads a script, runs it, and removes it.
async fn run(
    remote: &Remote,
    settings: &Settings,
    script: Vec<u8>,
    output: Output<'_>,
) -> std::result::Result<(), String> {
    let usual = if settings.windows {
        "C:/windows/temp/terraform_%RAND%.cmd"
    } else {
        "/tmp/terraform_%RAND%.sh"
    };
    let number = rand::random::<u32>().to_string();
    let path = settings.script_path.as_deref().unwrap_or(usual).replace("%RAND%", &number);
    let script = if settings.windows || script.starts_with(b"#!") {
        script
    } else {
        [b"#!/bin/sh\n", &script[..]].concat()
    };
    scp::content(remote, &path, &script)
        .await
        .map_err(|error| format!("Failed to upload script: {error}"))?;
    let quiet: Output<'_> = &|_| {};
    if !settings.windows {
        let code = remote.run(&format!("chmod 0777 {path}"), quiet).await?;
        if code != 0 {
            return Err(format!(
                "Error changing script file mode to 0777 in remote machine: Process exited with status {code}"
            ));
        }
    }
    let code = remote.run(&path, output).await;
    let removed = if settings.windows {
        scp::content(remote, &path, b"").await
    } else {
        remote.run(&format!("rm -f {path}"), quiet).await.map(|_| ())
    };
    let code = code.map_err(|error| format!("error executing \"{path}\": {error}"))?;
    if code != 0 {
        return Err(format!("error executing \"{path}\": Process exited with status {code}"));
    }
    if let Err(error) = removed {
        output(&format!("The script {path} could not be removed: {error}"));
    }
    Ok(())
}
