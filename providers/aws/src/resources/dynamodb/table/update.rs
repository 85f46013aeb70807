//! Changing a table in place: one change a call, each waited for.

use aws_sdk_dynamodb::types as api;

use super::create::{projection, throughput};
use super::{
    DynamodbTable, GlobalSecondaryIndex, OnDemandThroughput, Replica, active, given, tag_list,
};
use crate::prelude::*;

/// Brings the tags of a table up to date.
pub(super) async fn tags(aws: &Aws, arn: &str, prior: &Tags, plan: &Tags) -> Result<()> {
    let removed = plan.removed_since(prior);
    if !removed.is_empty() {
        let request = aws.dynamodb.untag_resource().resource_arn(arn).set_tag_keys(Some(removed));
        request.send().await.explain("removing tags of DynamoDB Table")?;
    }
    if let Some(list) = tag_list(&plan.added_since(prior))? {
        let request = aws.dynamodb.tag_resource().resource_arn(arn).set_tags(Some(list));
        request.send().await.explain("tagging DynamoDB Table")?;
    }
    Ok(())
}

impl DynamodbTable {
    fn change(
        &self,
        aws: &Aws,
    ) -> aws_sdk_dynamodb::operation::update_table::builders::UpdateTableFluentBuilder {
        aws.dynamodb.update_table().table_name(&self.name)
    }

    pub(super) async fn set_throughput(
        &self,
        aws: &Aws,
        limit: Duration,
        prior: &Self,
    ) -> Result<()> {
        let capacity = |table: &Self| (table.read_capacity, table.write_capacity);
        let switched = self.billing_mode != prior.billing_mode;
        let bought = self.is_provisioned() && capacity(self) != capacity(prior);
        let limited =
            !self.is_provisioned() && self.on_demand_throughput != prior.on_demand_throughput;
        if !switched && !bought && !limited {
            return Ok(());
        }
        let mut request = self.change(aws);
        if switched {
            request = request.billing_mode(self.billing_mode.as_str().into());
        }
        if self.is_provisioned() {
            request = request
                .provisioned_throughput(throughput(self.read_capacity, self.write_capacity)?);
            if switched {
                for index in &self.global_secondary_index {
                    let bought = throughput(index.read_capacity, index.write_capacity)?;
                    let update = api::UpdateGlobalSecondaryIndexAction::builder()
                        .index_name(&index.name)
                        .provisioned_throughput(bought);
                    let update = built(update.build())?;
                    request = request.global_secondary_index_updates(
                        api::GlobalSecondaryIndexUpdate::builder().update(update).build(),
                    );
                }
            }
        } else {
            request = request.set_on_demand_throughput(
                self.on_demand_throughput.as_ref().and_then(OnDemandThroughput::request),
            );
        }
        request.send().await.explain("updating throughput of DynamoDB Table")?;
        active(aws, &self.name, limit).await
    }

    /// The API changes one index at a time.
    pub(super) async fn set_indexes(&self, aws: &Aws, limit: Duration, prior: &Self) -> Result<()> {
        let shape = |index: &GlobalSecondaryIndex| {
            let mut attributes = index.attributes();
            attributes.sort_unstable();
            (
                index.hash_key.clone(),
                index.range_key.clone(),
                index.projection_type.clone(),
                attributes,
            )
        };
        let of = |indexes: &[GlobalSecondaryIndex], name: &str| {
            indexes.iter().find(|index| index.name == name).cloned()
        };
        for old in &prior.global_secondary_index {
            if of(&self.global_secondary_index, &old.name)
                .is_none_or(|new| shape(&new) != shape(old))
            {
                let delete = api::DeleteGlobalSecondaryIndexAction::builder().index_name(&old.name);
                let update = api::GlobalSecondaryIndexUpdate::builder()
                    .delete(built(delete.build())?)
                    .build();
                self.send_index(aws, limit, update).await?;
            }
        }
        for new in &self.global_secondary_index {
            let old =
                of(&prior.global_secondary_index, &new.name).filter(|old| shape(old) == shape(new));
            let bought = self
                .is_provisioned()
                .then(|| throughput(new.read_capacity, new.write_capacity))
                .transpose()?;
            let update = api::GlobalSecondaryIndexUpdate::builder();
            match old {
                None => {
                    let create = api::CreateGlobalSecondaryIndexAction::builder()
                        .index_name(&new.name)
                        .set_key_schema(Some(new.key()?))
                        .projection(projection(&new.projection_type, new.attributes()))
                        .set_provisioned_throughput(bought);
                    self.send_index(aws, limit, update.create(built(create.build())?).build())
                        .await?;
                }
                Some(old)
                    if self.is_provisioned()
                        && prior.is_provisioned()
                        && (old.read_capacity, old.write_capacity)
                            != (new.read_capacity, new.write_capacity) =>
                {
                    let change = api::UpdateGlobalSecondaryIndexAction::builder()
                        .index_name(&new.name)
                        .set_provisioned_throughput(bought);
                    self.send_index(aws, limit, update.update(built(change.build())?).build())
                        .await?;
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    async fn send_index(
        &self,
        aws: &Aws,
        limit: Duration,
        update: api::GlobalSecondaryIndexUpdate,
    ) -> Result<()> {
        let request = self
            .change(aws)
            .set_attribute_definitions(Some(self.attributes()?))
            .global_secondary_index_updates(update);
        request.send().await.explain("updating indexes of DynamoDB Table")?;
        active(aws, &self.name, limit).await
    }

    /// Stream, encryption, class, protection.
    pub(super) async fn set_options(&self, aws: &Aws, limit: Duration, prior: &Self) -> Result<()> {
        let mut requests = Vec::new();
        let on = |table: &Self| table.stream_enabled.unwrap_or(false);
        let view = |table: &Self| given(&table.stream_view_type);
        if on(self) != on(prior) || (on(self) && view(self) != view(prior)) {
            let off = || built(api::StreamSpecification::builder().stream_enabled(false).build());
            if on(prior) && on(self) {
                requests.push(self.change(aws).stream_specification(off()?));
            }
            let wanted = match self.stream()? {
                Some(stream) => stream,
                None => off()?,
            };
            requests.push(self.change(aws).stream_specification(wanted));
        }
        if self.server_side_encryption != prior.server_side_encryption {
            requests.push(self.change(aws).set_sse_specification(self.encryption()));
        }
        let class =
            |table: &Self| given(&table.table_class).unwrap_or_else(|| "STANDARD".to_owned());
        if class(self) != class(prior) {
            requests.push(self.change(aws).table_class(class(self).as_str().into()));
        }
        let protected = |table: &Self| table.deletion_protection_enabled.unwrap_or(false);
        if protected(self) != protected(prior) {
            requests.push(self.change(aws).deletion_protection_enabled(protected(self)));
        }
        for request in requests {
            request.send().await.explain("updating DynamoDB Table")?;
            active(aws, &self.name, limit).await?;
        }
        Ok(())
    }

    /// What has calls of its own: expiry of items, backups, replicas.
    pub(super) async fn set_rest(&self, aws: &Aws, limit: Duration, prior: &Self) -> Result<()> {
        let wanted = self.ttl.as_ref().map(|ttl| (ttl.enabled, given(&ttl.attribute_name)));
        let now = prior.ttl.as_ref().map(|ttl| (ttl.enabled, given(&ttl.attribute_name)));
        if let Some((enabled, attribute)) =
            wanted.clone().filter(|(enabled, _)| *enabled || now.as_ref().is_some_and(|now| now.0))
            && wanted != now
        {
            let attribute = attribute.or_else(|| now.and_then(|now| now.1)).unwrap_or_default();
            let specification =
                api::TimeToLiveSpecification::builder().enabled(enabled).attribute_name(attribute);
            let request = aws.dynamodb.update_time_to_live().table_name(&self.name);
            let request = request.time_to_live_specification(built(specification.build())?);
            request.send().await.explain("updating time to live of DynamoDB Table")?;
        }
        let on = |table: &Self| {
            table.point_in_time_recovery.as_ref().is_some_and(|recovery| recovery.enabled)
        };
        let days = |table: &Self| {
            table
                .point_in_time_recovery
                .as_ref()
                .and_then(|recovery| recovery.recovery_period_in_days)
        };
        if on(self) != on(prior) || (on(self) && days(self).is_some() && days(self) != days(prior))
        {
            let specification = api::PointInTimeRecoverySpecification::builder()
                .point_in_time_recovery_enabled(on(self))
                .set_recovery_period_in_days(
                    days(self)
                        .filter(|days| on(self) && *days > 0)
                        .and_then(|days| i32::try_from(days).ok()),
                );
            let request = aws.dynamodb.update_continuous_backups().table_name(&self.name);
            let request =
                request.point_in_time_recovery_specification(built(specification.build())?);
            request.send().await.explain("updating point in time recovery of DynamoDB Table")?;
        }
        self.set_replicas(aws, limit, prior).await
    }

    pub(super) async fn set_replicas(
        &self,
        aws: &Aws,
        limit: Duration,
        prior: &Self,
    ) -> Result<()> {
        let has = |replicas: &[Replica], region: &str| {
            replicas.iter().any(|replica| replica.region_name == region)
        };
        let mut updates = Vec::new();
        for old in prior.replica.iter().filter(|old| !has(&self.replica, &old.region_name)) {
            let delete =
                api::DeleteReplicationGroupMemberAction::builder().region_name(&old.region_name);
            updates.push(
                api::ReplicationGroupUpdate::builder().delete(built(delete.build())?).build(),
            );
        }
        for new in self.replica.iter().filter(|new| !has(&prior.replica, &new.region_name)) {
            let create = api::CreateReplicationGroupMemberAction::builder()
                .region_name(&new.region_name)
                .set_kms_master_key_id(given(&new.kms_key_arn));
            updates.push(
                api::ReplicationGroupUpdate::builder().create(built(create.build())?).build(),
            );
        }
        for update in updates {
            let request = self.change(aws).replica_updates(update);
            request.send().await.explain("updating replicas of DynamoDB Table")?;
            active(aws, &self.name, limit).await?;
        }
        Ok(())
    }
}
