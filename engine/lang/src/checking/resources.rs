//! Resources.

use infra_addrs::ConfigResource;
use infra_diag::{Diagnostics, Span};
use infra_provider::{Block as Schema, Kind};
use infra_value::{Marks, Path, Step as PathStep, Value};

use super::conditions::{self, Owner};
use super::scope::Place;
use super::{Checker, diagnostics, lists, providers, provisioners, references, repetition};
use crate::config::{IgnoreChanges, Resource};
use crate::syntax::{Expr, Step};
use crate::{eval, problems};

pub(super) fn check(checker: &Checker<'_>, addr: &ConfigResource, diags: &mut Diagnostics) {
    let Some(module) = checker.config.module(&addr.module) else { return };
    let Some(resource) = module.block(&addr.resource) else { return };
    let outside = Place::of(module);
    let (count, for_each) = (resource.count.as_ref(), resource.for_each.as_ref());
    repetition::check(checker, &outside, count, for_each, diags);
    references::check_depends_on(checker, &outside, &resource.depends_on, diags);
    let place = Place { counted: count.is_some(), keyed: for_each.is_some(), ..outside };
    providers::check_key(checker, &place, resource.provider_key.as_ref(), diags);
    let config = checker.config.provider_of(&module.path, resource);
    let Some(provider) = checker.installed.provider(&config.provider) else { return };
    let kind = Kind::from(resource.addr.mode);
    let schema = provider.schema(kind, &resource.addr.type_name).map(|schema| &schema.block);
    let inside = Place { this: schema, ..place.clone() };
    let lifecycle = &resource.lifecycle;
    for trigger in &lifecycle.replace_triggered_by {
        references::check_declared(module, trigger, diags);
    }
    conditions::check(checker, &place, &lifecycle.preconditions, Owner::Resource, diags);
    conditions::check(checker, &inside, &lifecycle.postconditions, Owner::Resource, diags);
    let Some(schema) = schema else {
        let short = config.provider.short();
        let unknown = diagnostics::unknown_type(&resource.addr, &short, provider.type_names(kind));
        diags.push(unknown.at(resource.type_span));
        provisioners::check(checker, &inside, resource, diags);
        return;
    };
    lists::check(checker, &place, &resource.listing, diags);
    let told = diags.len();
    let value = checker.decode(&place, &resource.body, schema, diags);
    diags.address_warnings(told, addr);
    if let Some(value) = value {
        stored(&value, schema, resource, diags);
        let (value, _) = value.unmarked_paths();
        let found = provider.validate(kind, &resource.addr.type_name, &value);
        let found = found.into_iter().map(|problem| problems::located(problem, &resource.body));
        diags.extend(found.map(|diagnostic| diagnostic.address(addr)));
        if let IgnoreChanges::Some(paths) = &resource.lifecycle.ignore_changes {
            for (path, span) in paths {
                ignored(path, *span, schema, resource, diags);
            }
        }
    }
    provisioners::check(checker, &inside, resource, diags);
}

/// Ephemeral values may go only where nothing is stored.
fn stored(value: &Value, schema: &Schema, resource: &Resource, diags: &mut Diagnostics) {
    let (_, marked) = value.unmarked_paths();
    for (path, marks) in marked {
        if !marks.contains(Marks::EPHEMERAL) {
            continue;
        }
        let Some(PathStep::Attr(name)) = path.0.first() else { continue };
        if schema.attributes.get(name).is_some_and(|attribute| attribute.write_only) {
            continue;
        }
        let span = eval::span_of(&resource.body, &path).unwrap_or(resource.span);
        diags.push(diagnostics::ephemeral_argument(name).at(span).address(&resource.addr));
    }
}

/// An argument that `ignore_changes` names.
fn ignored(path: &Path, span: Span, schema: &Schema, resource: &Resource, diags: &mut Diagnostics) {
    let steps = path.0.iter().map(|step| match step {
        PathStep::Attr(name) => Step::Attr(name.clone(), span),
        PathStep::Index(key) => Step::Index(Expr::literal(key.clone(), span), span),
    });
    let steps: Vec<Step> = steps.collect();
    let before = diags.len();
    references::traverse(schema, &steps.iter().collect::<Vec<_>>(), diags);
    if let Some(PathStep::Attr(name)) = path.0.first()
        && let Some(attribute) = schema.attributes.get(name)
        && !attribute.optional
        && !attribute.required
        && !diags.failed_since(before)
    {
        diags.push(diagnostics::redundant_ignore(name).at(resource.type_span));
    }
}
