//! The examples in the doc comments of functions are run here, all of them.

use std::sync::Arc;

use infra_addrs::InstanceKey;
use infra_diag::{Diagnostic, Diagnostics, Sources};
use infra_value::{Value, print};

use super::{ALL, Environment};
use crate::eval::{Context, Scope};
use crate::files::Snapshot;
use crate::syntax::{self, Reference};

/// A world with two files, a time, and one local value.
struct Example(Environment);

impl Example {
    fn new() -> Self {
        let files =
            Snapshot::of([("hello.txt", "Hello World"), ("greeting.tftpl", "Hello, ${name}!")]);
        Self(Environment {
            files: Arc::new(files),
            plan_time: "2024-05-06T07:08:09Z".to_owned(),
            ..Environment::nowhere()
        })
    }
}

impl Scope for Example {
    fn value(
        &self,
        reference: &Reference,
        _: Option<&InstanceKey>,
        _: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        assert_eq!(reference.to_string(), "local.greeting");
        Ok("Hello, ${name}!".into())
    }

    fn functions(&self) -> &Environment {
        &self.0
    }
}

/// What the console answers.
fn answer(expression: &str) -> String {
    let mut sources = Sources::new();
    let source = sources.add("example", expression);
    let mut found = Diagnostics::new();
    let Some(parsed) = syntax::parse_expr(source, expression, &mut found) else {
        return format!("{found:?}");
    };
    let scope = Example::new();
    let value = parsed.evaluate(&mut Context::new(&scope, &mut found));
    if found.has_errors() { format!("{found:?}") } else { print::console(&value) }
}

/// The questions and answers in a doc comment.
fn examples(doc: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    for line in doc.lines() {
        if line.starts_with("```") {
            inside = line == "```console";
        } else if let (true, Some(question)) = (inside, line.strip_prefix("> ")) {
            found.push((question.to_owned(), String::new()));
        } else if let (true, Some((_, answer))) = (inside, found.last_mut()) {
            if !answer.is_empty() {
                answer.push('\n');
            }
            answer.push_str(line);
        }
    }
    found
}

#[test]
fn every_function_has_an_example_that_is_true() {
    let mut problems = Vec::new();
    for function in ALL.iter() {
        let examples = examples(function.doc());
        if examples.is_empty() {
            problems.push(format!("{} has no example", function.name()));
        }
        for (question, wanted) in examples {
            let found = answer(&question);
            if found != wanted {
                problems.push(format!("> {question}\n{found}\n, not\n{wanted}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

#[test]
fn names_are_found_with_and_without_core() {
    assert!(super::find("upper").is_some());
    assert!(super::find("core::upper").is_some());
    assert!(super::find("core::core::upper").is_none());
    assert!(super::find("nope").is_none());
}
