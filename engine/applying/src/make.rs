//! Creating, updating and reading one object.

use infra_addrs::Mode as ResourceMode;
use infra_diag::Severity;
use infra_plan::{Action, Event, ResourceChange};
use infra_provider::{ApplyRequest, Connection, Kind, Object, PlanRequest, Problem};
use infra_state::ObjectState;
use infra_value::{Marks, Path, Value};

use crate::diagnostics;
use crate::dispatcher::{Dispatcher, Finished, Next, connect, stored};
use crate::order::Step;

impl Dispatcher {
    pub(crate) fn start_make(&mut self, position: usize) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        let config = self.plan.config.clone();
        let addr = &change.addr;
        let Some(block) = config.resource(&addr.config()) else { return Next::Failed };
        let Some(provider) = self.provider(&change.provider) else { return Next::Failed };
        let kind = Kind::from(addr.resource.mode);
        let Some(schema) = provider.schema(kind, &addr.resource.type_name).cloned() else {
            return Next::Failed;
        };
        let Some(provider_config) =
            self.provider_config(&change.provider, provider.config_schema())
        else {
            return Next::Failed;
        };
        let Some(scope) = self.world.resource_scope(&addr.module, block, &addr.key) else {
            return Next::Failed;
        };
        if matches!(change.action, Action::Create | Action::Read) {
            self.state.add_resource(addr, &change.provider);
        }
        let (value, found) = self.world.decode(&block.body, &schema.block, &scope);
        let failed = found.has_errors();
        self.diags.extend(found.into_iter().map(|found| found.instance(addr)));
        if failed {
            return Next::Failed;
        }
        if !self.conditions_hold(&block.lifecycle.preconditions, addr, None) {
            return Next::Failed;
        }
        let (value, marks) = value.unmarked_paths();
        let marks = infra_planning::kept(marks);
        if let Some(path) = first_unknown(&value) {
            self.tell(diagnostics::still_unknown(block, addr, &path));
            return Next::Failed;
        }

        let prior = match change.action {
            Action::Update => self.prior_object(&change, &schema),
            _ => None,
        };
        let written = value.clone();
        let value = match &prior {
            Some(prior) => infra_planning::ignore_changes(
                &block.lifecycle.ignore_changes,
                &value,
                &prior.value,
                &schema.block,
            ),
            None => value,
        };
        if change.action == Action::CreateThenDelete {
            self.depose(&change);
        }
        let action = if change.action.is_replace() { Action::Create } else { change.action };
        if kind == Kind::Managed
            && !self.journal(|journal| journal.intent(addr, &action.to_string()))
        {
            return Next::Failed;
        }
        let marked_before = self.state.object(addr).map(|found| found.sensitive.clone());
        let connections = self.request.connections.clone();
        let (journal, events) = (self.journal.clone(), self.request.events.clone());
        Next::More(Box::pin(async move {
            let step = Step::Make(position);
            let refused = |problems| Finished::Made {
                object: prior.clone(),
                tainted: false,
                marks: Vec::new(),
                problems,
            };
            let type_name = &*change.addr.resource.type_name;
            let connection =
                connect(&connections, &provider, &change.provider, &provider_config).await;
            let planned = match &connection {
                Ok(connection) if kind == Kind::Managed => {
                    Some(settle(&**connection, &change, prior.as_ref(), [&value, &written]))
                }
                _ => None,
            };
            if let (Some(Ok(planned)), Some(prior)) = (&planned, &prior)
                && planned.value == prior.value
                && marked_before.is_some_and(|before| {
                    same_marks(&before, &stored(&change, planned, &schema, &marks, false))
                })
            {
                return (step, Finished::Unchanged);
            }
            let id = prior.as_ref().and_then(|prior| infra_planning::id_of(&prior.value));
            events.emit(Event::ApplyStart { addr: change.addr.clone(), action, id });
            let connection = match connection {
                Ok(connection) => connection,
                Err(problems) => return (step, refused(problems)),
            };
            let Some(planned) = planned else {
                let finished = match connection.read_data(type_name, &value).await {
                    Ok(value) => {
                        let object = Some(Object::new(value));
                        Finished::Made { object, tainted: false, marks, problems: Vec::new() }
                    }
                    Err(problems) => refused(problems),
                };
                return (step, finished);
            };
            let planned = match planned {
                Ok(planned) => planned,
                Err(problems) => return (step, refused(problems)),
            };
            let saved = |object: Object| {
                if let Some(journal) = &journal {
                    // The object exists: it is written down before anything else can happen. Until it is complete it
                    // counts as tainted.
                    let kept = stored(&change, &object, &schema, &marks, prior.is_none());
                    if let Err(error) = journal.saved(&change.addr, &change.provider, &kept) {
                        events.emit(Event::Diagnostic(diagnostics::journal(&error)));
                    }
                }
            };
            let request = ApplyRequest {
                type_name,
                prior: prior.as_ref(),
                planned: Some(&planned),
                config: &value,
                saved: &saved,
            };
            let response = connection.apply(request).await;
            let finished = Finished::Made {
                object: response.object,
                tainted: response.tainted,
                marks,
                problems: response.problems,
            };
            (step, finished)
        }))
    }

    /// Takes in that a change is none, now that all is known.
    pub(crate) fn unchanged(&mut self, position: usize) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        let addr = &change.addr;
        if let Some(object) = self.state.object(addr).cloned() {
            self.journal(|journal| journal.saved(addr, &change.provider, &object));
            self.show_stored(addr, &change.provider, &object);
        }
        self.postconditions(&change)
    }

    /// Takes in an object that was made, or not.
    pub(crate) fn made(
        &mut self,
        position: usize,
        object: Option<Object>,
        tainted: bool,
        marks: &[(Path, Marks)],
        problems: Vec<Problem>,
    ) -> Next {
        let Some(change) = self.change(position).cloned() else { return Next::Done };
        let addr = &change.addr;
        let Some(provider) = self.provider(&change.provider) else { return Next::Failed };
        let Some(schema) = provider.schema(addr.resource.mode.into(), &addr.resource.type_name)
        else {
            return Next::Failed;
        };
        let action = if change.action.is_replace() { Action::Create } else { change.action };
        let config = self.plan.config.clone();
        let check = config.resource(&addr.config()).and_then(|block| block.check.as_ref());
        if let Some(check) = check.filter(|_| object.is_none()) {
            // A check that cannot look is no reason to stop.
            self.check_cannot_read(addr, check, problems);
            return Next::Done;
        }
        let failed = self.report(addr, problems);
        let id = object.as_ref().and_then(|object| infra_planning::id_of(&object.value));
        let provisions =
            action == Action::Create && object.is_some() && self.has_provisioners(addr);
        match &object {
            Some(object) => {
                let kept = stored(&change, object, schema, marks, tainted);
                if addr.resource.mode == ResourceMode::Managed {
                    // A run that ends before the provisioners do leaves an object that must be replaced.
                    let noted = ObjectState { tainted: tainted || provisions, ..kept.clone() };
                    self.journal(|journal| journal.saved(addr, &change.provider, &noted));
                }
                self.state.set_object(addr, &change.provider, kept);
                let value = infra_planning::marked(object.value.clone(), marks, &schema.block);
                self.world.set_resource(&addr.module, &addr.resource, addr.key.clone(), value);
            }
            None if change.action == Action::CreateThenDelete => self.restore(&change),
            // Nothing was made, so there is nothing to note of the resource either.
            None if change.action == Action::Create => self.state.remove_object(addr),
            None => {}
        }
        if failed {
            self.request.events.emit(Event::ApplyFailed { addr: addr.clone(), action });
            if object.is_some() {
                self.postconditions(&change);
            }
            return Next::Failed;
        }
        if provisions {
            return self.next_provisioner(Step::Make(position), position, 0);
        }
        self.request.events.emit(Event::ApplyDone { addr: addr.clone(), action, id });
        self.postconditions(&change)
    }

    /// What there is of a change's object.
    pub(crate) fn prior_object(
        &mut self,
        change: &ResourceChange,
        schema: &infra_provider::Schema,
    ) -> Option<Object> {
        let stored = match &change.deposed {
            None => self.state.object(&change.addr)?.clone(),
            Some(key) => self.state.instance(&change.addr)?.deposed.get(key)?.clone(),
        };
        match stored.decode(schema) {
            Ok(value) => Some(Object { value: value.unmarked_deep().0, private: stored.private }),
            Err(problem) => {
                self.report(&change.addr, vec![problem]);
                None
            }
        }
    }

    /// Sets the current object aside, so that its successor can be made first.
    fn depose(&mut self, change: &ResourceChange) {
        let Some(object) = self.state.object(&change.addr).cloned() else { return };
        let key = deposed_key(change, self.state.serial);
        self.state.remove_object(&change.addr);
        self.state.set_deposed(&change.addr, &change.provider, &key, object.clone());
        self.journal(|journal| journal.deposed(&change.addr, &change.provider, &key, &object));
    }

    /// Undoes [`Self::depose`] when no successor could be made.
    fn restore(&mut self, change: &ResourceChange) {
        let key = deposed_key(change, self.state.serial);
        let found =
            self.state.instance(&change.addr).and_then(|found| found.deposed.get(&key).cloned());
        if let Some(object) = found {
            self.state.remove_deposed(&change.addr, &key);
            self.journal(|journal| journal.saved(&change.addr, &change.provider, &object));
            self.state.set_object(&change.addr, &change.provider, object);
        }
    }

    /// The object that a replacement set aside.
    pub(crate) fn deposed_by(&self, change: &ResourceChange) -> Option<(String, ObjectState)> {
        let key = deposed_key(change, self.state.serial);
        let object = self.state.instance(&change.addr)?.deposed.get(&key)?.clone();
        Some((key, object))
    }
}

/// Plans once more now that everything is known, and sees that it is still the same action.
fn settle(
    connection: &dyn Connection,
    change: &ResourceChange,
    prior: Option<&Object>,
    [config, written]: [&Value; 2],
) -> Result<Object, Vec<Problem>> {
    let type_name = &*change.addr.resource.type_name;
    let response = connection.plan(PlanRequest { type_name, prior, config, written });
    if response.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(response.problems);
    }
    if prior.is_some() && !response.requires_replace.is_empty() {
        let names: Vec<String> =
            response.requires_replace.iter().map(ToString::to_string).collect();
        return Err(vec![Problem::error(
            "Object must be replaced",
            format!(
                "With all values known, {} cannot be changed in place ({}), which the plan did not say. Make a new plan.",
                change.addr,
                names.join(", ")
            ),
        )]);
    }
    if let (Some(after), Some(planned)) = (&change.after, &response.planned)
        && let Some(name) = inconsistent(after, &planned.value, config)
    {
        return Err(vec![Problem::error(
            "Provider produced inconsistent final plan",
            format!(
                "The argument \"{name}\" of {} is not what the plan says: what it is computed from has changed since, such \
                 as a file that is read. Make a new plan.",
                change.addr
            ),
        )]);
    }
    response.planned.ok_or_else(|| {
        vec![Problem::error("Provider made no plan", "This is a bug in the provider.")]
    })
}

/// An argument whose value was known when it was planned, and is another one now.
fn inconsistent(after: &Value, planned: &Value, config: &Value) -> Option<String> {
    let (after, _) = after.unmarked_deep();
    let arguments = config.as_map()?.iter().filter(|(_, value)| !value.is_null());
    let mut changed = arguments.filter(|(name, value)| {
        let was = after.get(name).filter(|was| was.is_wholly_known() && !was.is_null());
        let plain = value
            .as_sequence()
            .is_none_or(|items| items.iter().all(|item| item.as_map().is_none()));
        plain && was.is_some_and(|was| planned.get(name).is_some_and(|now| now != was))
    });
    changed.next().map(|(name, _)| name.to_string())
}

/// Whether the same places are sensitive as before.
fn same_marks(before: &[Path], now: &ObjectState) -> bool {
    before.len() == now.sensitive.len() && before.iter().all(|path| now.sensitive.contains(path))
}

/// The key of an object set aside: eight hexadecimal digits, the same for the same change of the same state.
fn deposed_key(change: &ResourceChange, serial: u64) -> String {
    let text = format!("{}/{serial}", change.addr);
    let hash = text
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}

pub(crate) fn first_unknown(value: &Value) -> Option<Path> {
    if value.is_wholly_known() {
        return None;
    }
    let mut found = None;
    value.walk(&mut |path, item| {
        if found.is_none() && !item.is_known() {
            found = Some(path.clone());
        }
    });
    found
}
