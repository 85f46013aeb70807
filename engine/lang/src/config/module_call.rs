//! `module` blocks.

use std::collections::BTreeMap;

use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_value::Str;

use super::content::{Content, check_name, text};
use super::module::Module;
use super::resource::depends_on;
use super::source::Source;
use super::terraform::version_constraint;
use super::{diagnostics, provider, resource};
use crate::syntax::{Block, Body, Expr, Located};

const CALL: Content = Content {
    arguments: &["version", "count", "for_each", "depends_on", "providers"],
    required: &["source"],
    blocks: &[("_", &[]), ("lifecycle", &[]), ("locals", &[]), ("provider", &["type"])],
};

/// A call of a module.
#[derive(Clone, Debug)]
pub struct ModuleCall {
    /// Its name.
    pub name: Str,
    /// The first line of the block.
    pub span: Span,
    /// Where the module comes from.
    pub source: Option<(String, Span)>,
    /// The versions that it accepts.
    pub version: Option<(String, Span)>,
    /// The inputs.
    pub body: Body,
    /// `count`.
    pub count: Option<Expr>,
    /// `for_each`.
    pub for_each: Option<Expr>,
    /// What must be done before anything inside.
    pub depends_on: Vec<Located>,
    /// Provider configurations that are passed.
    pub providers: Passed,
}

impl ModuleCall {
    pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
        let name = block.labels[0].text.clone();
        if module.calls.contains_key(&name) {
            diags.push(diagnostics::duplicate("module call", &name).at(block.header));
            return;
        }
        check_name(&block, 0, "Invalid module instance name", diags);
        let mut body = block.body;
        let mut taken = CALL.take(&mut body, diags);
        resource::unescape(&mut body, &taken, " in module block", diags);
        let source = taken.take_attribute("source").and_then(|found| {
            let span = found.expr.span();
            Some((text(&found.expr, diags)?, span))
        });
        let versioned = taken.take_attribute("version");
        if let Some((source, span)) = &source {
            let problem = Source::parse(source, versioned.is_some()).err();
            diags.extend(problem.map(|problem| problem.at(*span)));
        }
        let version = versioned.and_then(|found| version_constraint(&found.expr, "version", diags));
        let count = taken.take_attribute("count");
        let for_each = taken.take_attribute("for_each");
        if let (Some(_), Some(both)) = (&count, &for_each) {
            diags.push(diagnostics::count_and_for_each().at(both.name_span));
        }
        let after = taken.take_attribute("depends_on").map(|found| depends_on(&found.expr, diags));
        let providers = taken
            .take_attribute("providers")
            .map(|found| passed_providers(&found.expr, diags))
            .unwrap_or_default();
        let call = Self {
            name: name.clone(),
            span: block.header,
            source,
            version,
            body,
            count: count.map(|found| found.expr),
            for_each: for_each.map(|found| found.expr),
            depends_on: after.unwrap_or_default(),
            providers,
        };
        module.calls.insert(name, call);
    }
}

/// What a provider configuration is called inside, what it is here, and where that is said.
pub type Passed = BTreeMap<(Str, Option<Str>), (Str, Option<Str>, Span)>;

fn passed_providers(expr: &Expr, diags: &mut Diagnostics) -> Passed {
    let mut found = Passed::new();
    let Some(entries) = expr.as_object() else {
        diags.push(diagnostics::map_needed().at(expr.span()));
        return found;
    };
    for (inside, here) in entries {
        // A bare name and one in quotes are the same as a key.
        let mut found_in_key = Diagnostics::new();
        let name = provider::reference(inside, "providers", &mut found_in_key);
        diags.extend(found_in_key.into_iter().filter(Diagnostic::is_error));
        let passed = provider::reference(here, "providers", diags);
        let (Some(name), Some((local, alias))) = (name, passed) else { continue };
        let span = inside.span().to(here.span());
        if found.insert(name, (local, alias, span)).is_some() {
            diags.push(diagnostics::second_pass().at(here.span()));
        }
    }
    found
}

/// Whether a name means something in every `module` block, so that no input can have it.
pub(super) fn is_reserved(name: &str) -> bool {
    CALL.arguments.contains(&name)
        || CALL.required.contains(&name)
        || CALL.blocks.iter().any(|(block, _)| *block == name)
}
