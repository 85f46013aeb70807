//! Random configurations whose changes trigger actions: what must hold whatever they are.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infra_engine::lang::files::{Disk, Snapshot};
use infra_engine::plan::{
    Action, Event, Events, Happened, Invocation, Registry, ResourceChange, file,
};
use infra_engine::state::LocalStore;
use infra_engine::{ApplyOptions, Engine, PlanOptions, Session};
use infra_provider_test::Cloud;
use proptest::prelude::*;

/// One resource with what its changes trigger.
#[derive(Clone, Debug)]
struct Resource {
    count: u8,
    /// Another kind is another object.
    kind: u8,
    value: u8,
    create_before_destroy: bool,
    /// The earlier resources that its value holds, as bits.
    needs: u8,
    /// At which events actions are invoked, as bits.
    before: u8,
    after: u8,
    /// The resource that the arguments of the action after it refer to.
    seen: usize,
}

const RESOURCES: usize = 4;

fn configurations() -> impl Strategy<Value = Vec<Resource>> {
    let own = (1..3_u8, 0..2_u8, 0..3_u8, any::<bool>());
    let others = (any::<u8>(), 0..4_u8, 0..4_u8, 0..RESOURCES);
    let resource = (own, others).prop_map(|(own, (needs, before, after, seen))| {
        let (count, kind, value, create_before_destroy) = own;
        Resource { count, kind, value, create_before_destroy, needs, before, after, seen }
    });
    proptest::collection::vec(resource, RESOURCES)
}

fn text(resources: &[Resource], triggers: bool) -> String {
    let mut text = String::new();
    for (at, found) in resources.iter().enumerate() {
        let Resource { count, kind, value, create_before_destroy, needs, seen, .. } = found;
        let needed: String = (0..at)
            .filter(|other| needs & (1 << other) != 0)
            .map(|other| format!("${{test_object.r{other}[0].id}}"))
            .collect();
        let mut block = String::new();
        for (when, bits) in [("before", found.before), ("after", found.after)] {
            let events: Vec<String> = (["create", "update"].iter().enumerate())
                .filter(|(bit, _)| bits & (1 << bit) != 0)
                .map(|(_, event)| format!("{when}_{event}"))
                .collect();
            if triggers && !events.is_empty() {
                let action = format!("action.test_note.{when}{at}");
                let _ = writeln!(
                    block,
                    "    action_trigger {{\n      events = [{}]\n      actions = [{action}[count.index], {action}[0]]\n    }}",
                    events.join(", ")
                );
            }
            // What a change waits for refers to what it needs itself.
            let seen = if when == "after" { *seen } else { at.saturating_sub(1) };
            let told = match when == "before" && at == 0 {
                true => String::new(),
                false => format!("${{test_object.r{seen}[0].revision}}"),
            };
            let _ = writeln!(
                text,
                "action \"test_note\" \"{when}{at}\" {{\n  count = {count}\n  config {{\n    name = \"note\"\n    value = \"{told}\"\n  }}\n}}"
            );
        }
        let _ = writeln!(
            text,
            "resource \"test_object\" \"r{at}\" {{\n  count = {count}\n  name = \"r{at}-{kind}-${{count.index}}\"\n  kind = \"{kind}\"\n  value \
             = \"{value}{needed}\"\n  lifecycle {{\n    create_before_destroy = {create_before_destroy}\n{block}  }}\n}}"
        );
    }
    text
}

struct Stack {
    cloud: Arc<Cloud>,
    folder: tempfile::TempDir,
}

impl Stack {
    fn engine(&self, text: &str) -> Engine {
        let registry = Registry::new([infra_provider_test::provider(&self.cloud)], []);
        Engine::new(registry, Arc::new(Snapshot::of([("main.tf", text)])))
    }

    async fn session(&self) -> Session {
        let store = Arc::new(LocalStore::at(self.folder.path().join("terraform.tfstate")));
        let opened = Session::open(store, None, Duration::ZERO, "a-lineage".to_owned()).await;
        opened.map_err(|found| found.to_string()).expect("a session").0
    }

    /// Applies a configuration by way of a plan file, and sees that what is invoked is invoked when it should be.
    async fn apply(&self, resources: &[Resource]) {
        let text = text(resources, true);
        let engine = self.engine(&text);
        let mut session = self.session().await;
        let (config, found) = engine.load("");
        assert!(!found.has_errors() && !engine.check(&config).has_errors(), "{found}\n{text}");
        let (plan, found) = engine.plan(&config, &session, PlanOptions::default()).await;
        assert!(!found.has_errors(), "{found}\n{text}");
        let plan = plan.expect("a plan");
        self.changes_the_same(resources, &plan.changes, &session).await;
        let disk = Arc::new(Disk { working_dir: "/nowhere".into(), home: None });
        let bytes = file::write(&plan).expect("a file");
        let (read, _) = file::read(&bytes, disk).expect("a plan");
        assert_eq!(read.invocations, plan.invocations);
        let events: Arc<Mutex<Vec<Event>>> = Arc::default();
        let told = events.clone();
        let events_to = Events::new(move |event| {
            if let Ok(mut told) = told.lock() {
                told.push(event);
            }
        });
        let invocations = read.invocations.clone();
        let options = ApplyOptions { events: events_to, ..ApplyOptions::default() };
        let found = engine.apply(read, &mut session, options).await;
        assert!(!found.has_errors(), "{found}\n{text}");
        session.close().await;
        in_order(&invocations, &events.lock().expect("the events"), &text);
    }

    /// Triggers change nothing of what becomes of objects, but for the order of a replacement: what a change waits for is
    /// what it depends on.
    async fn changes_the_same(
        &self,
        resources: &[Resource],
        planned: &[ResourceChange],
        session: &Session,
    ) {
        let engine = self.engine(&text(resources, false));
        let (config, _) = engine.load("");
        let (plan, _) = engine.plan(&config, session, PlanOptions::default()).await;
        let plan = plan.expect("a plan");
        assert!(plan.invocations.is_empty());
        let values = |changes: &[ResourceChange]| -> Vec<_> {
            let action = |found: &ResourceChange| match found.action.is_replace() {
                true => Action::DeleteThenCreate,
                false => found.action,
            };
            let of = changes.iter();
            of.map(|found| (found.addr.clone(), action(found), found.after.clone())).collect()
        };
        assert_eq!(values(&plan.changes), values(planned));
    }
}

fn in_order(invocations: &[Arc<Invocation>], events: &[Event], text: &str) {
    let at = |wanted: &Invocation, state: &Happened| -> Vec<usize> {
        let found = events.iter().enumerate().filter(|(_, event)| {
            matches!(event, Event::Action { invocation, happened } if **invocation == *wanted && happened == state)
        });
        found.map(|(at, _)| at).collect()
    };
    let mut last: Option<(&Invocation, usize)> = None;
    for invocation in invocations {
        let (begun, done) = (at(invocation, &Happened::Started), at(invocation, &Happened::Done));
        assert!(begun.len() == 1 && done.len() == 1, "{invocation:?} {begun:?} {done:?}\n{text}");
        let (resource, event) = invocation.trigger().expect("a trigger");
        let change = events.iter().position(|found| match found {
            Event::ApplyStart { addr, action, .. } => {
                event.is_before() && addr == resource && *action != Action::Delete
            }
            Event::ApplyDone { addr, action, .. } => {
                !event.is_before() && addr == resource && *action != Action::Delete
            }
            _ => false,
        });
        // A change that turns out to be none tells nothing.
        if let Some(change) = change {
            let right = if event.is_before() { done[0] < change } else { change < begun[0] };
            assert!(right, "{invocation:?} {begun:?} {done:?} {change}\n{text}");
        }
        if let Some((before, until)) = last
            && before.trigger() == invocation.trigger()
        {
            assert!(until < begun[0], "{before:?} {invocation:?}\n{text}");
        }
        last = Some((invocation, done[0]));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn what_changes_trigger_is_invoked_once_and_in_order(
        first in configurations(),
        second in configurations(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let folder = tempfile::tempdir().expect("a folder");
            let stack = Stack { cloud: Arc::default(), folder };
            stack.apply(&first).await;
            stack.apply(&second).await;
        });
    }
}
