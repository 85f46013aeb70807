//! Terraform's single-dash flags, turned into the double-dash ones that clap reads; and arguments from the environment.

use std::ffi::OsString;
use std::process::ExitCode;

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
            found.extend(from_environment(text)?);
            continue;
        }
        found.push(if flag { double_dashed(text) } else { argument });
    }
    Ok(found)
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

/// Arguments that the environment adds to every command and to this one.
#[expect(clippy::disallowed_methods, reason = "the command line reads the environment")]
fn from_environment(command: &str) -> Result<Vec<OsString>, ExitCode> {
    let mut found = Vec::new();
    for name in ["CLI_ARGS".to_owned(), format!("CLI_ARGS_{}", command.replace('-', "_"))] {
        for prefix in ["INFRA", "TF"] {
            let variable = format!("{prefix}_{name}");
            let Ok(value) = std::env::var(&variable) else { continue };
            match split(&value) {
                Some(words) => found.extend(words.iter().map(|word| double_dashed(word))),
                None => {
                    crate::context::write_error(&format!(
                        "The quotes in {variable} are not closed.\n"
                    ));
                    return Err(ExitCode::from(1));
                }
            }
            break;
        }
    }
    Ok(found)
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
