//! The values of a configuration's objects, as far as the state or a plan knows them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use infra_addrs::Mode as ResourceMode;
use infra_lang::config::Config;
use infra_lang::world::World;
use infra_plan::Plan;
use infra_provider::Kind;
use infra_state::State;
use infra_value::{Marks, Str, Value};

use crate::Engine;

impl Engine {
    /// Every object as the state has it. Variables without a value and resources that the state does not have are known
    /// only after apply. `now` is the time in RFC 3339.
    pub fn values(
        &self,
        config: &Arc<Config>,
        state: &State,
        variables: BTreeMap<Str, Value>,
        workspace: &str,
        now: &str,
    ) -> World {
        let environment = self.environment(config.files.clone(), now, Some(now));
        let world = World::new(config.clone(), environment, workspace, variables);
        self.set_from_state(&world, state, &BTreeSet::new());
        world
    }

    /// Every object as it is planned to be; the others as the prior state has them.
    pub fn planned_values(&self, plan: &Plan) -> World {
        let environment = self.environment(plan.config.files.clone(), &plan.timestamp, None);
        let (config, variables) = (plan.config.clone(), plan.variables.clone());
        let world = World::new(config, environment, &plan.workspace, variables);
        let mut planned = BTreeSet::new();
        for change in plan.changes.iter().filter(|change| change.deposed.is_none()) {
            let addr = &change.addr;
            planned.insert(addr);
            if let Some(after) = &change.after {
                world.set_resource(&addr.module, &addr.resource, addr.key.clone(), after.clone());
            }
        }
        self.set_from_state(&world, &plan.prior, &planned);
        world
    }

    fn set_from_state(
        &self,
        world: &World,
        state: &State,
        but: &BTreeSet<&infra_addrs::ResourceInstance>,
    ) {
        for (addr, provider, found) in state.instances() {
            let (Some(object), Some(known)) =
                (&found.current, self.registry.get(&provider.provider))
            else {
                continue;
            };
            let data = addr.resource.mode == ResourceMode::Data;
            let kind = if data { Kind::Data } else { Kind::Managed };
            let Some(schema) = known.schema(kind, &addr.resource.type_name) else { continue };
            if but.contains(&addr) {
                continue;
            }
            if let Ok(value) = object.decode(schema) {
                let marks: Vec<_> =
                    object.sensitive.iter().map(|path| (path.clone(), Marks::SENSITIVE)).collect();
                let value = infra_planning::marked(value, &marks, &schema.block);
                world.set_resource(&addr.module, &addr.resource, addr.key.clone(), value);
            }
        }
    }
}
