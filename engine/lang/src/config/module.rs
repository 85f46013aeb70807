//! A configuration and its modules.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, OnceLock};

use foldhash::fast::RandomState;
use indexmap::IndexMap;
use infra_addrs::{
    ConfigResource, Mode, ModulePath, ProviderAddr, ProviderConfig, ResourceInstance,
};
use infra_diag::{Diagnostics, Sources, Span};
use infra_value::{Str, Value};

use super::load::{Deprecations, Missing};
use super::{
    Backend, Check, Import, Local, ModuleCall, ModuleStandIn, Moved, Output, ProviderBlock,
    Removed, Requirement, Resource, Variable,
};
use crate::dependencies::Dependencies;
use crate::files::Files;
use crate::syntax::{Expr, parse_json};

/// A whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The root module, with the others below it.
    pub root: Module,
    /// The texts.
    pub sources: Sources,
    /// The files that were read, and that functions read.
    pub files: Arc<dyn Files>,
    /// The blocks at the top of files, and how people write them.
    pub(super) outline: Vec<(Span, Arc<str>)>,
    /// Modules that are called, but not installed.
    pub missing: Vec<Missing>,
    /// Values of the root module's variables, as far as something before planning asks for them.
    pub(super) inputs: BTreeMap<Str, Value>,
    /// The selected workspace.
    pub(crate) workspace: String,
    /// Of which modules it is told that something in them is deprecated.
    pub(crate) deprecations: Deprecations,
    pub(super) dependencies: OnceLock<Dependencies>,
}

/// One module.
#[derive(Clone, Default, Debug)]
pub struct Module {
    /// The calls that lead to it.
    pub path: ModulePath,
    /// Its folder, relative to the working folder; empty for that folder itself.
    pub dir: String,
    /// Input variables.
    pub variables: BTreeMap<Str, Variable>,
    /// Local values.
    pub locals: BTreeMap<Str, Local>,
    /// Output values.
    pub outputs: BTreeMap<Str, Output>,
    /// Managed, data and ephemeral resources: found by hash, gone through in the order of their addresses.
    pub resources: IndexMap<infra_addrs::Resource, Box<Resource>, RandomState>,
    /// Actions, with the body of their `config` blocks.
    pub actions: BTreeMap<infra_addrs::Resource, Box<Resource>>,
    /// Module calls.
    pub calls: BTreeMap<Str, ModuleCall>,
    /// The modules that are called.
    pub children: BTreeMap<Str, Self>,
    /// Provider blocks by local name and alias.
    pub providers: BTreeMap<(Str, Option<Str>), ProviderBlock>,
    /// What `required_providers` says, by local name.
    pub requirements: BTreeMap<Str, Requirement>,
    /// What `required_version` says.
    pub required_versions: Vec<(String, Span)>,
    /// Where `required_providers` stands.
    pub(super) required: Option<Span>,
    /// Where the state is kept.
    pub backend: Option<Backend>,
    /// Objects that have another address now.
    pub moved: Vec<Moved>,
    /// What is not in the configuration any more.
    pub removed: Vec<Removed>,
    /// Objects that exist and shall be managed; in the root module only.
    pub imports: Vec<Import>,
    /// Which of them are about a resource.
    pub(super) imports_of: HashMap<ConfigResource, Vec<usize>, RandomState>,
    /// Their addresses, where those hold nothing that has to be evaluated.
    pub(super) imported: BTreeSet<ResourceInstance>,
    /// Checks, by name.
    pub checks: BTreeMap<Str, Check>,
    /// What a test has in place of instances of it.
    pub stand_ins: Vec<ModuleStandIn>,
}

impl Config {
    /// The diagnostics with the block in which each of them stands.
    pub fn with_blocks(&self, diags: Diagnostics) -> Diagnostics {
        let around = |span: Span| {
            let mut blocks = self.outline.iter();
            let inside = |block: &Span| {
                block.source == span.source && block.start <= span.start && span.end <= block.end
            };
            blocks.find(|(block, _)| inside(block)).map(|(_, header)| header.clone())
        };
        // In JSON it is the path to the value around.
        let mut trees = BTreeMap::new();
        let mut in_json = |span: Span| {
            let file = self.sources.get(span.source).filter(|file| file.path.ends_with(".json"))?;
            let parse = || parse_json(span.source, &file.text, &mut Diagnostics::new());
            let tree = trees.entry(span.source).or_insert_with(parse);
            Some(tree.path_around(span).map(Arc::from))
        };
        let filled = diags.into_iter().map(|mut found| {
            found.within = found.within.or_else(|| {
                let span = found.span?;
                in_json(span).unwrap_or_else(|| around(span))
            });
            found
        });
        filled.collect()
    }

    /// What depends on what. It is found once: a configuration is not to be changed after that.
    pub fn dependencies(&self) -> &Dependencies {
        self.dependencies.get_or_init(|| Dependencies::new(self))
    }

    /// The module at a path.
    pub fn module(&self, path: &ModulePath) -> Option<&Module> {
        path.0.iter().try_fold(&self.root, |module, name| module.children.get(name))
    }

    /// The block of a resource or action, if there is one.
    pub fn resource(&self, addr: &ConfigResource) -> Option<&Resource> {
        self.module(&addr.module)?.block(&addr.resource)
    }

    /// All modules, each after the one that calls it.
    pub fn modules(&self) -> Vec<&Module> {
        let mut found = Vec::new();
        let mut pending = vec![&self.root];
        while let Some(module) = pending.pop() {
            found.push(module);
            pending.extend(module.children.values().rev());
        }
        found
    }

    /// The `removed` block that is about a resource or about a module around it.
    pub fn removed(&self, resource: &ConfigResource) -> Option<&Removed> {
        self.modules().into_iter().find_map(|module| {
            let rest = resource.module.0.strip_prefix(&*module.path.0)?;
            module.removed.iter().find(|removed| {
                let inner = removed.from.module.module();
                match &removed.from.resource {
                    Some((found, _)) => *found == resource.resource && *inner.0 == *rest,
                    None => rest.starts_with(&inner.0),
                }
            })
        })
    }

    /// The provider configuration that looks after a resource: that of the module which has the block, found through
    /// the `providers` of the calls, or inherited.
    pub fn provider_of(&self, path: &ModulePath, resource: &Resource) -> ProviderConfig {
        if let Some(found) = resource.stand_ins.iter().rev().find(|found| !found.target.keyed()) {
            return found.config();
        }
        let (name, alias) = match &resource.provider {
            Some((name, alias)) => (name.clone(), alias.clone()),
            None => (implied_provider(&resource.addr.type_name), None),
        };
        self.resolve(path, name, alias)
    }

    /// The imports into the root module whose resource has no block yet, with the resource and the provider configuration
    /// that will look after it.
    pub fn imports_to_write(&self) -> Vec<(&Import, ConfigResource, ProviderConfig)> {
        let without_block = self.root.imports.iter().filter_map(|import| {
            let resource = import.resource()?.clone();
            if !resource.module.is_root() || self.resource(&resource).is_some() {
                return None;
            }
            let implied = || (implied_provider(&resource.resource.type_name), None);
            let (name, alias) = import.provider.clone().unwrap_or_else(implied);
            let provider = self.resolve(&resource.module, name, alias);
            Some((import, resource, provider))
        });
        without_block.collect()
    }

    /// Like [`Config::provider_of`], with the expression of the key of its instance, and the called module whose call has
    /// that expression, unless the resource itself has it.
    pub(crate) fn provider_with_key<'c>(
        &'c self,
        path: &ModulePath,
        resource: &'c Resource,
    ) -> (ProviderConfig, Option<(Option<ModulePath>, &'c Expr)>) {
        if !resource.stand_ins.is_empty() && resource.provider_key.is_none() {
            return (self.provider_of(path, resource), None);
        }
        let (name, alias) = match &resource.provider {
            Some((name, alias)) => (name.clone(), alias.clone()),
            None => (implied_provider(&resource.addr.type_name), None),
        };
        let (found, passed) = self.resolve_keyed(path, name, alias);
        let own = resource.provider_key.as_ref().map(|key| (None, key));
        (found, own.or(passed.map(|(called, key)| (Some(called), key))))
    }

    /// The provider configuration that a local name and an alias mean in a module.
    pub fn resolve(&self, path: &ModulePath, name: Str, alias: Option<Str>) -> ProviderConfig {
        self.resolve_keyed(path, name, alias).0
    }

    /// Like [`Config::resolve`], with the key of an instance that a call passes, and the module that is called there.
    pub(crate) fn resolve_keyed(
        &self,
        path: &ModulePath,
        name: Str,
        alias: Option<Str>,
    ) -> (ProviderConfig, Option<(ModulePath, &Expr)>) {
        let (mut path, mut name, mut alias) = (path.clone(), name, alias);
        let mut passed_key = None;
        while let Some(module) = self.module(&path) {
            let provider = module.provider_source(&name);
            let here =
                ProviderConfig { module: path.clone(), provider, alias: alias.clone(), key: None };
            if module.providers.contains_key(&(name.clone(), alias.clone())) {
                return (here, passed_key);
            }
            let Some((parent, call)) = path.parent() else { return (here, passed_key) };
            let Some(call) = self.module(&parent).and_then(|module| module.calls.get(call)) else {
                return (here, passed_key);
            };
            let inside = (name.clone(), alias.clone());
            match call.providers.get(&inside) {
                Some((passed, passed_alias, _)) => {
                    name = passed.clone();
                    alias = passed_alias.clone();
                    let key = call.provider_keys.get(&inside);
                    passed_key = key.map(|key| (path.clone(), key)).or(passed_key);
                }
                // A default configuration is inherited under the name that the caller has for it.
                None if alias.is_none() => {
                    let caller = self.module(&parent);
                    name =
                        caller.and_then(|caller| caller.local_name(&here.provider)).unwrap_or(name);
                }
                None => return (here, passed_key),
            }
            path = parent;
        }
        let provider = ProviderAddr::hashicorp(&name);
        (ProviderConfig { module: path, provider, alias, key: None }, passed_key)
    }
}

impl Module {
    /// The imports that are about a resource, in their order.
    pub fn imports_of(&self, resource: &ConfigResource) -> impl Iterator<Item = &Import> {
        let found = self.imports_of.get(resource).into_iter().flatten();
        found.filter_map(|at| self.imports.get(*at))
    }

    /// The block of a resource or action, if there is one.
    pub fn block(&self, addr: &infra_addrs::Resource) -> Option<&Resource> {
        let found = match addr.mode {
            Mode::Action => self.actions.get(addr),
            _ => self.resources.get(addr),
        };
        found.map(|found| &**found)
    }

    /// The same to be changed.
    pub fn block_mut(&mut self, addr: &infra_addrs::Resource) -> Option<&mut Resource> {
        let found = match addr.mode {
            Mode::Action => self.actions.get_mut(addr),
            _ => self.resources.get_mut(addr),
        };
        found.map(|found| &mut **found)
    }

    /// The blocks of all resources and actions.
    pub fn blocks(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values().chain(self.actions.values()).map(|found| &**found)
    }

    /// The provider that a local name means in this module.
    pub fn provider_source(&self, name: &str) -> ProviderAddr {
        match self.requirements.get(name) {
            Some(requirement) => requirement.source.clone(),
            None if name == "terraform" => ProviderAddr::terraform(),
            None => ProviderAddr::hashicorp(name),
        }
    }

    /// The local name of a provider in this module, if it has one.
    pub fn local_name(&self, provider: &ProviderAddr) -> Option<Str> {
        let mut required = self.requirements.iter();
        if let Some((name, _)) = required.find(|(_, requirement)| requirement.source == *provider) {
            return Some(name.clone());
        }
        (self.provider_source(&provider.name) == *provider).then(|| provider.name.clone())
    }
}

/// The local name that the type of a resource implies: what comes before the first underscore.
pub(crate) fn implied_provider(type_name: &str) -> Str {
    type_name.split('_').next().unwrap_or(type_name).into()
}
