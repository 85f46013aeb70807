//! `import` blocks.

use infra_addrs::{InstanceKey, ResourceInstance};
use infra_diag::{Diagnostic, Diagnostics, Span};
use infra_value::{Data, Marks, Type, Value, convert};

use super::scope::Place;
use super::{Checker, diagnostics};
use crate::config::{self, Import};
use crate::eval::{Context, Scope};
use crate::functions::Environment;
use crate::syntax::{Expr, Located, Reference};
use crate::world::{self, Repetition};

/// Objects with a block have their provider configuration there; an import may say the same.
pub(super) fn check_providers(checker: &Checker<'_>, diags: &mut Diagnostics) {
    for import in checker.config.root.imports.iter().filter(|import| import.provider.is_some()) {
        let block = import.resource().and_then(|found| checker.config.resource(found));
        if block.is_some_and(|block| block.provider != import.provider) {
            diags.push(diagnostics::provider_of_import().at(import.provider_span));
        }
    }
}

pub(super) fn check(checker: &Checker<'_>, import: &Import, diags: &mut Diagnostics) {
    if import.for_each.is_none() && !import.is_constant() {
        diags.push(config::diagnostics::reference_needed().at(import.to.span()));
        // Terraform goes on with an address that is empty.
        diags.push(config::diagnostics::wrong_address().at(Span::NOWHERE));
        return;
    }
    let outside = Place::of(&checker.config.root);
    let known = match &import.for_each {
        None => Some(vec![Repetition::default()]),
        Some(expr) => {
            let Some(value) = checker.evaluate(&outside, expr, diags) else { return };
            match repetitions(&value) {
                Ok(known) => known,
                Err(problem) => {
                    diags.push(problem.at(expr.span()));
                    return;
                }
            }
        }
    };
    for repetition in known.iter().flatten() {
        let before = diags.len();
        target(checker, import, repetition, diags);
        if diags.failed_since(before) {
            return;
        }
    }
    let place = Place { keyed: import.for_each.is_some(), ..outside };
    let (Some(expr), by_identity) =
        (import.id.as_ref().or(import.identity.as_ref()), import.id.is_none())
    else {
        return;
    };
    let own = import.resource().filter(|found| found.module.is_root()).map(|found| &found.resource);
    let itself = |found: &Located| matches!(&found.reference, Reference::Resource(resource) if Some(resource) == own);
    if expr.references().iter().any(itself) {
        diags.push(diagnostics::import_id_of_itself().at(expr.span()));
        return;
    }
    let Some(value) = checker.evaluate(&place, expr, diags) else { return };
    if by_identity {
        if let Err(problem) = import_id(&value) {
            diags.push(problem.at(expr.span()));
        }
        return;
    }
    if let Err(error) = convert::convert(&value, &Type::String) {
        diags.push(diagnostics::wrong_value(&error.to_string()).at(expr.span()));
        return;
    }
    let (value, _) = value.unmarked();
    if value.is_null() || value.as_str() == Some("") {
        diags.push(diagnostics::wrong_import_id(&value).at(expr.span()));
    }
}

/// The import id in an identity: nothing while it is not known.
pub fn import_id(identity: &Value) -> Result<Option<String>, Diagnostic> {
    let wrong = |why: &str| Err(diagnostics::wrong_import_identity(why));
    let (identity, _) = identity.unmarked_deep();
    if identity.is_null() {
        return wrong("it is null");
    }
    let Some(attributes) = identity.as_map() else {
        return match identity.data() {
            Data::Unknown(Type::Any | Type::Map(_) | Type::Object(_), _) => Ok(None),
            _ => wrong("it must be an object, such as { id = \"...\" }"),
        };
    };
    if let Some(name) = attributes.keys().find(|name| &***name != "id") {
        return Err(diagnostics::foreign_identity(name));
    }
    let Some(id) = attributes.get("id") else { return wrong("its attribute id is missing") };
    match convert::convert(id, &Type::String) {
        Err(error) => wrong(&format!("its attribute id is unsuitable: {error}")),
        Ok(id) if id.is_null() => wrong("its attribute id is null"),
        Ok(id) if id.as_str() == Some("") => wrong("its attribute id is empty"),
        Ok(id) => Ok(id.as_str().map(str::to_owned)),
    }
}

/// What `each` is in each import; nothing if that is not known.
fn repetitions(value: &Value) -> Result<Option<Vec<Repetition>>, Diagnostic> {
    match value.data() {
        Data::Unknown(ty, _) if !value.marks().contains(Marks::EPHEMERAL) => {
            match ty.is_primitive() {
                true => Err(world::diagnostics::for_each_type(ty)),
                false => Ok(None),
            }
        }
        _ if !value.is_wholly_known() && !value.is_null() => Ok(None),
        _ => world::elements(value).map(Some),
    }
}

/// Whether the address of an import fits the configuration.
fn target(checker: &Checker<'_>, import: &Import, each: &Repetition, diags: &mut Diagnostics) {
    let before = diags.len();
    let addr = import.address(&mut |key| index(checker, key, each, diags));
    if diags.failed_since(before) {
        return;
    }
    let Some(addr) = addr else {
        diags.push(diagnostics::wrong_import_key().at(import.to.span()));
        return;
    };
    if let Some(problem) = mismatch(checker, import, &addr) {
        diags.push(problem.at(import.to.span()));
    }
}

/// What does not fit between the key of an address and the block of its resource.
fn mismatch(checker: &Checker<'_>, import: &Import, addr: &ResourceInstance) -> Option<Diagnostic> {
    let module = checker.config.module(&addr.module.module());
    let block = module.and_then(|module| module.resources.get(&addr.resource));
    if block.is_none() {
        let constant = import.to.as_traversal().is_some();
        // A block can be generated for one object of the root module.
        let writable = addr.key.is_none() && import.for_each.is_none();
        if !addr.module.is_root() || (constant && !writable) {
            return Some(diagnostics::import_without_config(addr));
        }
    }
    let counted = block.is_some_and(|block| block.count.is_some());
    let keyed = block.is_some_and(|block| block.for_each.is_some());
    let problem = match &addr.key {
        Some(InstanceKey::Int(_)) if !counted => "does not use count",
        Some(InstanceKey::String(_)) if !keyed => "does not use for_each",
        None if counted => "is using count",
        None if keyed => "is using for_each",
        _ => return None,
    };
    Some(diagnostics::wrong_import_target(problem))
}

/// The value of a key in the address of an import.
fn index(
    checker: &Checker<'_>,
    key: &Expr,
    each: &Repetition,
    diags: &mut Diagnostics,
) -> Option<Value> {
    if key.has_calls() {
        diags.push(diagnostics::call_in_import_key().at(key.span()));
        return None;
    }
    let scope = OnlyEach { each, environment: &checker.environment };
    let value = key.evaluate(&mut Context::new(&scope, diags));
    if value.is_sensitive() {
        diags.push(diagnostics::sensitive_import_key().at(key.span()));
        return None;
    }
    Some(value)
}

/// The scope of keys in the address of an import.
struct OnlyEach<'a> {
    each: &'a Repetition,
    environment: &'a Environment,
}

impl Scope for OnlyEach<'_> {
    fn value(
        &self,
        reference: &Reference,
        _key: Option<&InstanceKey>,
        _attr: Option<&str>,
    ) -> Result<Value, Diagnostic> {
        match (reference, &self.each.each) {
            (Reference::Each(name), Some((key, _))) if &**name == "key" => Ok(key.clone()),
            (Reference::Each(name), Some((_, value))) if &**name == "value" => Ok(value.clone()),
            (Reference::Each(name), Some(_)) => Err(diagnostics::import_key_attribute(name)),
            _ => Err(diagnostics::import_key_variable(&reference.to_string())),
        }
    }

    fn functions(&self) -> &Environment {
        self.environment
    }
}
