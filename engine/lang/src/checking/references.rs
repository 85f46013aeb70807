//! References: whether what they name is there, and has what is read of it.

use infra_addrs::{Mode, Resource};
use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_provider::{Block as Schema, Nesting};
use infra_value::{Str, Type};

use super::Checker;
use super::diagnostics;
use super::scope::Place;
use crate::config::{self, DependsOn, Module};
use crate::eval::Scope;
use crate::syntax::{Expr, Kind, Reference, Step};
use crate::world;

/// Reports what is wrong with the references of an expression.
pub(super) fn check(
    checker: &Checker<'_>,
    place: &Place<'_>,
    expr: &Expr,
    diags: &mut Diagnostics,
) {
    expr.visit(&mut |expr| match expr.kind() {
        Kind::Invalid { diagnostic, words, .. } => {
            diags.push(diagnostic.clone().at(words.span));
            // Terraform goes on with an object that has no name, which has no place either.
            let bare = !matches!(words.steps.first(), Some(infra_value::Step::Attr(_)));
            if let Some(nameless) = nameless(&words.root).filter(|_| bare) {
                let found = place.scope(checker).value(&nameless, None, None).err();
                diags.extend(found.map(|found| found.at(Span::NOWHERE)));
            }
        }
        Kind::Reference { reference, steps, span, .. } => {
            if let Some(why) = deprecated_output(checker, place, reference, steps) {
                diags.push(diagnostics::deprecated_output(why).at(*span));
            }
            one(checker, place, reference, &constant(steps), *span, diags);
        }
        _ => {}
    });
}

/// Why an output of a module should not be used any more.
fn deprecated_output<'c>(
    checker: &Checker<'_>,
    place: &Place<'c>,
    reference: &Reference,
    steps: &[Step],
) -> Option<&'c str> {
    let Reference::Module(module) = reference else { return None };
    let name = steps.iter().find_map(|step| match step {
        Step::Attr(name, _) => Some(name),
        _ => None,
    })?;
    let call = place.module.calls.get(module)?;
    if !checker.config.deprecations.told(call) {
        return None;
    }
    place.module.children.get(module)?.outputs.get(name)?.deprecated.as_deref()
}

/// The steps that are known from the text, up to the first that is not.
fn constant(steps: &[Step]) -> Vec<&Step> {
    let constant = steps.iter().take_while(|step| match step {
        Step::Attr(..) => true,
        Step::Index(key, _) => key.as_literal().is_some(),
        Step::Splat(..) => false,
    });
    constant.collect()
}

/// Whether a reference of an expression to a resource or module is wrong, so that Terraform goes on without any objects.
pub(super) fn lose_scope(checker: &Checker<'_>, place: &Place<'_>, expr: &Expr) -> bool {
    let mut found = Diagnostics::new();
    expr.visit(&mut |part| {
        let Kind::Reference { reference, steps, span, .. } = part.kind() else { return };
        if matches!(reference, Reference::Resource(_) | Reference::Module(_)) {
            one(checker, place, reference, &constant(steps), *span, &mut found);
        }
    });
    found.has_errors()
}

/// The object that is referred to by the first word alone, where there are objects of that kind.
pub(super) fn nameless(root: &str) -> Option<Reference> {
    let name = Str::from("");
    Some(match root {
        "var" => Reference::Variable(name),
        "local" => Reference::Local(name),
        "path" => Reference::Path(name),
        "terraform" => Reference::Terraform(name),
        "count" => Reference::Count(name),
        "each" => Reference::Each(name),
        _ => return None,
    })
}

/// Reports references to resources that are not there, as `replace_triggered_by` may have them. Terraform tells these
/// only when it plans.
pub(super) fn check_declared(module: &Module, expr: &Expr, diags: &mut Diagnostics) {
    for found in expr.references() {
        if let Reference::Resource(action) = &found.reference
            && action.mode == Mode::Action
        {
            diags.push(world::diagnostics::action_is_no_value(action).at(expr.span()));
        } else if let Reference::Resource(resource) = &found.reference
            && !module.resources.contains_key(resource)
        {
            diags.push(diagnostics::undeclared_resource(module, resource, None).at(expr.span()));
        }
    }
}

/// Reports what is wrong with the references of `depends_on`: what is not there only as long as nothing else is wrong.
pub(super) fn check_depends_on(
    checker: &Checker<'_>,
    place: &Place<'_>,
    depends_on: &DependsOn,
    diags: &mut Diagnostics,
) {
    let before = diags.len();
    diags.extend(depends_on.wrong.iter().cloned());
    for found in &depends_on.references {
        let resource = match &found.reference {
            Reference::Resource(resource) => place.module.resources.get(resource),
            _ => None,
        };
        if found.attr.is_some() && matches!(found.reference, Reference::Resource(_)) {
            diags.push(diagnostics::depends_on_attribute().at(found.span));
        } else if !diags.failed_since(before) {
            one(checker, place, &found.reference, &[], found.span, diags);
            let single =
                |found: &&config::Resource| found.count.is_none() && found.for_each.is_none();
            if let (Some(_), Some(resource)) =
                (&found.key, resource.map(|found| &**found).filter(single))
            {
                diags.push(diagnostics::unexpected_key(&resource.addr).at(found.span));
            }
        }
    }
}

fn one(
    checker: &Checker<'_>,
    place: &Place<'_>,
    reference: &Reference,
    steps: &[&Step],
    span: Span,
    diags: &mut Diagnostics,
) {
    match reference {
        Reference::Resource(action) if action.mode == Mode::Action => {
            diags.push(world::diagnostics::action_is_no_value(action).at(span));
        }
        Reference::Resource(resource) => {
            let scoped =
                place.module.resources.get(resource).and_then(|found| found.check.as_ref());
            if scoped.is_some() && scoped != place.check.as_ref() {
                diags.push(diagnostics::scoped_resource(resource).at(span));
                return;
            }
            resource_reference(checker, place.module, resource, steps, span, diags);
        }
        Reference::Module(name) if !place.module.calls.contains_key(name) => {
            diags.push(diagnostics::undeclared_module(place.module, name).at(span));
        }
        Reference::Module(_) => {}
        Reference::SelfObject if place.this.is_some() => {
            if let Some(schema) = place.this {
                traverse(schema, steps, diags);
            }
        }
        other => {
            if let Err(problem) = place.scope(checker).value(other, None, None) {
                diags.push(problem.at(span));
            }
        }
    }
}

fn resource_reference(
    checker: &Checker<'_>,
    module: &Module,
    resource: &Resource,
    steps: &[&Step],
    span: Span,
    diags: &mut Diagnostics,
) {
    let Some(block) = module.resources.get(resource) else {
        let data = Resource { mode: Mode::Data, ..resource.clone() };
        let meant = module.resources.contains_key(&data).then_some(data);
        diags.push(diagnostics::undeclared_resource(module, resource, meant).at(span));
        return;
    };
    let keyed = matches!(steps.first(), Some(Step::Index(..)));
    let rest = if keyed { &steps[1..] } else { steps };
    let repetition = match (&block.count, &block.for_each) {
        (Some(_), _) => Some("count"),
        (None, Some(_)) => Some("for_each"),
        _ => None,
    };
    match repetition {
        Some(argument) if !keyed && !rest.is_empty() => {
            diags.push(diagnostics::missing_key(resource, argument).at(span));
        }
        None if keyed => diags.push(diagnostics::unexpected_key(resource).at(span)),
        _ => {}
    }
    if resource.mode == Mode::List
        && let Some(Step::Attr(name, _)) = rest.first()
        && &**name != "data"
    {
        diags.push(diagnostics::list_traversal().at(span));
        return;
    }
    let provider = checker.config.provider_of(&module.path, block).provider;
    let Some(provider) = checker.installed.provider(&provider) else { return };
    match provider.schema(resource.mode.into(), &resource.type_name) {
        Some(schema) => traverse(&schema.block, rest, diags),
        None => {
            let known = provider.type_names(resource.mode.into());
            let wrong = diagnostics::unknown_type(resource, &provider.address().short(), known);
            diags.push(wrong.at(span));
        }
    }
}

/// Follows steps into an object of a schema, as far as the schema tells; reports what it does not have.
pub(super) fn traverse(schema: &Schema, steps: &[&Step], diags: &mut Diagnostics) {
    let Some((step, rest)) = steps.split_first() else { return };
    let name = match step {
        Step::Attr(name, _) => &**name,
        Step::Index(key, _) => {
            if let Some(key) = key.as_literal() {
                diags.push(diagnostics::attribute_needed(key.as_str()).at(step.span()));
            }
            return;
        }
        Step::Splat(..) => return,
    };
    if let Some(attribute) = schema.attributes.get(name) {
        if attribute.deprecated.is_some() {
            diags.push(diagnostics::deprecated_attribute(name).at(step.span()));
        }
        traverse_type(&attribute.ty, rest, diags);
        return;
    }
    let Some(nested) = schema.blocks.get(name) else {
        diags.push(diagnostics::no_attribute(schema, name).at(step.span()));
        return;
    };
    match (nested.nesting, rest.split_first()) {
        (_, None) => {}
        (Nesting::Single | Nesting::Group, _) => traverse(&nested.block, rest, diags),
        (Nesting::Set, Some((next, _))) => {
            diags.push(diagnostics::index_of_set(name).at(next.span()));
        }
        (Nesting::List, Some((next, after))) => match next {
            Step::Index(..) => traverse(&nested.block, after, diags),
            _ => diags.push(diagnostics::list_of_blocks(name).at(next.span())),
        },
        (Nesting::Map, Some((_, after))) => traverse(&nested.block, after, diags),
    }
}

/// Follows steps into a value of a type, as far as the type tells.
fn traverse_type(ty: &Type, steps: &[&Step], diags: &mut Diagnostics) {
    let Some((step, rest)) = steps.split_first() else { return };
    let within = match (step, ty) {
        (Step::Splat(..), _) | (_, Type::Any) => return,
        (_, Type::Map(element)) | (Step::Index(..), Type::List(element)) => &**element,
        (Step::Attr(name, span), Type::Object(object)) => match object.attributes.get(name) {
            Some(ty) => ty,
            None => {
                let known = object.attributes.keys().map(|name| &**name);
                diags.push(diagnostics::no_such_attribute(name, known).at(*span));
                return;
            }
        },
        (Step::Index(..), Type::Object(_) | Type::Tuple(_)) => return,
        (Step::Attr(_, span), _) => {
            diags.push(diagnostics::no_attributes(ty).at(*span));
            return;
        }
        (Step::Index(_, span), _) => {
            diags.push(diagnostics::no_indices(ty).at(*span));
            return;
        }
    };
    traverse_type(within, rest, diags);
}

/// Reports references of a body to the resource that has it.
pub(super) fn check_not_itself<'e>(
    addr: &Resource,
    exprs: impl IntoIterator<Item = &'e Expr>,
    diags: &mut Diagnostics,
) {
    let located = exprs.into_iter().flat_map(Expr::references);
    for found in located {
        if matches!(&found.reference, Reference::Resource(resource) if resource == addr) {
            let wrong: Diagnostic = diagnostics::refers_to_itself(addr);
            diags.push(wrong.at(found.span));
        }
    }
}
