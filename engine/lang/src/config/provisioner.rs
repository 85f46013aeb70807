//! `provisioner` and `connection` blocks.

use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::content::Content;
use super::{diagnostics, resource};
use crate::syntax::{Block, Body, Expr, Kind, Reference};

const PROVISIONER: Content = Content {
    arguments: &["when", "on_failure"],
    required: &[],
    blocks: &[("_", &[]), ("connection", &[]), ("lifecycle", &[])],
};

/// A `provisioner` block.
#[derive(Clone, Debug)]
pub struct Provisioner {
    /// Its type.
    pub ty: Str,
    /// Its arguments.
    pub body: Body,
    /// How it reaches the object, if it says so itself.
    connection: Option<Body>,
    /// It runs before the object is deleted.
    pub destroy: bool,
    /// A failure does not matter.
    pub continue_on_failure: bool,
    /// The first line of the block.
    pub span: Span,
}

impl Provisioner {
    pub(super) fn read(block: Block, diags: &mut Diagnostics) -> Option<Self> {
        let label = &block.labels[0];
        let ty = label.text.clone();
        if ["chef", "habitat", "puppet", "salt-masterless"].contains(&&*ty) {
            diags.push(diagnostics::removed_provisioner(&ty).at(label.span));
            return None;
        }
        let mut body = block.body;
        let mut taken = PROVISIONER.take(&mut body, diags);
        let when = keyword(&mut taken, "when", &["create", "destroy"], diags);
        let on_failure = keyword(&mut taken, "on_failure", &["continue", "fail"], diags);
        let connection = resource::only("provisioner", taken.take_blocks("connection"), diags);
        for reserved in taken.take_blocks("lifecycle") {
            let place = " in provisioner block";
            diags.push(diagnostics::reserved_block("lifecycle", place).at(reserved.ty_span));
        }
        let destroy = when == Some("destroy");
        if destroy {
            refers_only_to_itself(&body, diags);
            if let Some(connection) = &connection {
                refers_only_to_itself(&connection.body, diags);
            }
        }
        resource::unescape(&mut body, &taken, " in provisioner block", diags);
        Some(Self {
            ty,
            body,
            connection: connection.map(|found| found.body),
            destroy,
            continue_on_failure: on_failure == Some("continue"),
            span: block.header,
        })
    }

    /// How it reaches the object: its own block adds to that of the resource.
    pub fn connection(&self, resource: Option<&Body>) -> Option<Body> {
        let mut merged = self.connection.as_ref().or(resource)?.clone();
        for base in resource.iter().flat_map(|base| &base.attributes) {
            if merged.attribute(&base.name).is_none() {
                merged.attributes.push(base.clone());
            }
        }
        Some(merged)
    }
}

/// One of some words, also in quotes as old configurations have it.
fn keyword(
    body: &mut Body,
    name: &str,
    words: &'static [&'static str],
    diags: &mut Diagnostics,
) -> Option<&'static str> {
    let expr = body.take_attribute(name)?.expr;
    let quoted = expr.as_literal().and_then(|text| text.as_str().map(str::to_owned));
    if quoted.is_some() {
        diags.push(diagnostics::quoted_keyword().at(expr.span()));
    }
    let word = expr.as_keyword().map(str::to_owned).or(quoted);
    let found = words.iter().copied().find(|known| word.as_deref() == Some(*known));
    if found.is_none() {
        diags.push(diagnostics::wrong_keyword(name, &words.join(" or ")).at(expr.span()));
    }
    found
}

/// Reports references of what runs before a deletion to anything but the object itself.
pub(super) fn refers_only_to_itself(body: &Body, diags: &mut Diagnostics) {
    for attribute in &body.attributes {
        let mut wrong = 0;
        attribute.expr.visit(&mut |expr: &Expr| match expr.kind() {
            Kind::Reference { reference, .. } => {
                let own = match reference {
                    Reference::SelfObject | Reference::Path(_) | Reference::Terraform(_) => true,
                    Reference::Count(name) => &**name == "index",
                    Reference::Each(name) => &**name == "key",
                    _ => false,
                };
                wrong += usize::from(!own);
            }
            Kind::Invalid { .. } => wrong += 1,
            _ => {}
        });
        for _ in 0..wrong {
            diags.push(diagnostics::destroy_reference().at(attribute.expr.span()));
        }
    }
}
