//! The provisioner `local-exec`: a command on this machine.

use std::path::PathBuf;
use std::process::Stdio;

use async_trait::async_trait;
use infra_provider::{Output, Problem, Provisioner, Schema};
use infra_provider_sdk::prelude::*;
use tokio::io::{AsyncBufReadExt as _, BufReader};

/// Runs a command on this machine.
pub(crate) struct LocalExec {
    schema: Schema,
    folder: PathBuf,
}

/// The arguments of `local-exec`.
#[derive(Debug, Clone, Default, Block)]
struct Arguments {
    /// The command.
    command: String,
    /// What runs it, with its first arguments.
    interpreter: Option<Vec<String>>,
    /// Where it runs.
    working_dir: Option<String>,
    /// Variables of its environment.
    environment: Option<BTreeMap<String, String>>,
    /// Whether only its output is shown, not the command itself.
    quiet: Option<bool>,
}

impl LocalExec {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { schema: Schema { block: Arguments::block(), ..Schema::default() }, folder }
    }
}

fn failed(detail: String) -> Problem {
    Problem::error("local-exec provisioner error", detail)
}

#[async_trait]
impl Provisioner for LocalExec {
    fn name(&self) -> &str {
        "local-exec"
    }

    fn schema(&self) -> &Schema {
        &self.schema
    }

    async fn provision(
        &self,
        config: &Value,
        _connection: &Value,
        output: Output<'_>,
    ) -> std::result::Result<(), Problem> {
        let arguments = Arguments::from_object(config);
        let shell = vec!["/bin/sh".to_owned(), "-c".to_owned()];
        let interpreter = arguments.interpreter.filter(|words| !words.is_empty()).unwrap_or(shell);
        if arguments.quiet == Some(true) {
            output("local-exec: Executing: Suppressed by quiet=true");
        } else {
            let words: Vec<String> = interpreter
                .iter()
                .chain([&arguments.command])
                .map(|word| format!("{word:?}"))
                .collect();
            output(&format!("Executing: [{}]", words.join(" ")));
        }
        let folder =
            arguments.working_dir.map_or_else(|| self.folder.clone(), |dir| self.folder.join(dir));
        let mut child = tokio::process::Command::new(&interpreter[0])
            .args(&interpreter[1..])
            .arg(&arguments.command)
            .current_dir(folder)
            .envs(arguments.environment.unwrap_or_default())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| {
                failed(format!("\"{}\" could not be started: {error}.", interpreter[0]))
            })?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let mut told = String::new();
        let mut tell = |line: &str| {
            output(line);
            told.extend([line, "\n"]);
        };
        let telling = async {
            let (Some(out), Some(err)) = (out, err) else { return };
            let mut out = BufReader::new(out).lines();
            let mut err = BufReader::new(err).lines();
            let (mut out_open, mut err_open) = (true, true);
            while out_open || err_open {
                tokio::select! {
                    line = out.next_line(), if out_open => match line {
                        Ok(Some(line)) => tell(&line),
                        _ => out_open = false,
                    },
                    line = err.next_line(), if err_open => match line {
                        Ok(Some(line)) => tell(&line),
                        _ => err_open = false,
                    },
                }
            }
        };
        telling.await;
        let status = child.wait().await.map_err(|error| failed(error.to_string()))?;
        if status.success() {
            return Ok(());
        }
        let how = match status.code() {
            Some(code) => format!("exit status {code}"),
            None => status.to_string(),
        };
        let command = arguments.command;
        Err(failed(format!("Error running command '{command}': {how}. Output: {told}")))
    }
}
