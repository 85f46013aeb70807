//! The `terraform` block: versions, providers, backend.

use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::module::Module;
use super::{diagnostics, provider};
use crate::syntax::{Block, Body};

/// Where the state is kept.
#[derive(Clone, Debug)]
pub struct Backend {
    /// The type, such as `s3`.
    pub ty: Str,
    /// Its arguments.
    pub body: Body,
    /// The first line of the block.
    pub span: Span,
}

pub(super) fn read(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    for attribute in block.body.attributes {
        match &*attribute.name {
            "required_version" => {
                match attribute.expr.as_literal().as_ref().and_then(|value| value.as_str()) {
                    Some(text) => {
                        let span = attribute.expr.span();
                        if let Some(diagnostic) = diagnostics::version(text) {
                            diags.push(diagnostic.at(span));
                        }
                        module.required_versions.push((text.to_owned(), span));
                    }
                    None => diags.push(
                        diagnostics::literal_needed("required_version").at(attribute.expr.span()),
                    ),
                }
            }
            "experiments" | "language" => {}
            other => diags.push(
                diagnostics::unsupported(other, ["required_version"]).at(attribute.name_span),
            ),
        }
    }
    for inner in block.body.blocks {
        match &*inner.ty {
            "required_providers" => provider::requirements(module, inner, diags),
            "backend" => match inner.labels.first() {
                Some(label) => {
                    let backend =
                        Backend { ty: label.text.clone(), body: inner.body, span: inner.header };
                    if module.backend.replace(backend).is_some() {
                        diags.push(diagnostics::duplicate("backend", "backend").at(inner.header));
                    }
                }
                None => diags.push(diagnostics::labels("backend", 1, 0).at(inner.header)),
            },
            "cloud" => diags.push(diagnostics::no_cloud().at(inner.header)),
            "provider_meta" => {}
            other => {
                let known = ["required_providers", "backend"];
                diags.push(diagnostics::unknown_block(other, known).at(inner.ty_span));
            }
        }
    }
}
