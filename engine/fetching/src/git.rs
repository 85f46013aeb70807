//! Packages that the `git` command fetches.

use std::path::Path;
use std::process::Command;

/// Clones a repository; `ref` and `depth` in the query choose what.
///
/// # Errors
/// What git says.
pub(crate) fn fetch(url: &str, target: &Path) -> Result<(), String> {
    let (address, query) = url.split_once('?').unwrap_or((url, ""));
    let option = |name: &str| {
        query.split('&').find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
    };
    let reference = option("ref").map(|(_, value)| value);
    // What looks like a flag would be taken for one.
    if address.starts_with('-') || reference.is_some_and(|reference| reference.starts_with('-')) {
        return Err("an address or ref must not begin with a dash".to_owned());
    }
    let mut clone = Command::new("git");
    clone.args(["clone", "--quiet"]);
    if let Some((_, depth)) = option("depth") {
        clone.args(["--depth", depth, "--no-single-branch"]);
    }
    run(clone.arg("--").arg(address).arg(target))?;
    if let Some(reference) = reference {
        run(Command::new("git").arg("-C").arg(target).args(["checkout", "--quiet", reference]))?;
    }
    if target.join(".gitmodules").exists() {
        let update = ["submodule", "--quiet", "update", "--init", "--recursive"];
        run(Command::new("git").arg("-C").arg(target).args(update))?;
    }
    Ok(())
}

fn run(command: &mut Command) -> Result<(), String> {
    // Nobody is there to type a password.
    let output = command
        .env("GIT_TERMINAL_PROMPT", "0")
        .output()
        .map_err(|error| format!("the git command cannot be run: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("git says: {}", String::from_utf8_lossy(&output.stderr).trim()))
}
