//! Random configurations, applied one after the other: what must hold whatever they are.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use infra_engine::lang::files::Snapshot;
use infra_engine::plan::{Event, Events, Mode, Plan, Registry, file};
use infra_engine::state::{LocalStore, LockInfo};
use infra_engine::{ApplyOptions, Engine, PlanOptions, Session};
use infra_provider_test::Cloud;
use proptest::prelude::*;

/// One resource of a configuration.
#[derive(Clone, Debug)]
struct Resource {
    /// How many instances; nothing for one without a key.
    count: Option<u8>,
    /// Another kind is another object.
    kind: u8,
    value: u8,
    create_before_destroy: bool,
    /// The earlier resources whose ids its value holds, as bits.
    needs: u8,
}

const DELAYED: Style = Style { delay: true, open: false };
const OPEN: Style = Style { delay: false, open: true };

/// A configuration: the resources that it has, by position.
type Configuration = Vec<Option<Resource>>;

fn configurations() -> impl Strategy<Value = Configuration> {
    let resource = (
        proptest::option::of(0..3_u8),
        0..2_u8,
        0..3_u8,
        proptest::bool::weighted(0.3),
        any::<u8>(),
    )
        .prop_map(|(count, kind, value, create_before_destroy, needs)| Resource {
            count,
            kind,
            value,
            create_before_destroy,
            needs,
        });
    proptest::collection::vec(proptest::option::weighted(0.7, resource), 5)
}

/// How a configuration is written.
#[derive(Clone, Copy, Default)]
struct Style {
    /// Changes take some time.
    delay: bool,
    /// How many instances there are depends on other objects, where there are some.
    open: bool,
}

/// The text of a configuration. Names hold the kind, so that a replacement never collides with what it replaces.
fn text(configuration: &Configuration, style: Style) -> String {
    let mut text = String::new();
    for (at, resource) in configuration.iter().enumerate() {
        let Some(Resource { count, kind, value, create_before_destroy, needs }) = resource else {
            continue;
        };
        let index = if count.is_some() { "-${count.index}" } else { "" };
        let needed: String = (0..at)
            .filter(|other| needs & (1 << other) != 0 && configuration[*other].is_some())
            .map(|other| format!("${{join(\",\", test_object.r{other}[*].id)}}"))
            .collect();
        let _ = writeln!(text, "resource \"test_object\" \"r{at}\" {{");
        if let Some(count) = count {
            let known_late = (0..at).find(|other| {
                let found = configuration[*other].as_ref();
                style.open
                    && needs & (1 << other) != 0
                    && found.is_some_and(|found| found.count.is_none())
            });
            let _ = match known_late {
                Some(other) => {
                    writeln!(text, "  count = test_object.r{other}.id == \"\" ? 9 : {count}")
                }
                None => writeln!(text, "  count = {count}"),
            };
        }
        let keyed = u8::from(count.is_some());
        let _ = writeln!(text, "  name  = \"r{at}-{kind}-{keyed}{index}\"\n  kind  = \"{kind}\"");
        let _ = writeln!(text, "  value = \"{value}{needed}\"");
        if style.delay {
            let _ = writeln!(text, "  delay = 1");
        }
        if *create_before_destroy {
            let _ = writeln!(text, "  lifecycle {{\n    create_before_destroy = true\n  }}");
        }
        let _ = writeln!(text, "}}");
    }
    text
}

struct Stack {
    cloud: Arc<Cloud>,
    folder: tempfile::TempDir,
}

impl Stack {
    fn new() -> Self {
        Self { cloud: Arc::default(), folder: tempfile::tempdir().expect("a folder") }
    }

    fn engine(&self, text: &str, parallelism: usize) -> Engine {
        let registry = Registry::new([infra_provider_test::provider(&self.cloud)], []);
        let files = Arc::new(Snapshot::of([("main.tf", text)]));
        Engine { parallelism, ..Engine::new(registry, files) }
    }

    async fn session(&self) -> Session {
        let path: &Path = self.folder.path();
        let store = Arc::new(LocalStore::at(path.join("terraform.tfstate")));
        let lock = LockInfo {
            id: "a-lock".to_owned(),
            operation: "test".to_owned(),
            info: String::new(),
            who: "test".to_owned(),
            version: "1.11.4".to_owned(),
            created: "2026-01-01T00:00:00Z".to_owned(),
            path: String::new(),
        };
        let opened = Session::open(store, Some(lock), Duration::ZERO, "a-lineage".to_owned()).await;
        opened.map_err(|found| found.to_string()).expect("a session").0
    }

    async fn plan(&self, engine: &Engine, session: &Session, mode: Mode) -> Plan {
        let (config, found) = engine.load("");
        assert!(!found.has_errors(), "{found}");
        let options = PlanOptions { mode, ..PlanOptions::default() };
        let (plan, found) = engine.plan(&config, session, options).await;
        assert!(plan.is_some(), "{found}");
        plan.expect("a plan")
    }

    /// Applies what can be planned, until nothing is deferred any more.
    async fn apply_in_rounds(&self, text: &str) {
        let engine = self.engine(text, 4);
        let mut complete = false;
        for _ in 0..6 {
            let (config, found) = engine.load("");
            assert!(!found.has_errors(), "{found}");
            let mut session = self.session().await;
            let options = PlanOptions { defer: true, ..PlanOptions::default() };
            let (plan, found) = engine.plan(&config, &session, options).await;
            assert!(!found.has_errors(), "{found}\n{text}");
            let plan = plan.expect("a plan");
            complete = plan.is_complete();
            let found = engine.apply(plan, &mut session, ApplyOptions::default()).await;
            assert!(!found.has_errors(), "{found}\n{text}");
            session.close().await;
            if complete {
                break;
            }
        }
        assert!(complete, "something is deferred for ever\n{text}");
    }

    async fn apply(&self, text: &str, mode: Mode) {
        let engine = self.engine(text, 4);
        let mut session = self.session().await;
        let plan = self.plan(&engine, &session, mode).await;
        let found = engine.apply(plan, &mut session, ApplyOptions::default()).await;
        assert!(!found.has_errors(), "{found}\n{text}");
        session.close().await;
    }
}

fn run<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn after_any_two_configurations_nothing_is_left_to_do_and_destroy_leaves_nothing(
        first in configurations(),
        second in configurations(),
    ) {
        run(async {
            let stack = Stack::new();
            let (first, second) = (text(&first, Style::default()), text(&second, Style::default()));
            stack.apply(&first, Mode::Normal).await;
            stack.apply(&second, Mode::Normal).await;
            let engine = stack.engine(&second, 4);
            let mut session = stack.session().await;
            let plan = stack.plan(&engine, &session, Mode::Normal).await;
            let changed: Vec<String> = plan.changes.iter()
                .filter(|change| change.action != infra_engine::plan::Action::NoOp)
                .map(|change| format!("{} {}", change.action, change.addr))
                .collect();
            assert!(changed.is_empty(), "{changed:?}\n{first}\n--\n{second}");
            session.close().await;
            stack.apply(&second, Mode::Destroy).await;
            assert!(stack.cloud.names().is_empty(), "{:?}", stack.cloud.names());
            let mut session = stack.session().await;
            assert!(session.state.resources.is_empty());
            session.close().await;
        });
    }

    #[test]
    fn what_is_deferred_is_done_by_later_plans(
        first in configurations(),
        second in configurations(),
    ) {
        run(async {
            let (rounds, once) = (Stack::new(), Stack::new());
            for configuration in [&first, &second] {
                rounds.apply_in_rounds(&text(configuration, OPEN)).await;
                once.apply(&text(configuration, Style::default()), Mode::Normal).await;
                assert_eq!(rounds.cloud.names(), once.cloud.names());
            }
            rounds.apply(&text(&second, OPEN), Mode::Destroy).await;
            assert!(rounds.cloud.names().is_empty(), "{:?}", rounds.cloud.names());
        });
    }

    #[test]
    fn a_plan_is_the_same_byte_for_byte_whatever_the_parallelism(
        first in configurations(),
        second in configurations(),
    ) {
        run(async {
            let stack = Stack::new();
            stack.apply(&text(&first, Style::default()), Mode::Normal).await;
            let mut plans = Vec::new();
            for at in 0..20 {
                let engine = stack.engine(&text(&second, Style::default()), [1, 2, 3, 10][at % 4]);
                let mut session = stack.session().await;
                let plan = stack.plan(&engine, &session, Mode::Normal).await;
                plans.push(file::write(&plan).expect("a file"));
                session.close().await;
            }
            assert!(plans.iter().all(|plan| *plan == plans[0]));
        });
    }

    #[test]
    fn a_run_that_is_killed_leaves_every_object_in_state_or_journal(
        first in configurations(),
        second in configurations(),
        moment in 0..12_usize,
    ) {
        run(async {
            let stack = Stack::new();
            stack.apply(&text(&first, Style::default()), Mode::Normal).await;
            let engine = stack.engine(&text(&second, DELAYED), 3);
            let mut session = stack.session().await;
            let plan = stack.plan(&engine, &session, Mode::Normal).await;
            let (count, killed) = (AtomicUsize::new(0), Arc::new(tokio::sync::Notify::new()));
            let begun: Arc<Mutex<Vec<String>>> = Arc::default();
            let (told, kill) = (begun.clone(), killed.clone());
            let events = Events::new(move |event| {
                if let Event::ApplyStart { addr, .. } = &event
                    && let Ok(mut begun) = told.lock()
                {
                    begun.push(addr.to_string());
                }
                if count.fetch_add(1, Ordering::Relaxed) == moment {
                    kill.notify_one();
                }
            });
            let options = ApplyOptions { events, ..ApplyOptions::default() };
            tokio::select! {
                biased;
                () = killed.notified() => {}
                found = engine.apply(plan, &mut session, options) => {
                    assert!(!found.has_errors(), "{found}");
                }
            }
            session.close().await;
            drop(session);
            let mut session = stack.session().await;
            let known: Vec<String> = session.state.instances().flat_map(|(_, _, found)| {
                let objects = found.current.iter().chain(found.deposed.values());
                objects.filter_map(|object| object.id().map(Cow::into_owned)).collect::<Vec<_>>()
            }).collect();
            for name in stack.cloud.names() {
                assert!(known.contains(&name), "{name} is lost; known are {known:?}; begun {begun:?}");
            }
            session.close().await;
        });
    }
}
