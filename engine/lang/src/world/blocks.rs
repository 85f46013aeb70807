//! Blocks as values: resources, provider configurations.

use std::sync::Arc;

use infra_addrs::{InstanceKey, ModuleInstance, ModulePath, ProviderConfig, ResourceInstance};
use infra_diag::{Diagnostic, Diagnostics};
use infra_provider::Block;
use infra_value::{Number, Path, Str, Type, Value, convert};

use super::{Expansion, InstanceScope, Repetition, World, diagnostics};
use crate::config::{ProviderBlock, Resource};
use crate::eval::{self, Context};
use crate::syntax::{Body, Expr, Located, Reference};

/// Where an infinite number is, if there is one.
fn infinite(value: &Value) -> Option<Path> {
    let mut found = None;
    if value.is_infinite() {
        value.walk(&mut |path, item| {
            if item.as_number().is_some_and(Number::is_infinite) {
                found.get_or_insert_with(|| path.clone());
            }
        });
    }
    found
}

impl World {
    /// What expressions in the block of a resource instance see.
    pub fn resource_scope(
        &self,
        instance: &ModuleInstance,
        resource: &Resource,
        key: &Option<InstanceKey>,
    ) -> Option<InstanceScope<'_>> {
        let repetition = self.expansion(instance, &resource.addr).repetition(key);
        self.scope_with(instance, repetition, None)
    }

    /// A body as an object of a schema, and what is wrong with it.
    pub fn decode(
        &self,
        body: &Body,
        schema: &Block,
        scope: &InstanceScope<'_>,
    ) -> (Value, Diagnostics) {
        let before = self.diagnostics.take();
        let mut found = Diagnostics::new();
        let value = eval::decode(body, schema, &mut Context::new(scope, &mut found));
        found.extend(self.diagnostics.replace(before));
        found.extend(infinite(&value).map(|path| {
            let span = eval::span_of(body, &path).unwrap_or(body.open);
            diagnostics::infinite(&format!("The argument \"{path}\"")).at(span)
        }));
        (value, found)
    }

    /// The block of a provider configuration, if there is one.
    pub fn provider_block(&self, addr: &ProviderConfig) -> Option<&ProviderBlock> {
        let module = self.config.module(&addr.module)?;
        let mut blocks = module.providers.iter();
        blocks
            .find(|((name, alias), _)| {
                *alias == addr.alias && module.provider_source(name) == addr.provider
            })
            .map(|(_, block)| block)
    }

    /// The instances of a provider configuration; one if it is not repeated. Those that cannot be found out are reported.
    pub fn provider_instances(&self, addr: &ProviderConfig) -> Vec<ProviderConfig> {
        let expr = self.provider_block(addr).and_then(|block| block.for_each.as_ref());
        let Some(expr) = expr else { return vec![addr.clone()] };
        let instance = |key: &Str| ProviderConfig { key: Some(key.clone()), ..addr.clone() };
        match &*self.provider_expansion(addr, expr) {
            Expansion::ForEach(items) => items.keys().map(instance).collect(),
            _ => Vec::new(),
        }
    }

    fn provider_expansion(&self, addr: &ProviderConfig, expr: &Expr) -> Arc<Expansion> {
        let whole = addr.whole();
        if let Some(known) = self.providers.borrow().get(&whole) {
            return known.clone();
        }
        let found = Arc::new(self.for_each(&only_instance(&addr.module), expr));
        self.providers.borrow_mut().insert(whole, found.clone());
        found
    }

    /// The provider configuration that looks after a resource instance, with the key of its instance if it is repeated.
    /// Nothing if that key is wrong, which is reported.
    pub fn provider_of(&self, block: &Resource, addr: &ResourceInstance) -> Option<ProviderConfig> {
        if let Some(found) = block.stand_in(addr) {
            return Some(found.config());
        }
        let (whole, key) = self.config.provider_with_key(&addr.module.module(), block);
        if self.provider_block(&whole).is_none_or(|block| block.for_each.is_none()) {
            return Some(whole);
        }
        let (scope, expr) = match key? {
            (None, expr) => (self.resource_scope(&addr.module, block, &addr.key)?, expr),
            (Some(called), expr) => {
                let steps = addr.module.0.iter().take(called.0.len()).cloned().collect();
                (self.call_scope(&ModuleInstance(steps))?, expr)
            }
        };
        let before = self.diagnostics.borrow().len();
        let value = self.evaluate(expr, &scope);
        if self.diagnostics.borrow().iter().skip(before).any(Diagnostic::is_error) {
            return None;
        }
        let found = self.provider_instance(&whole, &value);
        found.map_err(|problem| self.report(problem.at(expr.span()).address(addr).into())).ok()
    }

    /// Like [`World::provider_of`] for an instance of the prior state, before anything is known of other objects: where the
    /// key does not follow from that of the instance, the one that the state has is taken.
    pub fn prior_provider_of(
        &self,
        block: &Resource,
        addr: &ResourceInstance,
        stored: Option<&ProviderConfig>,
    ) -> ProviderConfig {
        if let Some(found) = block.stand_in(addr) {
            return found.config();
        }
        let (whole, key) = self.config.provider_with_key(&addr.module.module(), block);
        if self.provider_block(&whole).is_none_or(|block| block.for_each.is_none()) {
            return whole;
        }
        let known =
            |found: &Located| matches!(&found.reference, Reference::Each(name) if &**name == "key");
        let follows = key.filter(|(_, expr)| expr.references().iter().all(known)).and_then(
            |(called, expr)| {
                let (module, key) = match &called {
                    None => (addr.module.clone(), addr.key.clone()),
                    Some(called) => {
                        let at = called.0.len().checked_sub(1)?;
                        let steps = addr.module.0.iter().take(at).cloned().collect();
                        (ModuleInstance(steps), addr.module.0.get(at)?.1.clone())
                    }
                };
                let each = match key {
                    Some(InstanceKey::String(key)) => Some((key.into(), Value::unknown(Type::Any))),
                    _ => None,
                };
                let scope = self.scope_with(&module, Repetition { index: None, each }, None)?;
                let mut ignored = Diagnostics::new();
                let value = expr.evaluate(&mut Context::new(&scope, &mut ignored));
                self.provider_instance(&whole, &value).ok()
            },
        );
        let stored = stored.filter(|stored| stored.whole() == whole);
        follows.or_else(|| stored.cloned()).unwrap_or(whole)
    }

    /// The instance of a provider configuration with a key.
    fn provider_instance(
        &self,
        whole: &ProviderConfig,
        key: &Value,
    ) -> Result<ProviderConfig, Diagnostic> {
        if !key.marks().is_empty() {
            return Err(diagnostics::provider_key("is sensitive or ephemeral"));
        }
        if !key.is_known() {
            return Err(diagnostics::provider_key("is known only after apply"));
        }
        let text = convert::convert(key, &Type::String).ok();
        let Some(text) = text.as_ref().and_then(Value::as_str) else {
            return Err(diagnostics::provider_key("is not a string"));
        };
        let wanted = ProviderConfig { key: Some(text.into()), ..whole.clone() };
        let instances = self.provider_instances(whole);
        if instances.contains(&wanted) {
            return Ok(wanted);
        }
        let known = instances.iter().filter_map(|found| found.key.as_deref());
        Err(diagnostics::no_provider_instance(&wanted, known))
    }

    /// The value of a provider configuration; that of an empty block if there is none.
    pub fn provider_config(&self, addr: &ProviderConfig, schema: &Block) -> (Value, Diagnostics) {
        let Some(block) = self.provider_block(addr) else {
            return (schema.empty_value(), Diagnostics::new());
        };
        let key = addr.key.clone().map(InstanceKey::String);
        let repetition = match &block.for_each {
            Some(expr) => self.provider_expansion(addr, expr).repetition(&key),
            None => Repetition::default(),
        };
        let Some(scope) = self.scope_with(&only_instance(&addr.module), repetition, None) else {
            return (schema.empty_value(), Diagnostics::new());
        };
        self.decode(&block.body, schema, &scope)
    }
}

/// The instance of a module that has provider blocks: such a module is not called several times.
fn only_instance(module: &ModulePath) -> ModuleInstance {
    ModuleInstance(module.0.iter().map(|name| (name.clone(), None)).collect())
}
