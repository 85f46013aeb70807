//! The values of a configuration's objects in every module instance, computed when asked for and kept.
//!
//! The caller says what each resource instance is (planned or real) with [`World::set_resource`]; everything else,
//! variables, locals, outputs, expansions, follows from the configuration. It knows nothing of state, plans or providers.
//!
//! Reading order: this file, `scope` (what expressions see), `expansion` (`count` and `for_each`), `inputs`, `blocks`.

mod blocks;
pub(crate) mod diagnostics;
mod expansion;
mod inputs;
mod listing;
mod scope;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use infra_addrs::{InstanceKey, ModuleInstance, ProviderConfig, Resource};
use infra_diag::Diagnostics;
use infra_value::{Str, Type, Value};

use crate::config::{self, Config};
use crate::eval::Context;
use crate::functions::Environment;

pub use expansion::{Expansion, Repetition};
pub(crate) use expansion::{counted, elements, keyed};
pub(crate) use inputs::marks;
pub(crate) use listing::{include_resource, limit};
pub use scope::InstanceScope;
pub(crate) use scope::path_of;

/// References are looked up again and again, and nobody outside chooses their names.
type HashMap<K, V> = std::collections::HashMap<K, V, RandomState>;

/// The values of a configuration, all module instances together.
pub struct World {
    config: Arc<Config>,
    environment: Environment,
    workspace: Str,
    variables: BTreeMap<Str, Value>,
    /// Whether references find only the instances that were set, whatever `count` and `for_each` ask for.
    only_present: bool,
    /// Whether it is no mistake that `count` or `for_each` is not known yet.
    defers: bool,
    tables: RefCell<HashMap<ModuleInstance, Table>>,
    providers: RefCell<BTreeMap<ProviderConfig, Arc<Expansion>>>,
    diagnostics: RefCell<Diagnostics>,
}

/// What is known so far in one module instance.
#[derive(Default)]
struct Table {
    variables: HashMap<Str, Value>,
    locals: HashMap<Str, Value>,
    outputs: HashMap<Str, Value>,
    calls: HashMap<Str, Arc<Expansion>>,
    expansions: HashMap<Resource, Arc<Expansion>>,
    resources: HashMap<Resource, Instances>,
}

#[derive(Default)]
struct Instances {
    by_key: HashMap<Option<InstanceKey>, Value>,
    whole: Option<Value>,
}

impl World {
    /// A world in which no resource has a value yet. `variables` are the root module's, converted to their types.
    pub fn new(
        config: Arc<Config>,
        environment: Environment,
        workspace: &str,
        variables: BTreeMap<Str, Value>,
    ) -> Self {
        Self {
            config,
            environment,
            workspace: workspace.into(),
            variables,
            only_present: false,
            defers: false,
            tables: RefCell::default(),
            providers: RefCell::default(),
            diagnostics: RefCell::default(),
        }
    }

    /// Has references find only the instances that are there: a run makes no others if it only reads, or has targets.
    pub fn only_present(self, only_present: bool) -> Self {
        Self { only_present, ..self }
    }

    /// Lets `count` and `for_each` be unknown: what has them waits for the next plan.
    pub fn deferring(self, defers: bool) -> Self {
        Self { defers, ..self }
    }

    /// Whether references find only the instances that are there.
    pub fn has_only_present(&self) -> bool {
        self.only_present
    }

    /// The configuration.
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// What was found wrong while values were computed since this was last asked.
    pub fn take_diagnostics(&self) -> Diagnostics {
        self.diagnostics.take()
    }

    /// What an expression outside any resource sees in a module instance; nothing if there is no such module.
    pub fn scope(&self, instance: &ModuleInstance) -> Option<InstanceScope<'_>> {
        self.scope_with(instance, Repetition::default(), None)
    }

    /// What an expression sees in a block that is repeated, with `self` where there is one.
    pub fn scope_with(
        &self,
        instance: &ModuleInstance,
        repetition: Repetition,
        this: Option<Value>,
    ) -> Option<InstanceScope<'_>> {
        let module = self.config.module(&instance.module())?;
        Some(InstanceScope { world: self, module, instance: instance.clone(), repetition, this })
    }

    /// Sets what a resource instance is.
    pub fn set_resource(
        &self,
        module: &ModuleInstance,
        resource: &Resource,
        key: Option<InstanceKey>,
        value: Value,
    ) {
        let mut tables = self.tables.borrow_mut();
        let instances = table(&mut tables, module).resources.entry(resource.clone()).or_default();
        instances.whole = None;
        instances.by_key.insert(key, value);
    }

    /// Forgets a resource instance.
    pub fn remove_resource(
        &self,
        module: &ModuleInstance,
        resource: &Resource,
        key: &Option<InstanceKey>,
    ) {
        let mut tables = self.tables.borrow_mut();
        if let Some(instances) = table(&mut tables, module).resources.get_mut(resource) {
            instances.whole = None;
            instances.by_key.remove(key);
        }
    }

    /// What one resource instance is, if it was set.
    pub fn resource(
        &self,
        module: &ModuleInstance,
        resource: &Resource,
        key: &Option<InstanceKey>,
    ) -> Option<Value> {
        self.tables.borrow().get(module)?.resources.get(resource)?.by_key.get(key).cloned()
    }

    /// Forgets computed locals, variables and outputs, which may have been computed from values that have changed.
    #[expect(clippy::iter_over_hash_type, reason = "every table is cleared, in whatever order")]
    pub fn forget_computed(&self) {
        for table in self.tables.borrow_mut().values_mut() {
            table.variables.clear();
            table.locals.clear();
            table.outputs.clear();
        }
    }

    /// The value of a local value.
    pub fn local(&self, instance: &ModuleInstance, name: &str) -> Option<Value> {
        let known = |table: &Table| table.locals.get(name).cloned();
        self.kept(
            instance,
            known,
            |table, value| table.locals.insert(name.into(), value),
            || {
                let scope = self.scope(instance)?;
                Some(self.evaluate(&scope.module.locals.get(name)?.expr, &scope))
            },
        )
    }

    /// The value of an output value of a module instance.
    pub fn output(&self, instance: &ModuleInstance, name: &str) -> Option<Value> {
        let known = |table: &Table| table.outputs.get(name).cloned();
        self.kept(
            instance,
            known,
            |table, value| table.outputs.insert(name.into(), value),
            || {
                let scope = self.scope(instance)?;
                let output = scope.module.outputs.get(name)?;
                if let Some(found) = scope.module.stand_in(instance) {
                    let value = found.outputs.get(name).cloned();
                    return Some(value.unwrap_or_else(|| Value::null(Type::Any)));
                }
                let value = self.evaluate(&output.expr, &scope);
                if value.is_infinite() && instance.is_root() {
                    let infinite = diagnostics::infinite("The output value");
                    self.report(infinite.at(output.expr.span()).into());
                    return Some(Value::unknown(value.ty()));
                }
                // As in Terraform 1.11, what a called module says of its outputs is not carried to its caller: the marks
                // of the value itself are.
                let sensitive = output.sensitive && instance.is_root();
                Some(value.marked(inputs::marks(sensitive, output.ephemeral)))
            },
        )
    }

    /// Every instance of a module, sorted, as far as the expansions of the calls that lead to it are known.
    pub fn module_instances(&self, module: &config::Module) -> Vec<ModuleInstance> {
        let mut instances = vec![ModuleInstance::root()];
        for name in module.path.0.iter() {
            instances = instances
                .iter()
                .flat_map(|parent| {
                    let keys = self.call_expansion(parent, name).keys();
                    keys.into_iter().map(|key| parent.child(name, key)).collect::<Vec<_>>()
                })
                .collect();
        }
        instances
    }

    /// Evaluates an expression; what is wrong with it is kept for [`World::take_diagnostics`].
    pub fn evaluate(&self, expr: &crate::syntax::Expr, scope: &InstanceScope<'_>) -> Value {
        let mut found = Diagnostics::new();
        let value = expr.evaluate(&mut Context::new(scope, &mut found));
        self.report(found);
        value
    }

    /// Like [`World::evaluate`]; nothing if something is wrong with it.
    pub fn evaluated(
        &self,
        expr: &crate::syntax::Expr,
        scope: &InstanceScope<'_>,
    ) -> Option<Value> {
        let before = self.diagnostics.take();
        let value = self.evaluate(expr, scope);
        let found = self.diagnostics.replace(before);
        let failed = found.has_errors();
        self.report(found);
        (!failed).then_some(value)
    }

    fn report(&self, found: Diagnostics) {
        if !found.is_empty() {
            self.diagnostics.borrow_mut().extend(found);
        }
    }

    /// A value that is computed once. No table is borrowed while it is computed, since that asks for others.
    fn kept<T: Clone, R>(
        &self,
        instance: &ModuleInstance,
        known: impl Fn(&Table) -> Option<T>,
        keep: impl FnOnce(&mut Table, T) -> R,
        compute: impl FnOnce() -> Option<T>,
    ) -> Option<T> {
        if let Some(value) = self.tables.borrow().get(instance).and_then(known) {
            return Some(value);
        }
        let value = compute()?;
        keep(table(&mut self.tables.borrow_mut(), instance), value.clone());
        Some(value)
    }
}

fn table<'t>(
    tables: &'t mut HashMap<ModuleInstance, Table>,
    instance: &ModuleInstance,
) -> &'t mut Table {
    tables.entry(instance.clone()).or_default()
}
