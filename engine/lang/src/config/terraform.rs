//! The `terraform` block: versions, providers, backend.

use std::collections::BTreeSet;

use infra_diag::{Diagnostics, Span};
use infra_value::{Str, Type, convert};

use super::content::Content;
use super::module::Module;
use super::{diagnostics, module_call, provider, version};
use crate::eval::constraint;
use crate::syntax::{Block, Body, Expr, Label};

const TERRAFORM: Content = Content {
    arguments: &["required_version", "experiments", "language"],
    required: &[],
    blocks: &[
        ("backend", &["type"]),
        ("cloud", &[]),
        ("required_providers", &[]),
        ("provider_meta", &["provider"]),
    ],
};

/// Where the state is kept.
#[derive(Clone, Debug)]
pub struct Backend {
    /// The type, such as `s3`.
    pub ty: Str,
    /// Where the type stands.
    pub ty_span: Span,
    /// Its arguments.
    pub body: Body,
    /// The first line of the block.
    pub span: Span,
}

impl Backend {
    /// Whether its arguments have to be evaluated.
    pub(super) fn is_early(&self) -> bool {
        self.body.attributes.iter().any(|attribute| module_call::is_early(&attribute.expr))
    }
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    let body = TERRAFORM.read(block.body, diags);
    for attribute in &body.attributes {
        let expr = &attribute.expr;
        match &*attribute.name {
            "required_version" => required_version(module, expr, diags),
            "experiments" => diags.push(diagnostics::experiments().at(attribute.name_span)),
            _ => match expr.as_keyword() {
                Some("TF2021") => {}
                word => diags.push(diagnostics::edition(word.is_some()).at(expr.span())),
            },
        }
    }
    let mut cloud: Option<Span> = None;
    let mut metas = BTreeSet::new();
    for inner in body.blocks {
        let header = inner.header;
        match &*inner.ty {
            "required_providers" => {
                if module.required.replace(header).is_some() {
                    diags.push(diagnostics::duplicate_requirements().at(header));
                    continue;
                }
                provider::requirements(module, inner, diags);
            }
            "backend" => {
                let Label { text: ty, span: ty_span } = inner.labels[0].clone();
                let backend = Backend { ty, ty_span, body: inner.body, span: header };
                if module.backend.replace(backend).is_some() {
                    diags.push(diagnostics::duplicate_backend().at(header));
                }
            }
            "provider_meta" if !metas.insert(inner.labels[0].text.clone()) => {
                let twice = diagnostics::duplicate_provider_meta(&inner.labels[0].text);
                diags.push(twice.at(header));
            }
            "cloud" if cloud.replace(header).is_some() => {
                diags.push(diagnostics::duplicate_cloud().at(header));
            }
            _ => {}
        }
    }
    match (cloud, &module.backend) {
        (Some(_), Some(backend)) => {
            diags.push(diagnostics::cloud_and_backend().at(backend.span));
        }
        (Some(cloud), None) => diags.push(diagnostics::no_cloud().at(cloud)),
        _ => {}
    }
}

fn required_version(module: &mut Module, expr: &Expr, diags: &mut Diagnostics) {
    let Some(text) = version_text(expr, "required_version", diags) else { return };
    if version::compare(version::TERRAFORM, &text).is_err() {
        diags.push(diagnostics::wrong_version().at(expr.span()));
    }
    if version::has_prerelease(&text) {
        diags.push(diagnostics::prerelease(&text).at(expr.span()));
    }
    module.required_versions.push((text, expr.span()));
}

/// A version constraint that is written out; `name` is the argument that has it.
pub(super) fn version_constraint(
    expr: &Expr,
    name: &str,
    diags: &mut Diagnostics,
) -> Option<(String, Span)> {
    let text = version_text(expr, name, diags)?;
    if version::compare(version::TERRAFORM, &text).is_err() {
        diags.push(diagnostics::wrong_version().at(expr.span()));
        return None;
    }
    Some((text, expr.span()))
}

fn version_text(expr: &Expr, name: &str, diags: &mut Diagnostics) -> Option<String> {
    let value = constraint::constant(expr, diags)?;
    match convert::convert(&value, &Type::String) {
        Ok(text) => text.as_str().map(str::to_owned),
        Err(_) => {
            diags.push(diagnostics::version_not_text(name).at(expr.span()));
            None
        }
    }
}
