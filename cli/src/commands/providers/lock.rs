use std::process::ExitCode;

use crate::context::Context;
use crate::session::Failed;

/// Not needed: providers are built in
///
/// There is nothing to download, so there is nothing whose checksum has to be written down. A lock file that Terraform
/// wrote is left as it is.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Accepted, without effect: providers are built in
    providers: Vec<String>,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "OS_ARCH")]
    platform: Vec<String>,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "DIR")]
    fs_mirror: Option<String>,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "URL")]
    net_mirror: Option<String>,

    /// Accepted, without effect: providers are built in
    #[arg(long, value_name = "ADDRESS")]
    oci_mirror: Option<String>,

    /// Accepted, without effect: providers are built in, so there is no cache of them
    #[arg(long)]
    enable_plugin_cache: bool,
}

pub(crate) fn run(cx: &Context, _: Args) -> Result<ExitCode, Failed> {
    cx.print(
        "Providers are built in: there is no package whose checksum could be written down. A lock file that Terraform wrote is \
         left as it is.\n",
    );
    Ok(ExitCode::SUCCESS)
}
