//! `infra`: plans and applies Terraform configurations.
//!
//! The only crate that prints, reads the environment and the clock, exits, and links providers and backends.
//! Reading order: `args`, `context`, `commands` (the table of contents of the tool), `session`, `views`.

mod args;
mod backend;
mod commands;
mod context;
mod diagnostics;
mod editing;
mod interrupt;
mod lock_file;
mod log;
mod modules;
mod prompt;
mod providers;
mod sandbox;
mod selection;
mod session;
mod targets;
mod traces;
mod views;

use std::process::ExitCode;

use clap::Parser;

/// A plan is many small values: this halves what they cost.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// infra plans and applies Terraform configurations.
///
/// It reads the .tf files of a folder, shows what would change, and makes the changes; its state is Terraform's.
#[derive(Parser)]
#[command(
    name = "infra",
    version,
    disable_version_flag = true,
    max_term_width = 80,
    args_override_self = true
)]
struct Infra {
    /// Work in another folder, as if infra had been started there
    #[arg(long, global = true, value_name = "DIR")]
    chdir: Option<std::path::PathBuf>,

    /// Show output without colour
    #[arg(long, global = true)]
    no_color: bool,

    #[command(subcommand)]
    command: commands::Command,
}

fn main() -> ExitCode {
    // Where memory is limited the stack of this thread does too, for what is not nested too deeply.
    infra_engine::value::with_large_stack(run).unwrap_or_else(|_| run())
}

fn run() -> ExitCode {
    let arguments = args::normalised(std::env::args_os());
    let arguments = match arguments {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let command = args::command(&arguments);
    let infra = match Infra::try_parse_from(arguments) {
        Ok(infra) => infra,
        Err(error) => {
            return args::told(&error);
        }
    };
    let context = match context::Context::new(infra.chdir.as_deref(), infra.no_color) {
        Ok(context) => context,
        Err(message) => {
            context::write_error(&format!("{message}\n"));
            return ExitCode::from(1);
        }
    };
    context.log("INFO", || {
        let version = env!("CARGO_PKG_VERSION");
        format!("infra {version} in {}", context.folder.display())
    });
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    match runtime {
        Ok(runtime) => {
            let code = runtime.block_on(commands::run(&context, infra.command));
            // A worker that hangs in a call must not keep the process from ending.
            runtime.shutdown_background();
            context.send_traces(&command, code);
            code
        }
        Err(error) => {
            context::write_error(&format!(
                "The asynchronous runtime could not be started: {error}.\n"
            ));
            ExitCode::from(1)
        }
    }
}
