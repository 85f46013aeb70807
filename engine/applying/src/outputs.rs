//! Output values of the root module, once everything is done.

use infra_addrs::ModuleInstance;
use infra_plan::Action;
use infra_state::OutputValue;

use crate::dispatcher::Dispatcher;

impl Dispatcher {
    /// Sets what is known; an output that depends on something that failed keeps the value it had.
    pub(crate) fn set_outputs(&mut self) {
        self.world.forget_computed();
        let plan = self.plan.clone();
        for (name, change) in &plan.outputs {
            if change.action == Action::Delete {
                self.state.outputs.remove(name);
                continue;
            }
            let before = self.world.take_diagnostics();
            let value = self.world.output(&ModuleInstance::root(), name);
            let failed = self.world.take_diagnostics().has_errors();
            self.diags.extend(before);
            let Some((value, _)) = value.map(|value| value.unmarked_deep()) else { continue };
            if failed || !value.is_wholly_known() {
                continue;
            }
            if value.is_null() {
                self.state.outputs.remove(name);
            } else {
                self.state
                    .outputs
                    .insert(name.clone(), OutputValue { value, sensitive: change.sensitive });
            }
        }
    }
}
