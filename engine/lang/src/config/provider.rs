//! `provider` blocks and `required_providers`.

use infra_addrs::ProviderAddr;
use infra_diag::{Diagnostics, Span};
use infra_value::{Step, Str};

use super::content::{Content, is_name, list, text};
use super::module::Module;
use super::terraform::version_constraint;
use super::{diagnostics, resource};
use crate::eval::constraint;
use crate::syntax::{self, Block, Body, Expr, Kind};

const PROVIDER: Content = Content {
    arguments: &["alias", "version", "for_each", "count", "depends_on", "source"],
    required: &[],
    blocks: &[("_", &[]), ("lifecycle", &[]), ("locals", &[])],
};

/// A `provider` block.
#[derive(Clone, Debug)]
pub struct ProviderBlock {
    /// The local name.
    pub name: Str,
    /// The alias.
    pub alias: Option<Str>,
    /// Its instances, if it is repeated.
    pub for_each: Option<Expr>,
    /// Its arguments, without `alias` and `version`.
    pub body: Body,
    /// The version that it asks for in the old way.
    pub version: Option<(String, Span)>,
    /// The first line of the block.
    pub span: Span,
}

impl ProviderBlock {
    /// Whether it says nothing: once such a block declared that a module needs a configuration.
    pub fn is_empty(&self) -> bool {
        self.body.attributes.is_empty() && self.body.blocks.is_empty() && self.version.is_none()
    }
}

/// What a module requires of a provider.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// The source address.
    pub source: ProviderAddr,
    /// Whether the source address is written there, and not implied by the name.
    pub explicit: bool,
    /// The versions that it accepts.
    pub version: Option<(String, Span)>,
    /// Aliases that the caller must pass.
    pub aliases: Vec<(Str, Str)>,
    /// Where it stands.
    pub span: Span,
}

pub(super) fn read(module: &mut Module, mut block: Block, diags: &mut Diagnostics) {
    let name = block.labels[0].text.clone();
    check_provider_name(&name, block.header, diags);
    let taken = PROVIDER.take(&mut block.body, diags);
    resource::unescape(&mut block.body, &taken, " in provider block", diags);
    let (mut alias, mut version, mut for_each) = (None, None, None);
    for attribute in &taken.attributes {
        match &*attribute.name {
            "alias" => {
                alias = text(&attribute.expr, diags).map(Str::from);
                if alias.is_none() {
                    diags.push(diagnostics::wrong_name("Invalid provider configuration alias"));
                }
                if alias.as_deref().is_some_and(|alias| !is_name(alias)) {
                    diags.push(diagnostics::wrong_name("Invalid provider configuration alias"));
                }
            }
            "version" => {
                diags.push(diagnostics::version_in_provider(&name).at(attribute.expr.span()));
                version = version_constraint(&attribute.expr, "version", diags);
            }
            "for_each" => for_each = Some(attribute.expr.clone()),
            other => {
                let reserved = diagnostics::reserved_provider_argument(other);
                diags.push(reserved.at(attribute.name_span));
            }
        }
    }
    if let (Some(expr), None) = (&for_each, &alias) {
        diags.push(diagnostics::alias_required().at(expr.span()));
    }
    let key = (name.clone(), alias.clone());
    if module.providers.contains_key(&key) {
        diags.push(diagnostics::duplicate_provider(&name, alias.as_deref()).at(block.header));
        return;
    }
    let (body, span) = (block.body, block.header);
    module.providers.insert(key, ProviderBlock { name, alias, for_each, body, version, span });
}

/// Reports a local name that no provider can have; gives whether it is right.
fn check_provider_name(name: &str, span: Span, diags: &mut Diagnostics) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '-';
    let fits = !name.is_empty() && name.chars().all(part) && name.to_lowercase() == name;
    if !fits {
        diags.push(diagnostics::provider_name(name).at(span));
    }
    fits
}

pub(super) fn requirements(module: &mut Module, block: Block, diags: &mut Diagnostics) {
    // One is told for all, as in Terraform.
    if let Some(inner) = block.body.blocks.first() {
        diags.push(diagnostics::unexpected_block(&inner.ty).at(inner.ty_span));
    }
    for attribute in block.body.attributes {
        let name = attribute.name.clone();
        let span = attribute.expr.span();
        if !check_provider_name(&name, span, diags) {
            continue;
        }
        let source = if &*name == "terraform" {
            ProviderAddr::terraform()
        } else {
            ProviderAddr::hashicorp(&name)
        };
        let mut requirement =
            Requirement { source, explicit: false, version: None, aliases: Vec::new(), span };
        match attribute.expr.as_object() {
            Some(entries) => {
                for (key, value) in entries {
                    entry(&mut requirement, &name, key, value, diags);
                }
            }
            // A number or a bool counts as text.
            None if attribute.expr.as_literal().is_some_and(|value| value.ty().is_primitive()) => {
                requirement.version = version_constraint(&attribute.expr, "version", diags);
            }
            None => diags.push(diagnostics::wrong_requirement().at(span)),
        }
        let mut others = module.requirements.iter();
        if let Some((other, _)) =
            others.find(|(known, other)| **known != name && other.source == requirement.source)
        {
            let twice = diagnostics::required_twice(&requirement.source.short(), &name, other);
            diags.push(twice.at(span));
        }
        module.requirements.insert(name, requirement);
    }
}

fn entry(
    requirement: &mut Requirement,
    name: &str,
    key: &Expr,
    value: &Expr,
    diags: &mut Diagnostics,
) {
    // What is wrong with the value is said in the words of the entry.
    let text = constraint::constant(value, &mut Diagnostics::new());
    let text = text.as_ref().and_then(|text| text.as_str());
    match key.as_literal().as_ref().and_then(|key| key.as_str()) {
        Some("source") => match text.map(str::parse::<ProviderAddr>) {
            Some(_) if text.and_then(wrong_part).is_some() => {
                let wrong = text.and_then(|text| Some((text, wrong_part(text)?)));
                let problem = wrong.map(|(text, summary)| diagnostics::wrong_part(summary, text));
                diags.extend(problem.map(|problem| problem.at(value.span())));
            }
            Some(Ok(source)) if source.name.starts_with("terraform-") => {
                diags.push(diagnostics::prefixed_source(&source.name).at(value.span()));
            }
            Some(Ok(source)) => {
                requirement.source = source;
                requirement.explicit = true;
            }
            Some(Err(error)) => {
                diags.push(diagnostics::wrong_source(&error.to_string()).at(value.span()));
            }
            None => diags.push(diagnostics::source_text().at(value.span())),
        },
        Some("version") => match text {
            Some(_) => requirement.version = version_constraint(value, "version", diags),
            None => diags.push(diagnostics::version_text().at(value.span())),
        },
        Some("configuration_aliases") => {
            for alias in list(value, diags) {
                if alias.as_traversal().is_none() {
                    diags.push(diagnostics::reference_needed().at(alias.span()));
                    continue;
                }
                let problem = match reference(alias, "", &mut Diagnostics::new()) {
                    // The default configuration is accepted anyway.
                    Some((found, None)) if *found == *name => continue,
                    Some((found, Some(alias))) if *found == *name => {
                        requirement.aliases.push((found, alias));
                        continue;
                    }
                    Some((found, Some(_))) => format!(
                        "Configuration aliases must be prefixed with the provider name. Expected \"{name}\", but found \
                         \"{found}\"."
                    ),
                    _ => "Configuration aliases can only contain references to local provider configuration names in \
                          the format of provider.alias."
                        .to_owned(),
                };
                diags.push(diagnostics::wrong_aliases(problem).at(value.span()));
            }
        }
        _ => diags.push(diagnostics::wrong_requirement_key().at(key.span())),
    }
}

/// The title of what is wrong with a part of a source address, if it has as many parts as it should.
fn wrong_part(text: &str) -> Option<&'static str> {
    let parts: Vec<&str> = text.split('/').collect();
    let titles: &[&str] = match parts.len() {
        1..=3 if parts.iter().all(|part| !part.is_empty()) => &[
            "Invalid provider type",
            "Invalid provider namespace",
            "Invalid provider source hostname",
        ],
        _ => return None,
    };
    let fits = |(at, part): (usize, &&str)| {
        let dashes = part.starts_with('-') || part.ends_with('-');
        match at {
            // Of configurations before there were namespaces.
            1 if *part == "-" => true,
            2 => part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | ':')),
            _ => !dashes && part.chars().all(|c| c.is_alphanumeric() || c == '-'),
        }
    };
    let wrong = parts.iter().rev().enumerate().position(|part| !fits(part))?;
    titles.get(wrong).copied()
}

/// `aws` or `aws.east`, also in quotes as old configurations have it. `argument` is where it stands.
pub(super) fn reference(
    expr: &Expr,
    argument: &str,
    diags: &mut Diagnostics,
) -> Option<(Str, Option<Str>)> {
    if resource::is_nonsense(expr, diags) {
        return None;
    }
    let Some(words) = resource::words(expr, diags) else {
        diags.push(diagnostics::wrong_provider_reference(argument).at(expr.span()));
        return None;
    };
    if !check_provider_name(&words.root, expr.span(), diags) {
        return None;
    }
    match words.steps.as_slice() {
        [] => Some((words.root, None)),
        [Step::Attr(alias)] => Some((words.root, Some(alias.clone()))),
        [Step::Index(_), ..] => {
            diags.push(diagnostics::wrong_alias_step().at(expr.span()));
            None
        }
        _ => {
            diags.push(diagnostics::wrong_provider_reference(argument).at(expr.span()));
            None
        }
    }
}

/// A local name, an alias and the key of an instance.
pub(super) type Keyed = (Str, Option<Str>, Option<Expr>);

/// Like [`reference`], also `aws.by_region[each.key]`: one instance of a configuration that is repeated.
pub(super) fn keyed_reference(
    expr: &Expr,
    argument: &str,
    diags: &mut Diagnostics,
) -> Option<Keyed> {
    if let (Kind::Reference { steps, .. }, Some(words)) = (expr.kind(), expr.words())
        && let ([Step::Attr(alias)], [syntax::Step::Index(key, _)]) =
            (words.steps.as_slice(), steps.as_slice())
        && check_provider_name(&words.root, expr.span(), diags)
    {
        return Some((words.root, Some(alias.clone()), Some(key.clone())));
    }
    let (name, alias) = reference(expr, argument, diags)?;
    Some((name, alias, None))
}
