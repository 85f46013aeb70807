//! `module` blocks.

use std::collections::BTreeMap;

use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_value::Str;

use super::content::{Content, check_name, text};
use super::early::Early;
use super::module::Module;
use super::resource::{DependsOn, depends_on};
use super::source::Source;
use super::terraform::version_constraint;
use super::{diagnostics, provider, resource, version};
use crate::syntax::{Block, Body, Expr};

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
    /// Where the module comes from; nothing while that is not known.
    pub source: Option<(String, Span)>,
    /// The versions that it accepts; nothing while that is not known.
    pub version: Option<(String, Span)>,
    /// `source` and `version` where they have to be evaluated.
    pub(super) early: [Option<Expr>; 2],
    /// The inputs.
    pub body: Body,
    /// `count`.
    pub count: Option<Expr>,
    /// `for_each`.
    pub for_each: Option<Expr>,
    /// What must be done before anything inside.
    pub depends_on: DependsOn,
    /// Provider configurations that are passed.
    pub providers: Passed,
    /// Which instances of them, where they are repeated, by what they are called inside.
    pub provider_keys: BTreeMap<(Str, Option<Str>), Expr>,
}

impl ModuleCall {
    pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
        let name = block.labels[0].text.clone();
        check_name(&block, 0, "Invalid module instance name", diags);
        let mut body = block.body;
        let mut taken = CALL.take(&mut body, diags);
        resource::unescape(&mut body, &taken, " in module block", diags);
        let [(source, early_source), (version, early_version)] = ["source", "version"]
            .map(|name| taken.take_attribute(name).map(|found| found.expr))
            .map(|expr| match expr {
                Some(expr) if is_early(&expr) => (None, Some(expr)),
                expr => (expr, None),
            });
        let versioned = version.is_some() || early_version.is_some();
        let source = source.and_then(|expr| Some((text(&expr, diags)?, expr.span())));
        if let Some((source, span)) = &source {
            let problem = Source::parse(source, versioned).err();
            diags.extend(problem.map(|problem| problem.at(*span)));
        }
        let version = version.and_then(|expr| version_constraint(&expr, "version", diags));
        let count = taken.take_attribute("count");
        let for_each = taken.take_attribute("for_each");
        if let (Some(_), Some(both)) = (&count, &for_each) {
            diags.push(diagnostics::count_and_for_each().at(both.name_span));
        }
        let after = taken.take_attribute("depends_on").map(|found| depends_on(&found.expr, diags));
        let (providers, provider_keys) = taken
            .take_attribute("providers")
            .map(|found| passed_providers(&found.expr, diags))
            .unwrap_or_default();
        let call = Self {
            name: name.clone(),
            span: block.header,
            source,
            version,
            early: [early_source, early_version],
            body,
            count: count.map(|found| found.expr),
            for_each: for_each.map(|found| found.expr),
            depends_on: after.unwrap_or_default(),
            providers,
            provider_keys,
        };
        // What is wrong inside of a second one is told too.
        if module.calls.contains_key(&name) {
            diags.push(diagnostics::duplicate("module call", &name).at(call.span));
            return;
        }
        module.calls.insert(name, call);
    }

    /// Whether its source or version has to be evaluated.
    pub(super) fn is_early(&self) -> bool {
        self.early.iter().any(Option::is_some)
    }

    /// Its source and version, evaluated where they have to be.
    pub(super) fn settled(
        &self,
        early: &Early<'_>,
        diags: &mut Diagnostics,
    ) -> [Option<(String, Span)>; 2] {
        let argument = |name| format!("module.{}.{name}", self.name);
        let [source, version] = &self.early;
        let versioned = version.is_some() || self.version.is_some();
        let source = match source {
            None => self.source.clone(),
            Some(expr) => early.text(expr, &argument("source"), diags).filter(|(text, span)| {
                let problem = Source::parse(text, versioned).err();
                let fits = problem.is_none();
                diags.extend(problem.map(|problem| problem.at(*span)));
                fits
            }),
        };
        let version = match version {
            None => self.version.clone(),
            Some(expr) => early.text(expr, &argument("version"), diags).filter(|(text, span)| {
                let fits = version::compare(version::TERRAFORM, text).is_ok();
                if !fits {
                    diags.push(diagnostics::wrong_version().at(*span));
                }
                fits
            }),
        };
        [source, version]
    }
}

/// Whether an expression refers to something or calls something, so that it must be evaluated.
pub(super) fn is_early(expr: &Expr) -> bool {
    expr.has_calls() || !expr.references().is_empty()
}

/// What a provider configuration is called inside, what it is here, and where that is said.
pub type Passed = BTreeMap<(Str, Option<Str>), (Str, Option<Str>, Span)>;

pub(super) fn passed_providers(
    expr: &Expr,
    diags: &mut Diagnostics,
) -> (Passed, BTreeMap<(Str, Option<Str>), Expr>) {
    let (mut found, mut keys) = (Passed::new(), BTreeMap::new());
    let Some(entries) = expr.as_object() else {
        diags.push(diagnostics::map_needed().at(expr.span()));
        return (found, keys);
    };
    for (inside, here) in entries {
        // A bare name and one in quotes are the same as a key.
        let mut found_in_key = Diagnostics::new();
        let name = provider::reference(inside, "providers", &mut found_in_key);
        diags.extend(found_in_key.into_iter().filter(Diagnostic::is_error));
        let passed = provider::keyed_reference(here, "providers", diags);
        let (Some(name), Some((local, alias, key))) = (name, passed) else { continue };
        keys.extend(key.map(|key| (name.clone(), key)));
        let span = inside.span().to(here.span());
        if found.insert(name, (local, alias, span)).is_some() {
            diags.push(diagnostics::second_pass().at(here.span()));
        }
    }
    (found, keys)
}

/// Whether a name means something in every `module` block, so that no input can have it.
pub(super) fn is_reserved(name: &str) -> bool {
    CALL.arguments.contains(&name)
        || CALL.required.contains(&name)
        || CALL.blocks.iter().any(|(block, _)| *block == name)
}
