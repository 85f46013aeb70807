use std::process::ExitCode;

use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, fail};

/// Not needed: infra talks to no service of its own
///
/// Providers are built in, and states are kept in files or in S3. A token for a private registry comes from a
/// credentials block of the CLI configuration file or from TF_TOKEN_ variables, as in Terraform.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The host
    #[arg(default_value = "app.terraform.io")]
    host: String,
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    fail(cx, diagnostics::no_login(&args.host))
}
