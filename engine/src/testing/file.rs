//! What stands in a test file.

use std::collections::BTreeSet;

use infra_diag::{Diagnostics, SourceId};
use infra_lang::syntax::{self, Attribute, Block, Body, Expr};
use infra_value::Str;

use super::diagnostics;

/// A test file.
#[derive(Default)]
pub(super) struct TestFile {
    /// Variables for all runs.
    pub(super) variables: Vec<Attribute>,
    /// Provider configurations for the modules under test.
    pub(super) providers: Vec<Block>,
    /// `mock_provider` blocks.
    pub(super) mocks: Vec<Block>,
    /// `override_*` blocks.
    pub(super) overrides: Vec<Block>,
    /// The runs, in their order.
    pub(super) runs: Vec<Run>,
}

/// A `run` block.
pub(super) struct Run {
    pub(super) name: Str,
    /// It only plans.
    pub(super) plans: bool,
    pub(super) variables: Vec<Attribute>,
    /// The folder of another module to test.
    pub(super) source: Option<String>,
    /// What separates its state from those of others.
    pub(super) state_key: Option<String>,
    pub(super) asserts: Vec<Assert>,
    /// Checkable objects that must fail.
    pub(super) expect_failures: Vec<Expr>,
    pub(super) overrides: Vec<Block>,
    pub(super) refresh_only: bool,
    pub(super) refresh: bool,
    pub(super) replace: Vec<Expr>,
}

/// An `assert` block.
pub(super) struct Assert {
    pub(super) condition: Expr,
    pub(super) error_message: Expr,
}

impl TestFile {
    /// Reads the text of a file.
    pub(super) fn read(source: SourceId, text: &str, diags: &mut Diagnostics) -> Self {
        let body = syntax::parse(source, text, diags);
        let (mut file, mut names) = (Self::default(), BTreeSet::new());
        for block in body.blocks {
            match &*block.ty {
                "variables" => file.variables.extend(block.body.attributes),
                "provider" => file.providers.push(block),
                "mock_provider" => file.mocks.push(block),
                "override_resource" | "override_data" | "override_module" => {
                    file.overrides.push(block);
                }
                "test" => {}
                "run" => {
                    let Some(label) = block.labels.first().map(|label| label.text.clone()) else {
                        diags.push(diagnostics::unnamed_run(block.header));
                        continue;
                    };
                    if !names.insert(label.clone()) {
                        diags.push(diagnostics::duplicate_run(&label, block.header));
                    }
                    file.runs.push(run(label, block.body, diags));
                }
                other => diags.push(diagnostics::unknown_block(other, block.ty_span)),
            }
        }
        file
    }
}

fn run(name: Str, mut body: Body, diags: &mut Diagnostics) -> Run {
    let keyword = |body: &mut Body, name: &str| {
        let attribute = body.take_attribute(name)?;
        Some((attribute.expr.as_keyword()?.to_owned(), attribute.span))
    };
    let command = body.attribute("command").map(|command| command.span);
    let plans = match keyword(&mut body, "command") {
        None => {
            if let Some(span) = command {
                diags.push(diagnostics::wrong_command(span));
            }
            false
        }
        Some((word, _)) if word == "apply" => false,
        Some((word, _)) if word == "plan" => true,
        Some((_, span)) => {
            diags.push(diagnostics::wrong_command(span));
            false
        }
    };
    let text =
        |attribute: Option<Attribute>| Some(attribute?.expr.as_literal()?.as_str()?.to_owned());
    let state_key = text(body.take_attribute("state_key"));
    let variables =
        body.take_blocks("variables").into_iter().flat_map(|block| block.body.attributes).collect();
    let source = body
        .take_blocks("module")
        .into_iter()
        .find_map(|mut block| text(block.body.take_attribute("source")));
    let asserts =
        body.take_blocks("assert").into_iter().filter_map(|block| assert(block, diags)).collect();
    let items = |attribute: Option<Attribute>| {
        attribute.and_then(|found| found.expr.as_tuple().map(<[Expr]>::to_vec)).unwrap_or_default()
    };
    let expect_failures = items(body.take_attribute("expect_failures"));
    let (mut refresh_only, mut refresh, mut replace) = (false, true, Vec::new());
    for mut block in body.take_blocks("plan_options") {
        refresh_only |= keyword(&mut block.body, "mode")
            .is_some_and(|(mode, _)| mode == "refresh-only" || mode == "refresh_only");
        let flag =
            block.body.take_attribute("refresh").and_then(|flag| flag.expr.as_literal()?.as_bool());
        refresh &= flag.unwrap_or(true);
        replace.extend(items(block.body.take_attribute("replace")));
    }
    let mut overrides = Vec::new();
    for kind in ["override_resource", "override_data", "override_module"] {
        overrides.extend(body.take_blocks(kind));
    }
    for block in &body.blocks {
        diags.push(diagnostics::unknown_block(&block.ty, block.ty_span));
    }
    Run {
        name,
        plans,
        variables,
        source,
        state_key,
        asserts,
        expect_failures,
        overrides,
        refresh_only,
        refresh,
        replace,
    }
}

fn assert(mut block: Block, diags: &mut Diagnostics) -> Option<Assert> {
    let condition = block.body.take_attribute("condition");
    let error_message = block.body.take_attribute("error_message");
    match (condition, error_message) {
        (Some(condition), Some(message)) => {
            Some(Assert { condition: condition.expr, error_message: message.expr })
        }
        (None, _) => {
            diags.push(diagnostics::missing("condition", "assert", block.header));
            None
        }
        (_, None) => {
            diags.push(diagnostics::missing("error_message", "assert", block.header));
            None
        }
    }
}
