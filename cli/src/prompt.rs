//! Asking a person at a terminal for one expression after the other: with editing, history and completion.

use std::path::PathBuf;

use infra_engine::lang::syntax;
use rustyline::completion::Completer;
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Config, Context, Editor, Helper};

/// Where a person types.
pub(crate) struct Prompt {
    editor: Editor<Names, DefaultHistory>,
    history: Option<PathBuf>,
}

/// What the tabulator key completes.
#[derive(Default)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl Prompt {
    /// A prompt whose history is kept in a file, if one is named.
    ///
    /// # Errors
    /// Why the terminal cannot be used.
    pub(crate) fn new(names: Names, history: Option<PathBuf>) -> Result<Self, String> {
        let config = Config::builder().auto_add_history(true).history_ignore_space(true).build();
        let mut editor = Editor::with_config(config).map_err(|error| error.to_string())?;
        editor.set_helper(Some(names));
        if let Some(path) = &history {
            // The first time there is none.
            let _ = editor.load_history(path);
        }
        Ok(Self { editor, history })
    }

    /// An expression, on as many lines as its brackets need; nothing at the end of input.
    ///
    /// # Errors
    /// Why nothing can be read.
    pub(crate) fn ask(&mut self) -> Result<Option<String>, String> {
        match self.editor.readline("> ") {
            Ok(text) => Ok(Some(text)),
            Err(ReadlineError::Eof | ReadlineError::Interrupted) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        if let Some(path) = &self.history {
            // A history that cannot be kept is no reason to complain at the end.
            let _ = self.editor.save_history(path);
        }
    }
}

impl Helper for Names {}
impl Highlighter for Names {}

impl Hinter for Names {
    type Hint = String;
}

/// Enter ends the input only where all brackets are closed.
impl Validator for Names {
    fn validate(&self, input: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match syntax::is_incomplete(input.input()) {
            true => ValidationResult::Incomplete,
            false => ValidationResult::Valid(None),
        })
    }
}

impl Completer for Names {
    type Candidate = String;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<String>)> {
        let (start, found) = self.beginning(&line[..position]);
        Ok((start, found.map(str::to_owned).collect()))
    }
}

impl Names {
    /// Where the name at the end of a text begins, and the names that begin like it.
    fn beginning<'a>(&'a self, text: &'a str) -> (usize, impl Iterator<Item = &'a str>) {
        let part = |found: char| found.is_alphanumeric() || "_-.:".contains(found);
        let start = text.trim_end_matches(part).len();
        let begun = &text[start..];
        let names = self.0.iter().map(String::as_str);
        (start, names.filter(move |name| !begun.is_empty() && name.starts_with(begun)))
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn a_name_is_completed_from_where_it_begins() {
        let names = Names(["var.size", "var.secret", "upper("].map(str::to_owned).to_vec());
        let (start, found) = names.beginning("[1, var.s");
        assert_eq!((start, found.collect::<Vec<_>>()), (4, vec!["var.size", "var.secret"]));
        let (start, found) = names.beginning("é + up");
        assert_eq!((start, found.collect::<Vec<_>>()), (5, vec!["upper("]));
        assert_eq!(names.beginning("1 + ").1.count(), 0);
    }
}
