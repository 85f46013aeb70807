use aws_sdk_ssm::types as api;

use crate::listing::{self, Everything};
use crate::prelude::*;

/// A parameter: a text under a name, encrypted or not.
///
/// ```hcl
/// resource "aws_ssm_parameter" "endpoint" {
///   name  = "/web/endpoint"
///   type  = "String"
///   value = "https://example.com"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_ssm_parameter", checks = CHECKS)]
pub(crate) struct SsmParameter {
    /// A regular expression that values must fit.
    allowed_pattern: Option<String>,
    /// Amazon Resource Name.
    #[attr(computed)]
    arn: Option<String>,
    #[attr(computed, force_new)]
    data_type: Option<String>,
    description: Option<String>,
    /// Whether the value is one that is not stored.
    has_value_wo: Computed<bool>,
    /// The value, if it may be shown.
    #[attr(computed)]
    insecure_value: Option<String>,
    /// The key that encrypts it.
    #[attr(computed)]
    key_id: Option<String>,
    #[attr(force_new)]
    name: String,
    /// Whether a parameter that is there is overwritten.
    #[attr(unreadable)]
    overwrite: Option<bool>,
    tags: Tags,
    #[attr(computed)]
    tier: Option<String>,
    /// `String`, `StringList` or `SecureString`.
    r#type: String,
    #[attr(computed, sensitive)]
    value: Option<String>,
    /// The value, which is not stored; another one is written when `value_wo_version` changes.
    #[attr(sensitive, write_only)]
    value_wo: Option<String>,
    #[attr(unreadable)]
    value_wo_version: Option<i64>,
    version: Computed<i64>,
}

const GONE: &[&str] = &["ParameterNotFound"];
/// How many parameters one call reads.
const AT_ONCE: usize = 10;

impl SsmParameter {
    /// What is written.
    fn text(&self) -> String {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let texts = [&self.value_wo, &self.insecure_value, &self.value];
        texts.into_iter().find_map(given).unwrap_or_default()
    }

    async fn put(
        &self,
        aws: &Aws,
        overwrite: bool,
        tags: Option<Vec<api::Tag>>,
        doing: &str,
    ) -> Result<()> {
        let key =
            self.key_id.clone().filter(|key| self.r#type == "SecureString" && !key.is_empty());
        let request = aws
            .ssm
            .put_parameter()
            .name(&self.name)
            .value(self.text())
            .r#type(self.r#type.as_str().into())
            .set_allowed_pattern(self.allowed_pattern.clone())
            .set_data_type(self.data_type.clone())
            .set_description(self.description.clone())
            .set_key_id(key)
            .set_tier(self.tier.as_deref().map(Into::into))
            .overwrite(overwrite)
            .set_tags(tags);
        request.send().await.explain(doing)?;
        Ok(())
    }
}

fn tag_list<'t>(tags: impl IntoIterator<Item = (&'t String, &'t String)>) -> Result<Vec<api::Tag>> {
    let tags = tags.into_iter();
    tags.map(|(key, value)| built(api::Tag::builder().key(key).value(value).build())).collect()
}

impl Operations for SsmParameter {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        // What is overwritten cannot get tags in the same call.
        let overwrite = plan.overwrite == Some(true);
        let tags = tag_list(plan.tags.all())?;
        let tags = Some(tags).filter(|tags| !overwrite && !tags.is_empty());
        plan.put(aws, overwrite, tags, "creating SSM Parameter").await?;
        Ok(Id(plan.name.clone()))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        if plan.overwrite == Some(true) && !plan.tags.all().is_empty() {
            add_tags(aws, &plan.id, tag_list(plan.tags.all())?).await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for chunk in known.chunks(AT_ONCE) {
            let names = Some(ids(chunk));
            let request = aws.ssm.get_parameters().set_names(names.clone()).with_decryption(true);
            let answer = request.send().await.explain("reading SSM Parameters")?;
            let filter = api::ParameterStringFilter::builder()
                .key("Name")
                .option("Equals")
                .set_values(names)
                .build();
            let request = aws.ssm.describe_parameters().parameter_filters(built(filter)?);
            let described = request.send().await.explain("reading SSM Parameters")?.parameters;
            let described = described.unwrap_or_default();
            for parameter in answer.parameters.unwrap_or_default() {
                let is_it = |known: &&Known<Self>| Some(&*known.id) == parameter.name.as_deref();
                let (Some(known), Some(more)) = (
                    chunk.iter().find(is_it),
                    described.iter().find(|more| more.name == parameter.name),
                ) else {
                    continue;
                };
                let tags = read_tags(aws, &known.id).await?;
                found.insert(known.id.to_string(), from_api(parameter, more, known, tags));
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let written = |parameter: &Self| {
            let Self { allowed_pattern, description, key_id, tier, r#type, .. } = parameter.clone();
            let values = (parameter.value.clone(), parameter.insecure_value.clone());
            (allowed_pattern, description, key_id, tier, r#type, values, parameter.value_wo_version)
        };
        if written(prior) != written(plan) {
            plan.put(aws, true, None, "updating SSM Parameter").await?;
        }
        let removed = plan.tags.removed_since(&prior.tags);
        if !removed.is_empty() {
            let request = aws
                .ssm
                .remove_tags_from_resource()
                .resource_type(api::ResourceTypeForTagging::Parameter)
                .resource_id(&*prior.id)
                .set_tag_keys(Some(removed));
            request.send().await.explain("removing tags of SSM Parameter")?;
        }
        let added = plan.tags.added_since(&prior.tags);
        if !added.is_empty() {
            add_tags(aws, &prior.id, tag_list(&added)?).await?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let request = aws.ssm.delete_parameter().name(&*prior.id);
        request.send().await.found("deleting SSM Parameter", GONE)?;
        Ok(())
    }

    fn customise(change: &mut Change<'_>) {
        if change.is_create() {
            return;
        }
        let tier = change.prior().and_then(|prior| prior.get("tier")?.as_str().map(str::to_owned));
        if tier.as_deref() == Some("Advanced")
            && change.planned("tier").as_str() == Some("Standard")
        {
            change.replace("tier");
        }
        let (value, insecure) = (change.changed("value"), change.changed("insecure_value"));
        if value {
            change.set_unknown("insecure_value");
            change.set_unknown("version");
        }
        if insecure {
            change.set_unknown("value");
        }
        if change.changed("value_wo_version") {
            change.set_unknown("has_value_wo");
        }
    }
}

impl List for SsmParameter {
    type Config = Everything;

    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.ssm.describe_parameters().max_results(page.size(1, 50));
        let answer = request.set_next_token(page.token).send().await;
        let answer = answer.explain("listing SSM Parameters")?;
        let names =
            answer.parameters.unwrap_or_default().into_iter().filter_map(|found| found.name);
        Ok(Results::new(names.map(|name| (name.clone(), name)), answer.next_token))
    }
}

async fn add_tags(aws: &Aws, name: &str, tags: Vec<api::Tag>) -> Result<()> {
    let request = aws
        .ssm
        .add_tags_to_resource()
        .resource_type(api::ResourceTypeForTagging::Parameter)
        .resource_id(name)
        .set_tags(Some(tags));
    request.send().await.explain("adding tags of SSM Parameter")?;
    Ok(())
}

async fn read_tags(aws: &Aws, name: &str) -> Result<Tags> {
    let request = aws
        .ssm
        .list_tags_for_resource()
        .resource_type(api::ResourceTypeForTagging::Parameter)
        .resource_id(name);
    let tags = request.send().await.explain("reading tags of SSM Parameter")?.tag_list;
    Ok(tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect())
}

fn from_api(
    found: api::Parameter,
    more: &api::ParameterMetadata,
    known: &Known<SsmParameter>,
    tags: Tags,
) -> SsmParameter {
    let kind = found.r#type.map(|kind| kind.as_str().to_owned()).unwrap_or_default();
    let insecure = known.insecure_value.as_deref().is_some_and(|value| !value.is_empty());
    let written = known.value_wo_version.is_some();
    let (value, insecure_value) = match kind.as_str() {
        _ if written => (Some(String::new()), None),
        "String" | "StringList" if insecure => (None, found.value),
        _ => (found.value, None),
    };
    let text = |text: &Option<String>| Some(text.clone().unwrap_or_default());
    SsmParameter {
        allowed_pattern: text(&more.allowed_pattern),
        arn: found.arn,
        data_type: found.data_type,
        description: text(&more.description),
        has_value_wo: written.then_some(true).into(),
        insecure_value,
        key_id: text(&more.key_id),
        name: found.name.unwrap_or_default(),
        tags,
        tier: more.tier.as_ref().map(|tier| tier.as_str().to_owned()),
        r#type: kind,
        value,
        version: Some(found.version).into(),
        ..known.state.clone()
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    exactly_one(&["insecure_value", "value", "value_wo"]),
    together("value_wo", &["value_wo_version"]),
    together("value_wo_version", &["value_wo"]),
    length("allowed_pattern", 0, 1024),
    one_of("data_type", &["aws:ec2:image", "aws:ssm:integration", "text"]),
    length("description", 0, 1024),
    length("name", 1, 2048),
    one_of("tier", &["Standard", "Advanced", "Intelligent-Tiering"]),
    one_of("type", &["String", "StringList", "SecureString"]),
];
