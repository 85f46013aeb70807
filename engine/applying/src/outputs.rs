//! Output values of the root module, once everything is done.

use infra_addrs::{ModuleInstance, ModulePath};
use infra_lang::dependencies::Node;
use infra_plan::Action;
use infra_state::OutputValue;
use infra_value::{Str, Type, Value};

use crate::dispatcher::Dispatcher;

impl Dispatcher {
    /// Sets what is known; an output that depends on something that failed keeps the value it had.
    pub(crate) fn set_outputs(&mut self) {
        self.world.forget_computed();
        let plan = self.plan.clone();
        let lost = self.lost();
        for (name, change) in &plan.outputs {
            if change.action == Action::Delete {
                self.state.outputs.remove(name);
                continue;
            }
            if lost.contains(&Node::Output(ModulePath::root(), name.clone())) {
                continue;
            }
            let before = self.world.take_diagnostics();
            let value = self.world.output(&ModuleInstance::root(), name);
            let failed = self.world.take_diagnostics().has_errors();
            self.diags.extend(before);
            let Some((value, _)) = value.map(|value| value.unmarked_deep()) else { continue };
            if failed || !self.is_allowed(name) {
                continue;
            }
            if value.is_null() {
                self.state.outputs.remove(name);
            } else {
                // What a run with targets leaves out is not known after it either, nor what a refresh found to be gone.
                let planned = change.after.as_ref().filter(|_| value.ty() == Type::Any);
                let value = planned.map_or(value, |planned| Value::unknown(planned.ty()));
                let value = infra_planning::without_unknown(value);
                self.state
                    .outputs
                    .insert(name.clone(), OutputValue { value, sensitive: change.sensitive });
            }
        }
    }

    /// Whether the preconditions of an output value of the root module hold. They are told of with all others.
    fn is_allowed(&self, output: &Str) -> bool {
        let Some(block) = self.plan.config.root.outputs.get(output) else { return true };
        if block.preconditions.is_empty() {
            return true;
        }
        let Some(scope) = self.world.scope(&ModuleInstance::root()) else { return true };
        let judged = infra_planning::judge(&self.world, &scope, &block.preconditions, "");
        !judged.status.has_failed()
    }
}
