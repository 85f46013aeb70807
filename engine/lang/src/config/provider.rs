//! `provider` blocks and `required_providers`.

use infra_addrs::ProviderAddr;
use infra_diag::{Diagnostics, Span};
use infra_value::Str;

use super::module::Module;
use super::{blocks, diagnostics};
use crate::syntax::{Block, Body, Expr};

/// A `provider` block.
#[derive(Clone, Debug)]
pub struct ProviderBlock {
    /// The local name.
    pub name: Str,
    /// The alias.
    pub alias: Option<Str>,
    /// Its arguments, without `alias` and `version`.
    pub body: Body,
    /// The version that it asks for in the old way.
    pub version: Option<(String, Span)>,
    /// The first line of the block.
    pub span: Span,
}

/// What a module requires of a provider.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The source address.
    pub source: ProviderAddr,
    /// The versions that it accepts.
    pub version: Option<(String, Span)>,
    /// Aliases that the caller must pass.
    pub aliases: Vec<(Str, Str)>,
    /// Where it stands.
    pub span: Span,
}

pub(super) fn read(
    module: &mut Module,
    mut block: Block,
    overriding: bool,
    diags: &mut Diagnostics,
) {
    let name = block.labels[0].text.clone();
    let alias =
        block.body.take_attribute("alias").and_then(|alias| match alias.expr.as_literal() {
            Some(value) => value.as_str().map(Str::from),
            None => {
                diags.push(diagnostics::literal_needed("alias").at(alias.expr.span()));
                None
            }
        });
    let version = block.body.take_attribute("version").and_then(|version| {
        let text = version.expr.as_literal()?.as_str()?.to_owned();
        diags.push(diagnostics::version_in_provider(&name).at(version.span));
        Some((text, version.expr.span()))
    });
    let key = (name.clone(), alias.clone());
    if let Some(before) = module.providers.get_mut(&key) {
        if overriding {
            blocks::override_body(&mut before.body, block.body);
        } else {
            diags.push(diagnostics::duplicate_provider(&name, alias.as_deref()).at(block.header));
        }
        return;
    }
    module
        .providers
        .insert(key, ProviderBlock { name, alias, body: block.body, version, span: block.header });
}

pub(super) fn requirements(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    for attribute in block.body.attributes {
        let name = attribute.name.clone();
        let mut requirement = Requirement {
            source: if &*name == "terraform" {
                ProviderAddr::terraform()
            } else {
                ProviderAddr::hashicorp(&name)
            },
            version: None,
            aliases: Vec::new(),
            span: attribute.span,
        };
        match attribute.expr.as_object() {
            Some(entries) => {
                for (key, value) in entries {
                    entry(&mut requirement, key, value, diags);
                }
            }
            None => match attribute.expr.as_literal().as_ref().and_then(|value| value.as_str()) {
                Some(version) => {
                    requirement.version = Some((version.to_owned(), attribute.expr.span()));
                }
                None => diags.push(diagnostics::wrong_requirement(&name).at(attribute.expr.span())),
            },
        }
        module.requirements.insert(name, requirement);
    }
}

fn entry(requirement: &mut Requirement, key: &Expr, value: &Expr, diags: &mut Diagnostics) {
    let name = key.as_literal();
    let text = value.as_literal();
    match (
        name.as_ref().and_then(|name| name.as_str()),
        text.as_ref().and_then(|text| text.as_str()),
    ) {
        (Some("source"), Some(source)) => match source.parse() {
            Ok(source) => requirement.source = source,
            Err(error) => {
                diags.push(diagnostics::wrong_source(&error.to_string()).at(value.span()));
            }
        },
        (Some("version"), Some(version)) => {
            requirement.version = Some((version.to_owned(), value.span()));
        }
        (Some("configuration_aliases"), _) => {
            for alias in value.as_tuple().unwrap_or_default() {
                match reference(alias) {
                    Some((name, Some(alias))) => requirement.aliases.push((name, alias)),
                    _ => diags.push(diagnostics::wrong_provider_reference().at(alias.span())),
                }
            }
        }
        _ => diags.push(diagnostics::wrong_requirement("provider").at(key.span())),
    }
}

/// `aws` or `aws.east`, also in quotes as old configurations have it.
pub(super) fn reference(expr: &Expr) -> Option<(Str, Option<Str>)> {
    if let Some(value) = expr.as_literal() {
        let text = value.as_str()?;
        return Some(match text.split_once('.') {
            Some((name, alias)) => (name.into(), Some(alias.into())),
            None => (text.into(), None),
        });
    }
    let words = expr.as_traversal()?;
    match words.steps.as_slice() {
        [] => Some((words.root, None)),
        [infra_value::Step::Attr(alias)] => Some((words.root, Some(alias.clone()))),
        _ => None,
    }
}
