use std::collections::BTreeSet;

use aws_sdk_secretsmanager::types as api;

use crate::listing::{self, Everything};
use crate::prelude::*;

/// A secret: what it is called, and who may read it. Its values are versions of it.
///
/// ```hcl
/// resource "aws_secretsmanager_secret" "database" {
///   name = "database"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_secretsmanager_secret", checks = CHECKS)]
pub(crate) struct Secret {
    /// Amazon Resource Name, which is the identity.
    arn: Computed<String>,
    description: Option<String>,
    #[attr(default = false, unreadable)]
    force_overwrite_replica_secret: bool,
    /// The key that encrypts it.
    kms_key_id: Option<String>,
    /// Its name, by default one made from `name_prefix`.
    #[attr(computed, force_new)]
    name: Option<String>,
    #[attr(computed, force_new)]
    name_prefix: Option<String>,
    /// Who may do what with it.
    #[attr(computed, stored = texts::document)]
    policy: Option<String>,
    /// Days for which a deleted secret can be had back; 0 for none.
    #[attr(default = 30, unreadable)]
    recovery_window_in_days: i64,
    tags: Tags,
    #[block(set, computed)]
    replica: Vec<Replica>,
}

/// A copy in another region.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Replica {
    #[attr(computed)]
    kms_key_id: Option<String>,
    last_accessed_date: Computed<String>,
    region: String,
    status: Computed<String>,
    status_message: Computed<String>,
}

const GONE: &[&str] = &["ResourceNotFoundException"];

fn tag_list<'t>(tags: impl IntoIterator<Item = (&'t String, &'t String)>) -> Option<Vec<api::Tag>> {
    let tags = tags.into_iter();
    let tags = tags.map(|(key, value)| api::Tag::builder().key(key).value(value).build());
    Some(tags.collect::<Vec<_>>()).filter(|tags| !tags.is_empty())
}

impl Replica {
    fn to_api(&self) -> api::ReplicaRegionType {
        api::ReplicaRegionType::builder()
            .region(&self.region)
            .set_kms_key_id(self.kms_key_id.clone().filter(|key| !key.is_empty()))
            .build()
    }
}

impl Operations for Secret {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let name = names::name_or_new(plan.name.as_ref(), plan.name_prefix.as_ref(), 512);
        let replicas: Vec<_> = plan.replica.iter().map(Replica::to_api).collect();
        let request = aws
            .secretsmanager
            .create_secret()
            .name(name)
            .set_description(plan.description.clone().filter(|text| !text.is_empty()))
            .set_kms_key_id(plan.kms_key_id.clone().filter(|key| !key.is_empty()))
            .force_overwrite_replica_secret(plan.force_overwrite_replica_secret)
            .set_add_replica_regions(Some(replicas).filter(|replicas| !replicas.is_empty()))
            .set_tags(tag_list(plan.tags.all()));
        let made = request.send().await.explain("creating Secrets Manager Secret")?;
        Ok(Id(made.arn.unwrap_or_default()))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        set_policy(aws, &plan.id, plan.policy.as_ref()).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for known in known {
            let request = aws.secretsmanager.describe_secret().secret_id(&*known.id);
            let secret = request.send().await.found("reading Secrets Manager Secret", GONE)?;
            let Some(secret) = secret.filter(|secret| secret.deleted_date.is_none()) else {
                continue;
            };
            let request = aws.secretsmanager.get_resource_policy().secret_id(&*known.id);
            let policy = request.send().await.explain("reading Secrets Manager Secret Policy")?;
            let name = secret.name.unwrap_or_default();
            let tags = secret.tags.unwrap_or_default().into_iter();
            let replicas = secret.replication_status.unwrap_or_default().into_iter();
            let object = Self {
                arn: secret.arn.into(),
                description: Some(secret.description.unwrap_or_default()),
                kms_key_id: Some(secret.kms_key_id.unwrap_or_default()),
                name_prefix: Some(names::prefix_of(&name)),
                name: Some(name),
                policy: Some(policy.resource_policy.unwrap_or_default()),
                tags: tags
                    .filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())))
                    .collect(),
                replica: replicas.map(replica).collect(),
                ..known.state.clone()
            };
            found.insert(known.id.to_string(), object);
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        update_replicas(aws, prior, plan).await?;
        if plan.description != prior.description || plan.kms_key_id != prior.kms_key_id {
            let request = aws
                .secretsmanager
                .update_secret()
                .secret_id(&*prior.id)
                .description(plan.description.clone().unwrap_or_default())
                .set_kms_key_id(plan.kms_key_id.clone().filter(|key| !key.is_empty()));
            request.send().await.explain("updating Secrets Manager Secret")?;
        }
        if plan.policy != prior.policy {
            set_policy(aws, &prior.id, plan.policy.as_ref()).await?;
        }
        let removed = plan.tags.removed_since(&prior.tags);
        if !removed.is_empty() {
            let request = aws.secretsmanager.untag_resource().secret_id(&*prior.id);
            let request = request.set_tag_keys(Some(removed));
            request.send().await.explain("removing tags of Secrets Manager Secret")?;
        }
        if let Some(added) = tag_list(&plan.tags.added_since(&prior.tags)) {
            let request = aws.secretsmanager.tag_resource().secret_id(&*prior.id);
            let request = request.set_tags(Some(added));
            request.send().await.explain("adding tags of Secrets Manager Secret")?;
        }
        Ok(())
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let regions = prior.replica.iter().map(|replica| replica.region.clone()).collect();
        remove_replicas(aws, &prior.id, regions).await?;
        let days = prior.recovery_window_in_days;
        let request = aws.secretsmanager.delete_secret().secret_id(&*prior.id);
        let request = match days {
            0 => request.force_delete_without_recovery(true),
            days => request.recovery_window_in_days(days),
        };
        request.send().await.found("deleting Secrets Manager Secret", GONE)?;
        Ok(())
    }
}

impl List for Secret {
    type Config = Everything;

    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.secretsmanager.list_secrets().max_results(page.size(1, 100));
        let answer = request.set_next_token(page.token).send().await;
        let answer = answer.explain("listing Secrets Manager Secrets")?;
        let secrets = answer.secret_list.unwrap_or_default().into_iter();
        let found = secrets.filter_map(|secret| Some((secret.arn?, secret.name?)));
        Ok(Results::new(found, answer.next_token))
    }
}

async fn set_policy(aws: &Aws, id: &str, policy: Option<&String>) -> Result<()> {
    match policy.map(String::as_str) {
        None => {}
        Some("" | "{}") => {
            let request = aws.secretsmanager.delete_resource_policy().secret_id(id);
            request.send().await.found("deleting Secrets Manager Secret Policy", GONE)?;
        }
        Some(policy) => {
            let request = aws.secretsmanager.put_resource_policy().secret_id(id);
            let request = request.resource_policy(policy);
            request.send().await.explain("putting Secrets Manager Secret Policy")?;
        }
    }
    Ok(())
}

async fn update_replicas(aws: &Aws, prior: &Known<Secret>, plan: &Secret) -> Result<()> {
    let wanted = |replica: &Replica| (replica.region.clone(), replica.kms_key_id.clone());
    let before: BTreeSet<_> = prior.replica.iter().map(wanted).collect();
    let after: BTreeSet<_> = plan.replica.iter().map(wanted).collect();
    let gone = before.difference(&after).map(|(region, _)| region.clone()).collect();
    remove_replicas(aws, &prior.id, gone).await?;
    let new = plan.replica.iter().filter(|replica| !before.contains(&wanted(replica)));
    let new: Vec<_> = new.map(Replica::to_api).collect();
    if !new.is_empty() {
        let request = aws
            .secretsmanager
            .replicate_secret_to_regions()
            .secret_id(&*prior.id)
            .force_overwrite_replica_secret(plan.force_overwrite_replica_secret)
            .set_add_replica_regions(Some(new));
        request.send().await.explain("replicating Secrets Manager Secret")?;
    }
    Ok(())
}

async fn remove_replicas(aws: &Aws, id: &str, regions: Vec<String>) -> Result<()> {
    if regions.is_empty() {
        return Ok(());
    }
    let request = aws.secretsmanager.remove_regions_from_replication().secret_id(id);
    let request = request.set_remove_replica_regions(Some(regions));
    request.send().await.found("removing replicas of Secrets Manager Secret", GONE)?;
    Ok(())
}

fn replica(status: api::ReplicationStatusType) -> Replica {
    Replica {
        kms_key_id: status.kms_key_id,
        last_accessed_date: status.last_accessed_date.and_then(texts::moment).into(),
        region: status.region.unwrap_or_default(),
        status: status.status.map(|status| status.as_str().to_owned()).into(),
        status_message: status.status_message.into(),
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    conflicts("name", &["name_prefix"]),
    conflicts("name_prefix", &["name"]),
    fits("name", shapes::secret),
    fits("name_prefix", shapes::prefix_of_secret),
    fits("policy", shapes::json),
    counts("recovery_window_in_days", shapes::recovery_days),
];
