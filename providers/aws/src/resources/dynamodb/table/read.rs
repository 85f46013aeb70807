//! What the API tells of a table.

use aws_sdk_dynamodb::types as api;

use super::{
    Attribute, DynamodbTable, GONE, GlobalSecondaryIndex, LocalSecondaryIndex, OnDemandThroughput,
    PointInTimeRecovery, Replica, ServerSideEncryption, Ttl, describe,
};
use crate::prelude::*;

pub(super) async fn one(aws: &Aws, known: &Known<DynamodbTable>) -> Result<Option<DynamodbTable>> {
    let Some(table) = describe(aws, &known.id).await? else { return Ok(None) };
    let arn = table.table_arn.clone().unwrap_or_default();
    let (backups, ttl, tags) =
        futures::try_join!(backups(aws, &known.id), ttl(aws, &known.id), tags(aws, &arn))?;
    let mut object = from_api(table, &known.state);
    object.point_in_time_recovery = Some(backups);
    object.ttl = Some(ttl);
    object.tags = tags;
    Ok(Some(object))
}

async fn backups(aws: &Aws, name: &str) -> Result<PointInTimeRecovery> {
    let response = aws.dynamodb.describe_continuous_backups().table_name(name).send().await;
    let unknown = &["UnknownOperationException", "TableNotFoundException"];
    let found = response.found("reading continuous backups of DynamoDB Table", unknown)?;
    let recovery = found
        .and_then(|found| found.continuous_backups_description)
        .and_then(|description| description.point_in_time_recovery_description);
    let status =
        recovery.as_ref().and_then(|recovery| recovery.point_in_time_recovery_status.as_ref());
    Ok(PointInTimeRecovery {
        enabled: status == Some(&api::PointInTimeRecoveryStatus::Enabled),
        recovery_period_in_days: Some(
            recovery
                .as_ref()
                .and_then(|recovery| recovery.recovery_period_in_days)
                .map_or(0, i64::from),
        ),
    })
}

async fn ttl(aws: &Aws, name: &str) -> Result<Ttl> {
    let response = aws.dynamodb.describe_time_to_live().table_name(name).send().await;
    let found = response.found("reading time to live of DynamoDB Table", GONE)?;
    let description = found.and_then(|found| found.time_to_live_description);
    let status =
        description.as_ref().and_then(|description| description.time_to_live_status.as_ref());
    Ok(Ttl {
        attribute_name: Some(
            description
                .as_ref()
                .and_then(|description| description.attribute_name.clone())
                .unwrap_or_default(),
        ),
        enabled: matches!(
            status,
            Some(api::TimeToLiveStatus::Enabled | api::TimeToLiveStatus::Enabling)
        ),
    })
}

async fn tags(aws: &Aws, arn: &str) -> Result<Tags> {
    let mut all = Vec::new();
    let mut next = None;
    loop {
        let request = aws.dynamodb.list_tags_of_resource().resource_arn(arn).set_next_token(next);
        let Some(page) = request.send().await.found("reading tags of DynamoDB Table", GONE)? else {
            break;
        };
        all.extend(page.tags.unwrap_or_default());
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    Ok(all.into_iter().map(|tag| (tag.key, tag.value)).collect())
}

/// The names of hash key and range key.
fn keys(key: Option<&Vec<api::KeySchemaElement>>) -> (String, String) {
    let of = |kind: &api::KeyType| {
        let mut elements = key.into_iter().flatten();
        elements
            .find(|element| element.key_type == *kind)
            .map(|element| element.attribute_name.clone())
    };
    (of(&api::KeyType::Hash).unwrap_or_default(), of(&api::KeyType::Range).unwrap_or_default())
}

fn on_demand(found: Option<&api::OnDemandThroughput>) -> Option<OnDemandThroughput> {
    found.map(|found| OnDemandThroughput {
        max_read_request_units: found.max_read_request_units,
        max_write_request_units: found.max_write_request_units,
    })
}

fn from_api(table: api::TableDescription, known: &DynamodbTable) -> DynamodbTable {
    let (hash_key, range_key) = keys(table.key_schema.as_ref());
    let stream = table.stream_specification.as_ref();
    let encryption = table.sse_description.as_ref().map(|found| ServerSideEncryption {
        enabled: found.status == Some(api::SseStatus::Enabled),
        kms_key_arn: Some(found.kms_master_key_arn.clone().unwrap_or_default()),
    });
    let bought = table.provisioned_throughput.as_ref();
    let mode = table
        .billing_mode_summary
        .as_ref()
        .and_then(|summary| summary.billing_mode.as_ref())
        .map_or("PROVISIONED", |mode| mode.as_str());
    let per_request = mode == "PAY_PER_REQUEST";
    let units = |units: Option<i64>| if per_request { Some(0) } else { units };
    let attributes = table.attribute_definitions.iter().flatten().map(|attribute| Attribute {
        name: attribute.attribute_name.clone(),
        r#type: attribute.attribute_type.as_str().to_owned(),
    });
    DynamodbTable {
        arn: table.table_arn.into(),
        attribute: attributes.collect(),
        billing_mode: mode.to_owned(),
        deletion_protection_enabled: Some(table.deletion_protection_enabled.unwrap_or(false)),
        global_secondary_index: table
            .global_secondary_indexes
            .iter()
            .flatten()
            .map(|index| global(index, per_request))
            .collect(),
        hash_key: Some(hash_key),
        local_secondary_index: table.local_secondary_indexes.iter().flatten().map(local).collect(),
        name: table.table_name.unwrap_or_default(),
        on_demand_throughput: on_demand(table.on_demand_throughput.as_ref()),
        range_key: Some(range_key).filter(|key| !key.is_empty()),
        read_capacity: units(bought.and_then(|bought| bought.read_capacity_units)),
        replica: table.replicas.iter().flatten().map(|replica| copy(replica, known)).collect(),
        server_side_encryption: encryption,
        stream_arn: table.latest_stream_arn.unwrap_or_default().into(),
        stream_enabled: Some(stream.is_some_and(|stream| stream.stream_enabled)),
        stream_label: table.latest_stream_label.unwrap_or_default().into(),
        stream_view_type: Some(
            stream
                .and_then(|stream| stream.stream_view_type.as_ref())
                .map_or("", |view| view.as_str())
                .to_owned(),
        ),
        table_class: Some(
            table
                .table_class_summary
                .and_then(|summary| summary.table_class)
                .map_or("STANDARD", |class| {
                    if class == api::TableClass::StandardInfrequentAccess {
                        "STANDARD_INFREQUENT_ACCESS"
                    } else {
                        "STANDARD"
                    }
                })
                .to_owned(),
        ),
        write_capacity: units(bought.and_then(|bought| bought.write_capacity_units)),
        ..known.clone()
    }
}

fn global(index: &api::GlobalSecondaryIndexDescription, per_request: bool) -> GlobalSecondaryIndex {
    let (hash_key, range_key) = keys(index.key_schema.as_ref());
    let projection = index.projection.as_ref();
    let bought = index.provisioned_throughput.as_ref();
    let units = |units: Option<i64>| if per_request { Some(0) } else { units };
    GlobalSecondaryIndex {
        hash_key,
        name: index.index_name.clone().unwrap_or_default(),
        non_key_attributes: Some(Set(projection
            .and_then(|projection| projection.non_key_attributes.clone())
            .unwrap_or_default())),
        on_demand_throughput: on_demand(index.on_demand_throughput.as_ref()),
        projection_type: projection
            .and_then(|projection| projection.projection_type.as_ref())
            .map_or("", |kind| kind.as_str())
            .to_owned(),
        range_key,
        read_capacity: units(bought.and_then(|bought| bought.read_capacity_units)),
        write_capacity: units(bought.and_then(|bought| bought.write_capacity_units)),
    }
}

fn local(index: &api::LocalSecondaryIndexDescription) -> LocalSecondaryIndex {
    let projection = index.projection.as_ref();
    LocalSecondaryIndex {
        name: index.index_name.clone().unwrap_or_default(),
        non_key_attributes: Some(
            projection
                .and_then(|projection| projection.non_key_attributes.clone())
                .unwrap_or_default(),
        ),
        projection_type: projection
            .and_then(|projection| projection.projection_type.as_ref())
            .map_or("", |kind| kind.as_str())
            .to_owned(),
        range_key: keys(index.key_schema.as_ref()).1,
    }
}

fn copy(replica: &api::ReplicaDescription, known: &DynamodbTable) -> Replica {
    let region = replica.region_name.clone().unwrap_or_default();
    let before = known.replica.iter().find(|known| known.region_name == region).cloned();
    Replica {
        kms_key_arn: Some(replica.kms_master_key_id.clone().unwrap_or_default()),
        region_name: region,
        ..before.unwrap_or_default()
    }
}
