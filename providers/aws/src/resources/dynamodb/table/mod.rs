mod blocks;
mod checks;
mod create;
mod read;
mod update;

use aws_sdk_dynamodb::types as api;

use self::blocks::*;
use self::checks::CHECKS;
use crate::listing::{self, Everything};
use crate::prelude::*;

/// A table of items.
///
/// ```hcl
/// resource "aws_dynamodb_table" "locks" {
///   name         = "locks"
///   billing_mode = "PAY_PER_REQUEST"
///   hash_key     = "LockID"
///   attribute {
///     name = "LockID"
///     type = "S"
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_dynamodb_table", version = 1, checks = CHECKS)]
pub(crate) struct DynamodbTable {
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[block(set)]
    attribute: Vec<Attribute>,
    /// `PROVISIONED` or `PAY_PER_REQUEST`.
    #[attr(default = "PROVISIONED")]
    billing_mode: String,
    deletion_protection_enabled: Option<bool>,
    #[block(set)]
    global_secondary_index: Vec<GlobalSecondaryIndex>,
    #[attr(computed, force_new)]
    hash_key: Option<String>,
    /// Read once, when the table is made.
    #[block(max = 1)]
    import_table: Option<ImportTable>,
    #[block(set, force_new)]
    local_secondary_index: Vec<LocalSecondaryIndex>,
    #[attr(force_new)]
    name: String,
    #[block(max = 1, kept)]
    on_demand_throughput: Option<OnDemandThroughput>,
    #[block(max = 1, computed)]
    point_in_time_recovery: Option<PointInTimeRecovery>,
    #[attr(force_new)]
    range_key: Option<String>,
    #[attr(computed)]
    read_capacity: Option<i64>,
    #[block(set)]
    replica: Vec<Replica>,
    #[attr(force_new)]
    restore_date_time: Option<String>,
    #[attr(force_new)]
    restore_source_name: Option<String>,
    #[attr(force_new)]
    restore_source_table_arn: Option<String>,
    #[attr(force_new)]
    restore_to_latest_time: Option<bool>,
    #[block(max = 1, computed)]
    server_side_encryption: Option<ServerSideEncryption>,
    stream_arn: Computed<String>,
    stream_enabled: Option<bool>,
    stream_label: Computed<String>,
    #[attr(computed)]
    stream_view_type: Option<String>,
    table_class: Option<String>,
    tags: Tags,
    #[timeouts(create = 1800, delete = 600, update = 3600)]
    timeouts: Timeouts,
    #[block(max = 1, computed)]
    ttl: Option<Ttl>,
    #[attr(computed)]
    write_capacity: Option<i64>,
}

const GONE: &[&str] = &["ResourceNotFoundException"];

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

async fn describe(aws: &Aws, name: &str) -> Result<Option<api::TableDescription>> {
    let response = aws.dynamodb.describe_table().table_name(name).send().await;
    Ok(response.found("reading DynamoDB Table", GONE)?.and_then(|found| found.table))
}

/// Waits until the table and its indexes are ready.
async fn active(aws: &Aws, name: &str, limit: Duration) -> Result<()> {
    until("the table to be active", limit, || async {
        let Some(table) = describe(aws, name).await? else { return Ok(None) };
        let mut indexes = table.global_secondary_indexes.iter().flatten();
        let mut replicas = table.replicas.iter().flatten();
        let ready = table.table_status == Some(api::TableStatus::Active)
            && indexes
                .all(|index| matches!(index.index_status, None | Some(api::IndexStatus::Active)))
            && replicas.all(|replica| {
                matches!(replica.replica_status, None | Some(api::ReplicaStatus::Active))
            });
        Ok(ready.then_some(()))
    })
    .await
}

fn tag_list(tags: &BTreeMap<String, String>) -> Result<Option<Vec<api::Tag>>> {
    let list =
        tags.iter().map(|(key, value)| built(api::Tag::builder().key(key).value(value).build()));
    let list = list.collect::<Result<Vec<_>>>()?;
    Ok((!list.is_empty()).then_some(list))
}

impl Operations for DynamodbTable {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        plan.make(aws).await?;
        Ok(Id(plan.name.clone()))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        let limit = plan.timeouts.of("create", Duration::from_secs(1800));
        active(aws, &plan.id, limit).await?;
        plan.set_rest(aws, limit, &Self::default()).await?;
        if given(&plan.restore_source_name).is_some() || plan.import_table.is_some() {
            let arn = describe(aws, &plan.id)
                .await?
                .and_then(|table| table.table_arn)
                .unwrap_or_default();
            update::tags(aws, &arn, &Tags::default(), &plan.tags).await?;
        }
        Ok(())
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        // Every table needs calls of its own: several are read at a time.
        let mut found = Found::new();
        for some in known.chunks(10) {
            let reads = some.iter().map(|known| read::one(aws, known));
            for (known, object) in some.iter().zip(futures::future::try_join_all(reads).await?) {
                if let Some(object) = object {
                    found.insert(known.id.clone(), object);
                }
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        let limit = plan.timeouts.of("update", Duration::from_secs(3600));
        plan.set_throughput(aws, limit, prior).await?;
        plan.set_indexes(aws, limit, prior).await?;
        plan.set_options(aws, limit, prior).await?;
        plan.set_rest(aws, limit, prior).await?;
        update::tags(aws, prior.arn.as_deref().unwrap_or_default(), &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let limit = prior.timeouts.of("delete", Duration::from_secs(600));
        if !prior.replica.is_empty() {
            let without = Self { replica: Vec::new(), ..prior.state.clone() };
            without.set_replicas(aws, limit, prior).await?;
        }
        // While the table is changing it cannot be deleted: `ResourceInUse` means later.
        until("the table to be deletable", limit, || async {
            let response = aws.dynamodb.delete_table().table_name(&*prior.id).send().await;
            let code = response.as_ref().err().and_then(crate::error::code);
            if code == Some("ResourceInUseException") {
                return Ok(None);
            }
            response
                .found(&format!("deleting AWS DynamoDB Table ({})", prior.id), GONE)
                .map(|_| Some(()))
        })
        .await?;
        until("the table to be deleted", limit, || async {
            Ok(describe(aws, &prior.id).await?.is_none().then_some(()))
        })
        .await
    }

    fn customise(change: &mut Change<'_>) {
        checks::combinations(change);
        // The name means nothing while the limit of life is off.
        if let Some([ttl]) = change.planned("ttl").as_sequence().filter(|_| change.is_create())
            && ttl.get("enabled").and_then(Value::as_bool) == Some(false)
        {
            let ttl = ttl.clone().with("attribute_name", Value::null(Type::String));
            change.set("ttl", Value::list(ttl.ty(), vec![ttl]));
        }
        if change.planned("table_class").is_null() {
            change.keep_if("table_class", "STANDARD");
        }
        if !change.is_create() && change.changed("stream_enabled") {
            change.set_unknown("stream_arn");
        }
        // What is paid per request has no capacity.
        if change.planned("billing_mode").as_str() == Some("PAY_PER_REQUEST") && change.is_create()
        {
            for name in ["read_capacity", "write_capacity"] {
                if change.config().get(name).is_some_and(Value::is_null) {
                    change.set_unknown(name);
                }
            }
        }
    }
}

impl List for DynamodbTable {
    type Config = Everything;

    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.dynamodb.list_tables().limit(page.size(1, 100));
        let answer = request.set_exclusive_start_table_name(page.token).send().await;
        let answer = answer.explain("listing DynamoDB Tables")?;
        let names = answer.table_names.unwrap_or_default().into_iter();
        Ok(Results::new(names.map(|name| (name.clone(), name)), answer.last_evaluated_table_name))
    }
}
