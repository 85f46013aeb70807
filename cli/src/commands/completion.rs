use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory as _, ValueEnum};
use clap_complete::Shell;

use crate::context::Context;
use crate::diagnostics;
use crate::session::{Failed, fail};

/// Print what makes a shell complete infra's commands, or have shells do so
///
/// infra -install-autocomplete adds it to the start-up files of bash, zsh and fish that there are;
/// infra -uninstall-autocomplete takes it away.
#[derive(clap::Args)]
pub(crate) struct Args {
    what: What,
}

#[derive(Clone, Copy, ValueEnum)]
enum What {
    Bash,
    Zsh,
    Fish,
    Elvish,
    Powershell,
    #[value(hide = true)]
    Install,
    #[value(hide = true)]
    Uninstall,
}

pub(crate) fn run(cx: &Context, args: Args) -> Result<ExitCode, Failed> {
    let shell = match args.what {
        What::Bash => Shell::Bash,
        What::Zsh => Shell::Zsh,
        What::Fish => Shell::Fish,
        What::Elvish => Shell::Elvish,
        What::Powershell => Shell::PowerShell,
        What::Install => return each(cx, true),
        What::Uninstall => return each(cx, false),
    };
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut crate::Infra::command(), "infra", &mut script);
    cx.print_result(&String::from_utf8_lossy(&script));
    Ok(ExitCode::SUCCESS)
}

/// The start-up files of shells, and the line that each gets.
fn files(home: &std::path::Path) -> [(PathBuf, &'static str); 3] {
    [
        (home.join(".bashrc"), "source <(infra completion bash)"),
        (home.join(".zshrc"), "source <(infra completion zsh)"),
        (home.join(".config/fish/config.fish"), "infra completion fish | source"),
    ]
}

/// Adds the line to each file that there is, or takes it away.
fn each(cx: &Context, install: bool) -> Result<ExitCode, Failed> {
    let Some(home) = cx.home() else {
        return fail(cx, diagnostics::no_shell("there is no HOME"));
    };
    let mut done = 0;
    for (path, line) in files(&home) {
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        let there = text.lines().any(|found| found == line);
        let written = match (install, there) {
            (true, false) => {
                std::fs::OpenOptions::new().append(true).open(&path).and_then(|mut file| {
                    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
                    file.write_all(format!("{gap}{line}\n").as_bytes())
                })
            }
            (false, true) => {
                let kept: String = text
                    .lines()
                    .filter(|found| *found != line)
                    .map(|line| format!("{line}\n"))
                    .collect();
                std::fs::write(&path, kept)
            }
            _ => Ok(()),
        };
        if let Err(error) = written {
            return fail(cx, diagnostics::unwritable(&path, &error));
        }
        done += 1;
        cx.print(&format!(
            "{}: {}\n",
            path.display(),
            if install { "completes infra" } else { "does not complete infra" }
        ));
    }
    if done == 0 {
        return fail(cx, diagnostics::no_shell("there is no .bashrc, .zshrc or config.fish"));
    }
    Ok(ExitCode::SUCCESS)
}
