//! Terraform's single-dash flags, turned into the double-dash ones that clap reads; and arguments from the environment.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::process::ExitCode;

/// Commands that have commands of their own.
const NESTED: [&str; 5] = ["env", "metadata", "providers", "state", "workspace"];

/// Commands that tell of wrong arguments as of anything else that is wrong.
const TELLING: [&str; 11] = [
    "apply", "destroy", "init", "modules", "output", "plan", "query", "refresh", "show", "test",
    "validate",
];

/// Prints why arguments were not understood, or the help that was asked for, with flags as Terraform writes them.
pub(crate) fn told(error: &clap::Error) -> ExitCode {
    use clap::error::ErrorKind;
    let text = error.render();
    let text = if console::colors_enabled() && !error.use_stderr() {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let text = single_dashed(&text);
    if !error.use_stderr() {
        crate::context::write_text(&text);
    } else if !tell(error, &text) {
        crate::context::write_error(&text);
    }
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => ExitCode::SUCCESS,
        // As Terraform does: nothing at all is told apart from a command that is not finished.
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if std::env::args_os().len() == 1 => {
            ExitCode::from(127)
        }
        _ => ExitCode::from(1),
    }
}

/// The command among arguments, such as `apply`; empty if there is none.
pub(crate) fn command(arguments: &[OsString]) -> String {
    let words: Vec<_> = arguments.iter().skip(1).map(|word| word.to_string_lossy()).collect();
    let folder = words.iter().position(|word| matches!(&**word, "-chdir" | "--chdir"));
    let mut words = words.iter().enumerate();
    let command = words
        .find(|(at, word)| !word.starts_with('-') && folder.is_none_or(|folder| *at != folder + 1));
    command.map_or_else(String::new, |(_, word)| word.to_string())
}

/// Tells of wrong arguments as of anything else that is wrong, where Terraform does: whether it did.
fn tell(error: &clap::Error, text: &str) -> bool {
    use clap::error::{ContextKind, ErrorKind};
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let command = &*command(&arguments);
    if !TELLING.contains(&command) {
        return false;
    }
    let name = error.get(ContextKind::InvalidArg).map(ToString::to_string).unwrap_or_default();
    let summary = match error.kind() {
        ErrorKind::UnknownArgument if name.starts_with('-') => "Failed to parse command-line flags",
        ErrorKind::UnknownArgument if command == "output" => "Unexpected argument",
        ErrorKind::UnknownArgument => "Too many command line arguments",
        _ => "Failed to parse command-line flags",
    };
    let detail = text.trim().trim_start_matches("error: ").to_owned();
    let found = infra_engine::diag::Diagnostic::error(summary).detail(detail);
    let sources = infra_engine::diag::Sources::new();
    let streams = matches!(command, "plan" | "apply" | "destroy" | "query" | "refresh");
    let flag = |name: &str| {
        let mut words = arguments.iter().skip(1).map(|word| word.to_string_lossy());
        words.any(|word| word.trim_start_matches('-') == name)
    };
    if streams && flag("json") {
        let machine = crate::views::machine::Machine::alone();
        machine.version();
        machine.diagnostic(&found, &sources);
        return true;
    }
    let context = crate::context::Context::new(None, flag("no-color"));
    context.map(|context| context.diagnostic(&found, &sources)).is_ok()
}

/// `--out` as `-out`, where it begins a word.
fn single_dashed(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("--") {
        let (before, after) = rest.split_at(at);
        let begins =
            before.chars().next_back().is_none_or(|last| !last.is_alphanumeric() && last != '-');
        let names = after[2..].starts_with(|first: char| first.is_ascii_alphabetic());
        shown.push_str(before);
        shown.push_str(if begins && names { "-" } else { "--" });
        rest = &after[2..];
    }
    shown.push_str(rest);
    shown
}

/// Flags that take no value; Terraform's may be written with `=true` or `=false`.
fn switches(command: &clap::Command, found: &mut BTreeSet<String>, valued: &mut BTreeSet<String>) {
    for argument in command.get_arguments() {
        if let Some(name) = argument.get_long() {
            let into =
                if argument.get_action().takes_values() { &mut *valued } else { &mut *found };
            into.insert(name.to_owned());
        }
    }
    command.get_subcommands().for_each(|command| switches(command, found, valued));
}

/// The arguments with `--flag=true` as `--flag`, and without `--flag=false`.
fn without_bools(arguments: Vec<OsString>) -> Vec<OsString> {
    use clap::CommandFactory as _;
    let is_bool = |argument: &OsString| {
        argument.to_str().is_some_and(|text| {
            text.starts_with("--") && (text.ends_with("=true") || text.ends_with("=false"))
        })
    };
    if !arguments.iter().any(is_bool) {
        return arguments;
    }
    let (mut found, mut valued) = (BTreeSet::new(), BTreeSet::new());
    switches(&crate::Infra::command(), &mut found, &mut valued);
    let plain = |argument: OsString| {
        let Some((name, value)) = argument.to_str().and_then(|text| text.split_once('=')) else {
            return Some(argument);
        };
        let flag = name.trim_start_matches('-');
        if !is_bool(&argument) || !found.contains(flag) || valued.contains(flag) {
            return Some(argument);
        }
        (value == "true").then(|| name.into())
    };
    arguments.into_iter().filter_map(plain).collect()
}

/// The arguments as clap reads them: `-out=x` is `--out=x`, and what `TF_CLI_ARGS` and `TF_CLI_ARGS_<command>` (or their
/// `INFRA_` twins) hold comes right after the command's name.
pub(crate) fn normalised(
    arguments: impl Iterator<Item = OsString>,
) -> Result<Vec<OsString>, ExitCode> {
    let mut found: Vec<OsString> = Vec::new();
    let mut command: Vec<String> = Vec::new();
    let mut only_values = false;
    for (position, argument) in arguments.enumerate() {
        if position == 0 {
            found.push(argument);
            continue;
        }
        let Some(text) = argument.to_str() else {
            found.push(argument);
            continue;
        };
        if command.is_empty()
            && let Some(what) = text.trim_start_matches('-').strip_suffix("-autocomplete")
            && text.starts_with('-')
        {
            command.push("completion".to_owned());
            found.extend(["completion".into(), what.into()]);
            continue;
        }
        if command.is_empty() && matches!(text, "-v" | "-version" | "--version") {
            command.push("version".to_owned());
            found.push("version".into());
            continue;
        }
        if text == "--" {
            only_values = true;
        }
        let flag = !only_values && text.starts_with('-');
        if !flag && command.is_empty() && !follows_chdir(&found) {
            command.push(text.to_owned());
            found.push(argument.clone());
            found.extend(from_environment("CLI_ARGS")?);
            if !NESTED.contains(&text) {
                found.extend(specific(text)?);
            }
            continue;
        }
        if !flag && command.len() == 1 && NESTED.contains(&command[0].as_str()) {
            command.push(text.to_owned());
            found.push(argument.clone());
            found.extend(specific(&command.join("_"))?);
            continue;
        }
        found.push(if flag { double_dashed(text) } else { argument });
    }
    if command.first().is_some_and(|command| command == "show") {
        found = without_bare_state(found);
    }
    Ok(without_bools(found))
}

/// The arguments of `show` without a `-state` that names no file: it is the state that is shown anyway.
fn without_bare_state(found: Vec<OsString>) -> Vec<OsString> {
    let is_flag = |word: Option<&OsString>| {
        word.is_none_or(|word| word.to_str().is_some_and(|word| word.starts_with("--")))
    };
    let bare = |at: usize| found[at] == "--state" && is_flag(found.get(at + 1));
    (0..found.len()).filter(|at| !bare(*at)).map(|at| found[at].clone()).collect()
}

/// Whether the next argument is the value of `-chdir`.
fn follows_chdir(found: &[OsString]) -> bool {
    found.last().is_some_and(|last| last == "--chdir")
}

/// `-auto-approve` as `--auto-approve`; short flags, numbers and `-` alone stay as they are.
fn double_dashed(text: &str) -> OsString {
    let name = text.trim_start_matches('-');
    let name_only = name.split('=').next().unwrap_or(name);
    let single = text.starts_with('-') && !text.starts_with("--");
    let is_flag =
        name_only.len() > 1 && name_only.starts_with(|first: char| first.is_ascii_alphabetic());
    if single && is_flag { format!("-{text}").into() } else { text.into() }
}

/// Arguments that the environment adds to one command.
fn specific(command: &str) -> Result<Vec<OsString>, ExitCode> {
    from_environment(&format!("CLI_ARGS_{}", command.replace('-', "_")))
}

/// Arguments that a variable of the environment adds.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn from_environment(name: &str) -> Result<Vec<OsString>, ExitCode> {
    for prefix in ["INFRA", "TF"] {
        let variable = format!("{prefix}_{name}");
        let Ok(value) = std::env::var(&variable) else { continue };
        let Some(words) = split(&value) else {
            crate::context::write_error(&format!("The quotes in {variable} are not closed.\n"));
            return Err(ExitCode::from(1));
        };
        return Ok(words.iter().map(|word| double_dashed(word)).collect());
    }
    Ok(Vec::new())
}

/// Words as a shell splits them, with single and double quotes; nothing when a quote is not closed.
fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, character) if character.is_whitespace() => words.extend(word.take()),
            (None | Some('"'), '\\') => word.get_or_insert_default().push(characters.next()?),
            _ => word.get_or_insert_default().push(character),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arguments(line: &[&str]) -> Vec<String> {
        let found = normalised(line.iter().map(OsString::from)).unwrap();
        found.into_iter().map(|argument| argument.into_string().unwrap()).collect()
    }

    #[test]
    fn single_dash_flags_become_double_dash_ones() {
        assert_eq!(
            arguments(&["infra", "-chdir=x", "plan", "-out=p", "-var", "a=-1", "-h", "-1", "-"]),
            ["infra", "--chdir=x", "plan", "--out=p", "--var", "a=-1", "-h", "-1", "-"]
        );
        assert_eq!(arguments(&["infra", "plan", "--out=p"]), ["infra", "plan", "--out=p"]);
    }

    #[test]
    fn words_keep_what_is_quoted_together() {
        assert_eq!(
            split("-var 'a=b c' -x=\"1 2\""),
            Some(vec!["-var".into(), "a=b c".into(), "-x=1 2".into()])
        );
        assert_eq!(split("-var 'a"), None);
    }
}
