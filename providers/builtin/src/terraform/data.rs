use infra_provider::Foreign;
use infra_provider_sdk::prelude::*;
use infra_value::Refinement;
use serde_json::{Value as Json, json};

use super::remote_state::States;

/// A value that is kept in the state, and something that can be replaced when other values change.
///
/// ```hcl
/// resource "terraform_data" "revision" {
///   input            = var.revision
///   triggers_replace = [aws_instance.web.id]
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "terraform_data")]
pub(crate) struct Data {
    /// What is unique to it.
    id: Computed<String>,
    /// A value to keep; it comes back as `output`.
    input: Option<Dynamic>,
    /// The value of `input` after apply.
    output: Computed<Dynamic>,
    /// A value whose change replaces the object.
    #[attr(force_new)]
    triggers_replace: Option<Dynamic>,
}

impl Operations for Data {
    type Client = States;

    async fn create(_: &States, _: &Self) -> Result<Id> {
        Ok(uuid::Uuid::new_v4().to_string().into())
    }

    async fn read(_: &States, known: &[Known<Self>]) -> Result<Found<Self>> {
        // It is what was stored, until a change of the input makes it unknown.
        let all = known.iter().map(|known| {
            let output = known.output.0.clone().filter(|output| !output.0.is_null());
            let output = output.or_else(|| known.input.clone());
            Some(Self { output: Computed(output), ..known.state.clone() })
        });
        Ok(Found::each(all))
    }

    async fn delete(_: &States, _: &Known<Self>) -> Result<()> {
        Ok(())
    }

    fn customise(change: &mut Change<'_>) {
        if change.is_create() {
            // Whatever it is, it is not null.
            change.set("id", Value::refined(Type::String, Refinement::not_null()));
        }
        for name in ["input", "triggers_replace"] {
            let given = change.config().get(name).cloned();
            if let Some(given) = given.filter(Value::is_null) {
                change.set(name, given);
            }
        }
        let input = change.planned("input");
        if input.is_null() && change.is_create() {
            change.set("output", input);
        } else if change.changed("input") || change.is_create() {
            change.set("output", Value::unknown(input.ty()));
        }
    }
}

/// Terraform has words of its own for what only this provider sets.
pub(super) fn validate(config: &Value) -> Vec<Problem> {
    let set = |name: &&str| config.get(name).is_some_and(|value| !value.is_null());
    let problem = |name| {
        let summary = format!("\"{name}\" attribute is read-only");
        let detail = format!(
            "\"{name}\" is decided when the configuration is applied. Remove it from the block."
        );
        Problem::error(summary, detail).at(Path::of(name))
    };
    ["id", "output"].into_iter().filter(set).map(problem).collect()
}

/// Makes `terraform_data` of a `null_resource`.
pub(super) fn adopt(_: &str, from: &Foreign<'_>) -> std::result::Result<Json, Problem> {
    if !from.provider.to_string().ends_with("hashicorp/null") {
        return Err(Problem::error(
            "Unsupported source provider for move operation",
            format!(
                "Only objects of hashicorp/null can become terraform_data; this one is of {}.",
                from.provider
            ),
        ));
    }
    if from.type_name != "null_resource" {
        return Err(Problem::error(
            "Unsupported source resource type for move operation",
            format!(
                "Only a null_resource can become terraform_data; this is a {}.",
                from.type_name
            ),
        ));
    }
    let triggers = from.attributes["triggers"].as_object().map(|triggers| {
        let types: serde_json::Map<String, Json> =
            triggers.keys().map(|name| (name.clone(), json!("string"))).collect();
        json!({ "value": triggers, "type": ["object", types] })
    });
    Ok(json!({
        "id": from.attributes["id"],
        "input": null,
        "output": null,
        "triggers_replace": triggers,
    }))
}
