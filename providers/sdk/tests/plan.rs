//! What follows from the fields of a resource type: defaults, what the provider decides, replacement, equal meaning.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use infra_addrs::ProviderAddr;
use infra_provider::{Connection, Object, PlanRequest, PlanResponse, Provider, Schema};
use infra_provider_sdk::prelude::*;
use infra_provider_sdk::{SdkProvider, registration};

/// A thing.
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "test_thing")]
struct Thing {
    arn: Computed<String>,
    #[attr(computed, force_new)]
    zone: Option<String>,
    #[attr(force_new)]
    name: String,
    #[attr(default = 30)]
    seconds: i64,
    #[attr(stored = str::to_lowercase)]
    engine: Option<String>,
    document: Option<Json>,
    #[attr(computed)]
    rule: Option<Set<Rule>>,
    #[block(max = 1)]
    limit: Option<Limit>,
    tags: Tags,
}

#[derive(Debug, Clone, Default, PartialEq, Block)]
struct Rule {
    port: Option<i64>,
    description: Option<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Block)]
struct Limit {
    #[attr(force_new)]
    most: i64,
    #[attr(computed)]
    unit: Option<String>,
}

/// The default tags, and whether plans have the forms of the older plug-in kit.
struct Account(BTreeMap<String, String>, bool);

impl Client for Account {
    fn legacy(&self) -> bool {
        self.1
    }

    fn default_tags(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl Operations for Thing {
    type Client = Account;

    async fn create(_: &Account, plan: &Self) -> Result<Id> {
        Ok(Id(plan.name.clone()))
    }

    async fn read(_: &Account, _: &[Known<Self>]) -> Result<Found<Self>> {
        Ok(Found::new())
    }

    async fn delete(_: &Account, _: &Known<Self>) -> Result<()> {
        Ok(())
    }
}

/// A configuration: the schema's object with these attributes set and all others null.
fn config(schema: &Schema, given: &[(&str, Value)]) -> Value {
    let none = schema
        .block
        .attributes
        .iter()
        .map(|(name, attribute)| (name.to_string(), Value::null(attribute.ty.clone())));
    let empty =
        schema.block.blocks.iter().map(|(name, block)| (name.to_string(), block.empty_value()));
    let object = Value::object(none.chain(empty).collect::<Vec<_>>());
    given.iter().fold(object, |object, (name, value)| object.with(name, value.clone()))
}

fn plan(prior: Option<&[(&str, Value)]>, given: &[(&str, Value)]) -> (Option<Value>, PlanResponse) {
    plan_of(false, prior, given)
}

fn plan_of(
    legacy: bool,
    prior: Option<&[(&str, Value)]>,
    given: &[(&str, Value)],
) -> (Option<Value>, PlanResponse) {
    let address = ProviderAddr::hashicorp("test");
    let provider = SdkProvider::new(
        address,
        "1.0.0",
        Schema::default(),
        [registration::<Thing>()],
        move |_| {
            let tags = BTreeMap::from([("Team".to_owned(), "platform".to_owned())]);
            Box::pin(async move { Ok(Account(tags, legacy)) })
        },
    );
    let schema = provider.schema(infra_provider::Kind::Managed, "test_thing").unwrap();
    let prior = prior.map(|prior| Object::new(config(schema, prior)));
    let config = config(schema, given);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let connection = runtime.block_on(provider.configure(&Value::object::<&str>([]))).ok().unwrap();
    let request = PlanRequest {
        type_name: "test_thing",
        prior: prior.as_ref(),
        config: &config,
        written: &config,
    };
    let response = Connection::plan(&*connection, request);
    (prior.map(|prior| prior.value), response)
}

fn planned(response: &PlanResponse, name: &str) -> Value {
    response.planned.as_ref().unwrap().value.get(name).unwrap().clone()
}

fn existing() -> Vec<(&'static str, Value)> {
    let tags = Value::map(Type::String, [("Team", Value::from("platform"))]);
    vec![
        ("arn", "arn:1".into()),
        ("id", "a".into()),
        ("name", "a".into()),
        ("zone", "z1".into()),
        ("seconds", 30.into()),
        ("tags_all", tags),
    ]
}

#[test]
fn all_tags_follow_from_the_tags_whatever_is_written_of_them() {
    let tags = |key: &str, value: &str| Value::map(Type::String, [(key, Value::from(value))]);
    let given =
        [("name", "a".into()), ("tags", tags("Name", "x")), ("tags_all", tags("Team", "platform"))];
    for prior in [None, Some(existing())] {
        let (_, response) = plan(prior.as_deref(), &given);
        let all = planned(&response, "tags_all");
        assert_eq!(all.get("Name"), Some(&"x".into()));
        assert_eq!(all.get("Team"), Some(&"platform".into()));
    }
}

#[test]
fn a_new_object_has_defaults_and_leaves_the_rest_to_the_provider() {
    let (_, response) = plan(None, &[("name", "a".into())]);
    assert_eq!(planned(&response, "seconds"), 30.into());
    assert!(!planned(&response, "arn").is_known());
    assert!(!planned(&response, "zone").is_known());
    assert!(planned(&response, "engine").is_null());
    assert_eq!(planned(&response, "tags_all").get("Team"), Some(&"platform".into()));
}

#[test]
fn an_object_that_is_as_it_should_be_is_planned_as_it_is() {
    let (prior, response) = plan(Some(&existing()), &[("name", "a".into())]);
    assert_eq!(response.planned.unwrap().value, prior.unwrap());
    assert!(response.requires_replace.is_empty());
}

#[test]
fn what_means_the_same_is_no_change_to_an_older_provider() {
    let rule = |description: Value| {
        Value::set(Type::Any, [Value::object([("port", 22.into()), ("description", description)])])
    };
    let mut prior = existing();
    prior.push(("engine", "postgres".into()));
    prior.push(("document", "{\"a\": 1, \"b\": 2}".into()));
    prior.push(("rule", rule("".into())));
    let given = [
        ("name", "a".into()),
        ("engine", "Postgres".into()),
        ("document", "{\"b\":2,\"a\":1}".into()),
        ("rule", rule(Value::null(Type::String))),
    ];
    let (before, response) = plan_of(true, Some(&prior), &given);
    assert_eq!(response.planned.unwrap().value, before.unwrap());
    let (_, response) = plan(Some(&prior), &given);
    assert_eq!(planned(&response, "document"), "{\"b\":2,\"a\":1}".into());
}

#[test]
fn a_change_that_needs_a_new_object_says_so_and_where() {
    let (_, response) = plan(Some(&existing()), &[("name", "b".into())]);
    assert_eq!(response.requires_replace, [Path::of("name")]);
    let unknown = Value::unknown(Type::String);
    let (_, response) = plan(Some(&existing()), &[("name", unknown)]);
    assert_eq!(response.requires_replace, [Path::of("name")]);
    let (_, response) = plan(Some(&existing()), &[("name", "a".into()), ("seconds", 31.into())]);
    assert!(response.requires_replace.is_empty());
    assert_eq!(planned(&response, "seconds"), 31.into());
}

#[test]
fn nested_blocks_keep_what_the_provider_decided() {
    let limit = |most: i64, unit: Value| {
        let object = Value::object([("most", most.into()), ("unit", unit)]);
        Value::list(object.ty(), [object])
    };
    let mut prior = existing();
    prior.push(("limit", limit(5, "GiB".into())));
    let given = [("name", "a".into()), ("limit", limit(5, Value::null(Type::String)))];
    let (before, response) = plan(Some(&prior), &given);
    assert_eq!(response.planned.unwrap().value, before.unwrap());
    let given = [("name", "a".into()), ("limit", limit(6, Value::null(Type::String)))];
    let (_, response) = plan(Some(&prior), &given);
    assert_eq!(response.requires_replace.len(), 1);
}
