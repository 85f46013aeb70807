mod blocks;
mod checks;
mod create;
mod modify;
mod read;

use aws_sdk_rds::types as api;

use self::blocks::{
    BlueGreenUpdate, ListenerEndpoint, MasterUserSecret, RestoreToPointInTime, S3Import,
};
use self::checks::CHECKS;
use super::tags::update_tags;
use crate::listing::{self, Filtered};
use crate::prelude::*;

/// A relational database.
///
/// ```hcl
/// resource "aws_db_instance" "main" {
///   engine               = "postgres"
///   instance_class       = "db.t4g.micro"
///   allocated_storage    = 20
///   username             = "app"
///   password             = var.password
///   db_subnet_group_name = aws_db_subnet_group.main.name
///   skip_final_snapshot  = true
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_db_instance", version = 2, upgrade = identified, checks = CHECKS)]
pub(crate) struct DbInstance {
    /// Host name.
    address: Computed<String>,
    /// GiB.
    #[attr(computed)]
    allocated_storage: Option<i64>,
    allow_major_version_upgrade: Option<bool>,
    /// Whether changes wait for the maintenance window.
    #[attr(default = false, unreadable)]
    apply_immediately: bool,
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[attr(default = true)]
    auto_minor_version_upgrade: bool,
    #[attr(computed, force_new)]
    availability_zone: Option<String>,
    /// Days.
    #[attr(computed)]
    backup_retention_period: Option<i64>,
    #[attr(computed, force_new)]
    backup_target: Option<String>,
    #[attr(computed)]
    backup_window: Option<String>,
    #[block(max = 1)]
    blue_green_update: Option<BlueGreenUpdate>,
    #[attr(computed)]
    ca_cert_identifier: Option<String>,
    #[attr(computed)]
    character_set_name: Option<String>,
    #[attr(default = false)]
    copy_tags_to_snapshot: bool,
    #[attr(force_new)]
    custom_iam_instance_profile: Option<String>,
    customer_owned_ip_enabled: Option<bool>,
    #[attr(computed)]
    database_insights_mode: Option<String>,
    #[attr(computed, force_new)]
    db_name: Option<String>,
    #[attr(computed)]
    db_subnet_group_name: Option<String>,
    #[attr(default = false)]
    dedicated_log_volume: bool,
    #[attr(default = true)]
    delete_automated_backups: bool,
    deletion_protection: Option<bool>,
    domain: Option<String>,
    domain_auth_secret_arn: Option<String>,
    domain_dns_ips: Option<Vec<String>>,
    #[attr(computed)]
    domain_fqdn: Option<String>,
    domain_iam_role_name: Option<String>,
    domain_ou: Option<String>,
    enabled_cloudwatch_logs_exports: Option<Set<String>>,
    /// `address:port`.
    endpoint: Computed<String>,
    #[attr(computed, force_new, stored = str::to_lowercase)]
    engine: Option<String>,
    #[attr(computed)]
    engine_lifecycle_support: Option<String>,
    #[attr(computed)]
    engine_version: Option<String>,
    engine_version_actual: Computed<String>,
    /// The name of the snapshot that is taken before it is deleted.
    final_snapshot_identifier: Option<String>,
    hosted_zone_id: Computed<String>,
    iam_database_authentication_enabled: Option<bool>,
    #[attr(computed)]
    identifier: Option<String>,
    #[attr(computed)]
    identifier_prefix: Option<String>,
    instance_class: String,
    #[attr(computed)]
    iops: Option<i64>,
    #[attr(computed, force_new)]
    kms_key_id: Option<String>,
    latest_restorable_time: Computed<String>,
    #[attr(computed)]
    license_model: Option<String>,
    listener_endpoint: Computed<Vec<ListenerEndpoint>>,
    #[attr(computed, stored = str::to_lowercase)]
    maintenance_window: Option<String>,
    manage_master_user_password: Option<bool>,
    master_user_secret: Computed<Vec<MasterUserSecret>>,
    #[attr(computed)]
    master_user_secret_kms_key_id: Option<String>,
    /// GiB up to which the storage grows by itself.
    max_allocated_storage: Option<i64>,
    #[attr(default = 0)]
    monitoring_interval: i64,
    #[attr(computed)]
    monitoring_role_arn: Option<String>,
    #[attr(computed)]
    multi_az: Option<bool>,
    #[attr(computed, force_new)]
    nchar_character_set_name: Option<String>,
    #[attr(computed)]
    network_type: Option<String>,
    #[attr(computed)]
    option_group_name: Option<String>,
    #[attr(computed)]
    parameter_group_name: Option<String>,
    /// Password of the first user.
    #[attr(sensitive, unreadable)]
    password: Option<String>,
    /// As `password`, never stored.
    #[attr(sensitive, write_only)]
    password_wo: Option<String>,
    password_wo_version: Option<i64>,
    #[attr(default = false)]
    performance_insights_enabled: bool,
    #[attr(computed)]
    performance_insights_kms_key_id: Option<String>,
    #[attr(computed)]
    performance_insights_retention_period: Option<i64>,
    #[attr(computed)]
    port: Option<i64>,
    #[attr(default = false)]
    publicly_accessible: bool,
    #[attr(computed)]
    replica_mode: Option<String>,
    replicas: Computed<Vec<String>>,
    replicate_source_db: Option<String>,
    resource_id: Computed<String>,
    #[block(max = 1)]
    restore_to_point_in_time: Option<RestoreToPointInTime>,
    #[block(max = 1)]
    s3_import: Option<S3Import>,
    #[attr(default = false)]
    skip_final_snapshot: bool,
    #[attr(computed, force_new)]
    snapshot_identifier: Option<String>,
    status: Computed<String>,
    #[attr(force_new)]
    storage_encrypted: Option<bool>,
    #[attr(computed)]
    storage_throughput: Option<i64>,
    #[attr(computed)]
    storage_type: Option<String>,
    tags: Tags,
    #[timeouts(create = 3000, delete = 3600, update = 4800)]
    timeouts: Timeouts,
    #[attr(computed, force_new)]
    timezone: Option<String>,
    upgrade_storage_config: Option<bool>,
    #[attr(computed, force_new)]
    username: Option<String>,
    #[attr(computed)]
    vpc_security_group_ids: Option<Set<String>>,
}

const GONE: &[&str] = &["DBInstanceNotFound"];

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

fn int(number: Option<i64>) -> Option<i32> {
    number.and_then(|number| i32::try_from(number).ok())
}

/// The filter by what stays when a database gets another name.
const RESOURCE: &str = "dbi-resource-id";

/// The databases that a filter finds.
async fn describe(aws: &Aws, name: &str, ids: Vec<String>) -> Result<Vec<api::DbInstance>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(100) {
        let wanted = api::Filter::builder().name(name).set_values(Some(chunk.to_vec())).build();
        let request = aws.rds.describe_db_instances().filters(wanted);
        let pages = request.into_paginator().items().send().try_collect().await;
        if let Some(databases) = pages.found("reading RDS DB Instances", GONE)? {
            found.extend(databases);
        }
    }
    Ok(found)
}

/// Waits until the database is ready.
async fn available(aws: &Aws, id: &str, limit: Duration) -> Result<()> {
    until("the database to be available", limit, || async {
        let now = describe(aws, RESOURCE, vec![id.to_owned()]).await?.into_iter().next();
        match now.and_then(|database| database.db_instance_status).as_deref() {
            Some("available" | "storage-optimization" | "storage-full") => Ok(Some(())),
            Some(
                status @ ("failed"
                | "incompatible-network"
                | "incompatible-parameters"
                | "restore-error"),
            ) => Err(Error::new(format!("The database {id} is in the state {status:?}."))),
            _ => Ok(None),
        }
    })
    .await
}

/// Until version 2 the id was the name; now it is what stays when the name changes.
fn identified(_version: u64, mut stored: serde_json::Value) -> serde_json::Value {
    if stored["resource_id"].is_string() {
        stored["id"] = stored["resource_id"].clone();
    }
    stored
}

impl Operations for DbInstance {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let made = plan.make(aws).await?;
        made.and_then(|database| database.dbi_resource_id)
            .map(Id)
            .ok_or_else(|| Error::missing("resource id"))
    }

    /// A database that was made from something else gets what its own configuration says when it is ready.
    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        let limit = plan.timeouts.of("create", Duration::from_secs(3000));
        available(aws, &plan.id, limit).await?;
        if plan.is_fresh() {
            return Ok(());
        }
        let Some(now) = describe(aws, RESOURCE, vec![plan.id.0.clone()]).await?.into_iter().next()
        else {
            return Ok(());
        };
        let name = now.db_instance_identifier.clone().unwrap_or_default();
        let prior = read::from_api(now, &Self::default());
        let wanted = Self { apply_immediately: true, ..plan.state.clone() };
        if wanted.modify(aws, &name, &prior).await? {
            available(aws, &plan.id, limit).await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let states: BTreeMap<&str, &Self> =
            known.iter().map(|known| (&*known.id, &known.state)).collect();
        let objects = describe(aws, RESOURCE, ids(known)).await?.into_iter().map(|database| {
            let id = database.dbi_resource_id.clone().unwrap_or_default();
            let known = states.get(id.as_str()).map(|state| (*state).clone()).unwrap_or_default();
            (id, read::from_api(database, &known))
        });
        Ok(objects.collect())
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let name = prior.identifier.clone().unwrap_or_default();
        if plan.modify(aws, &name, prior).await? {
            available(aws, &prior.id, plan.timeouts.of("update", Duration::from_secs(4800)))
                .await?;
        }
        let arn = prior.arn.as_deref().unwrap_or_default();
        update_tags(aws, arn, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let snapshot =
            given(&prior.final_snapshot_identifier).filter(|_| !prior.skip_final_snapshot);
        if snapshot.is_none() && !prior.skip_final_snapshot {
            return Err(Error::new(
                "final_snapshot_identifier is required when skip_final_snapshot is false: set one of them and apply it \
                 before the database is destroyed.",
            )
            .at("final_snapshot_identifier"));
        }
        let request = aws
            .rds
            .delete_db_instance()
            .db_instance_identifier(prior.identifier.as_deref().unwrap_or_default())
            .skip_final_snapshot(prior.skip_final_snapshot)
            .set_final_db_snapshot_identifier(snapshot)
            .delete_automated_backups(prior.delete_automated_backups);
        if request
            .send()
            .await
            .found(
                &format!(
                    "deleting RDS DB Instance ({})",
                    prior.identifier.as_deref().unwrap_or(&prior.id)
                ),
                GONE,
            )?
            .is_none()
        {
            return Ok(());
        }
        let limit = prior.timeouts.of("delete", Duration::from_secs(3600));
        until("the database to be deleted", limit, || async {
            Ok(describe(aws, RESOURCE, vec![prior.id.0.clone()]).await?.is_empty().then_some(()))
        })
        .await
    }

    /// The identifier that people give a database; its resource id is found with it.
    async fn import_all(aws: &Aws, ids: &[String]) -> Vec<Result<Known<Self>>> {
        let found = match describe(aws, "db-instance-id", ids.to_vec()).await {
            Ok(found) => found,
            Err(error) => return ids.iter().map(|_| Err(error.clone())).collect(),
        };
        let one = |id: &String| {
            let mut found = found.iter();
            let database =
                found.find(|database| database.db_instance_identifier.as_ref() == Some(id));
            let resource = database.and_then(|database| database.dbi_resource_id.clone());
            let resource =
                resource.ok_or_else(|| Error::new(format!("There is no database {id:?}.")))?;
            let state = Self {
                skip_final_snapshot: true,
                delete_automated_backups: true,
                ..Self::default()
            };
            Ok(Known { id: Id(resource), state })
        };
        ids.iter().map(one).collect()
    }

    fn customise(change: &mut Change<'_>) {
        let blue_green = change.planned("blue_green_update");
        let enabled = blue_green.as_sequence().is_some_and(|blocks| {
            blocks.iter().any(|block| block.get("enabled").and_then(Value::as_bool) == Some(true))
        });
        if enabled && !change.is_create() {
            change.problem(Problem::warning(
                "Changes are made in place",
                "This provider does not make blue/green deployments: the database itself is modified.",
            ));
        }
        // A version that the running one begins with is no change.
        let running = change
            .prior()
            .and_then(|prior| prior.get("engine_version_actual"))
            .and_then(Value::as_str);
        let wanted = change.planned("engine_version");
        if let (Some(running), Some(wanted)) = (running, wanted.as_str())
            && running != wanted
            && running.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('.'))
            && let Some(before) =
                change.prior().and_then(|prior| prior.get("engine_version")).cloned()
        {
            change.set("engine_version", before);
        }
    }
}

impl List for DbInstance {
    type Config = Filtered;

    /// The filters are those of RDS.
    async fn list(aws: &Aws, wanted: &Filtered, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let filters = wanted.filter.iter().map(|filter| {
            api::Filter::builder()
                .name(&filter.name)
                .set_values(Some(filter.values.to_vec()))
                .build()
        });
        let filters: Vec<api::Filter> = filters.collect();
        let request = aws.rds.describe_db_instances().max_records(page.size(20, 100));
        let request = request.set_filters((!filters.is_empty()).then_some(filters));
        let answer = request.set_marker(page.token).send().await;
        let answer = answer.explain("listing RDS DB Instances")?;
        let databases = answer.db_instances.unwrap_or_default().into_iter();
        let names = databases.filter_map(|database| database.db_instance_identifier);
        Ok(Results::new(names.map(|name| (name.clone(), name)), answer.marker))
    }
}
