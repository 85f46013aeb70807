//! Queries without the command: what a program that embeds the engine hears of them, and what they cost.

use std::sync::{Arc, Mutex};

use infra_engine::lang::files::Snapshot;
use infra_engine::plan::{Event, Events, Registry};
use infra_engine::state::{MemoryStore, State};
use infra_engine::{ApplyOptions, Engine, PlanOptions, Session};
use infra_provider_test::Cloud;

const STACK: &str = r#"
resource "test_object" "a" {
  count  = 9
  name   = "a${count.index}"
  secret = "secret"
}
"#;

/// What a query tells of a cloud with nine objects, a line an event; how many calls it makes; what goes wrong.
async fn queried(query: &str) -> (Vec<String>, u64, String) {
    let cloud = Arc::new(Cloud::default());
    let files = Snapshot::of([("main.tf", STACK), ("all.tfquery.hcl", query)]);
    let mut engine =
        Engine::new(Registry::new([infra_provider_test::provider(&cloud)], []), Arc::new(files));
    let mut session = Session::of(Arc::new(MemoryStore::default()), State::new(String::new()));
    // Whoever plans does not see queries.
    let (config, found) = engine.load("");
    assert!(!found.has_errors(), "{found}");
    let (plan, _) = engine.plan(&config, &session, PlanOptions::default()).await;
    let found = engine.apply(plan.expect("a plan"), &mut session, ApplyOptions::default()).await;
    assert!(!found.has_errors(), "{found}");
    let before = cloud.calls();
    engine.loading.queries = true;
    let (config, found) = engine.load("");
    assert!(!found.has_errors(), "{found}");
    let told: Arc<Mutex<Vec<String>>> = Arc::default();
    let lines = told.clone();
    let events = Events::new(move |event| {
        let line = match event {
            Event::ListStart { addr, .. } => format!("{addr} begins"),
            Event::ListFound { addr, found } => {
                let secret = found.object.as_ref().and_then(|object| object.get("secret"));
                let marked = secret.map_or("", |secret| match secret.is_sensitive() {
                    true => ", with a secret",
                    false => ", without marks",
                });
                format!("{addr} found {}{marked}", found.name)
            }
            Event::ListDone { addr, total } => format!("{addr} found {total}"),
            Event::ListFailed { addr } => format!("{addr} failed"),
            _ => return,
        };
        lines.lock().expect("nobody panics").push(line);
    });
    let options = PlanOptions { events, ..PlanOptions::default() };
    let found = engine.query(&config, &session, options).await;
    let told = told.lock().expect("nobody panics").clone();
    (told, cloud.calls() - before, found.to_string())
}

#[tokio::test]
async fn no_more_pages_are_read_than_are_wanted() {
    let list = |limit: u8, size: u8| {
        format!(
            "list \"test_object\" \"all\" {{\n  provider = test\n  limit = {limit}\n  config {{\n    page_size = {size}\n  }}\n}}\n"
        )
    };
    for (limit, size, found, calls) in
        [(4, 2, 4, 2), (5, 2, 5, 3), (100, 4, 9, 3), (1, 50, 1, 1), (0, 2, 0, 0), (9, 9, 9, 1)]
    {
        let (told, made, problems) = queried(&list(limit, size)).await;
        assert_eq!((told.len() - 2, made), (found, calls), "{limit} by {size}: {told:?}");
        assert!(problems.is_empty(), "{problems}");
    }
}

#[tokio::test]
async fn what_is_found_is_read_a_page_at_once_and_keeps_its_marks() {
    let query = r#"
list "test_object" "all" {
  provider         = test
  include_resource = true
  limit            = 3

  config {
    page_size = 2
  }
}
"#;
    let (told, calls, _) = queried(query).await;
    let expected = [
        "list.test_object.all begins",
        "list.test_object.all found a0, with a secret",
        "list.test_object.all found a1, with a secret",
        "list.test_object.all found a2, with a secret",
        "list.test_object.all found 3",
    ];
    assert_eq!(told, expected);
    assert_eq!(calls, 4);
}

#[tokio::test]
async fn what_fails_is_told_and_keeps_only_what_depends_on_it_from_going_on() {
    let query = r#"
list "test_object" "fails" {
  provider = test

  config {
    fail = ["list"]
  }
}

list "test_object" "follows" {
  provider = test

  config {
    prefix = list.test_object.fails.data[0].identity.id
  }
}

list "test_object" "other" {
  provider = test
  limit    = 1
}
"#;
    let (mut told, _, problems) = queried(query).await;
    told.sort();
    let expected = [
        "list.test_object.fails begins",
        "list.test_object.fails failed",
        "list.test_object.other begins",
        "list.test_object.other found 1",
        "list.test_object.other found a0",
    ];
    assert_eq!(told, expected);
    assert!(problems.contains("Provider request failed"), "{problems}");
}
