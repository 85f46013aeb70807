//! Blocks as values: resources, provider configurations.

use infra_addrs::{InstanceKey, ModuleInstance, ProviderConfig};
use infra_diag::Diagnostics;
use infra_provider::Block;
use infra_value::Value;

use super::{InstanceScope, World};
use crate::config::{ProviderBlock, Resource};
use crate::eval::{self, Context};
use crate::syntax::Body;

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

    /// The value of a provider configuration; that of an empty block if there is none.
    pub fn provider_config(&self, addr: &ProviderConfig, schema: &Block) -> (Value, Diagnostics) {
        let Some(block) = self.provider_block(addr) else {
            return (schema.empty_value(), Diagnostics::new());
        };
        // A provider block of a module that is called several times is not allowed, so there is one instance.
        let steps = addr.module.0.iter().map(|name| (name.clone(), None)).collect();
        let Some(scope) = self.scope(&ModuleInstance(steps)) else {
            return (schema.empty_value(), Diagnostics::new());
        };
        self.decode(&block.body, schema, &scope)
    }
}
