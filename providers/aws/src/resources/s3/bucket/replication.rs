//! Copies of objects in other buckets.

use aws_sdk_s3::types as api;

use super::blocks::*;
use super::given;
use crate::prelude::*;

/// Minutes after which a copy is late, the only value that the API takes.
const MINUTES: i32 = 15;

pub(super) async fn put(aws: &Aws, bucket: &str, wanted: &ReplicationConfiguration) -> Result<()> {
    let rules = wanted.rules.iter().map(Rules::request).collect::<Result<Vec<_>>>()?;
    let configuration =
        api::ReplicationConfiguration::builder().role(&wanted.role).set_rules(Some(rules));
    let request = aws.s3.put_bucket_replication().bucket(bucket);
    let request = request.replication_configuration(built(configuration.build())?);
    request.send().await.explain("putting replication of S3 Bucket")?;
    Ok(())
}

pub(super) async fn read(aws: &Aws, bucket: &str) -> Result<Option<ReplicationConfiguration>> {
    let response = aws.s3.get_bucket_replication().bucket(bucket).send().await;
    let none = &["ReplicationConfigurationNotFoundError", "NoSuchBucket"];
    let found = response.said("reading replication of S3 Bucket", none, |_| None)?;
    let configuration = found.and_then(|found| found.replication_configuration);
    Ok(configuration.map(|found| ReplicationConfiguration {
        role: found.role,
        rules: found.rules.into_iter().map(from_api).collect(),
    }))
}

impl Rules {
    fn request(&self) -> Result<api::ReplicationRule> {
        let status = if self.status == "Enabled" {
            api::ReplicationRuleStatus::Enabled
        } else {
            api::ReplicationRuleStatus::Disabled
        };
        let rule = api::ReplicationRule::builder()
            .status(status)
            .set_id(given(&self.id))
            .set_destination(self.destination.as_ref().map(Destination::request).transpose()?)
            .set_source_selection_criteria(self.source_selection_criteria.as_ref().map(criteria));
        // A rule with a filter is of the second version of the API, which wants a priority and no prefix of its own.
        let rule = match &self.filter {
            Some(filter) => rule
                .filter(filter.request()?)
                .priority(self.priority.and_then(|n| i32::try_from(n).ok()).unwrap_or(0))
                .delete_marker_replication(markers(given(&self.delete_marker_replication_status))),
            #[expect(
                deprecated,
                reason = "the first version of the API, for rules without a filter"
            )]
            None => rule.prefix(self.prefix.clone().unwrap_or_default()),
        };
        built(rule.build())
    }
}

fn markers(status: Option<String>) -> api::DeleteMarkerReplication {
    let status = status.as_deref().unwrap_or("Disabled").into();
    api::DeleteMarkerReplication::builder().status(status).build()
}

fn criteria(wanted: &SourceSelectionCriteria) -> api::SourceSelectionCriteria {
    let objects = wanted.sse_kms_encrypted_objects.as_ref().map(|objects| {
        let status = if objects.enabled == Some(true) { "Enabled" } else { "Disabled" };
        api::SseKmsEncryptedObjects::builder().status(status.into()).build()
    });
    api::SourceSelectionCriteria::builder()
        .set_sse_kms_encrypted_objects(objects.and_then(std::result::Result::ok))
        .build()
}

impl Filter {
    fn request(&self) -> Result<api::ReplicationRuleFilter> {
        let tags = self.tags.iter().flatten();
        let tags =
            tags.map(|(key, value)| built(api::Tag::builder().key(key).value(value).build()));
        let mut tags = tags.collect::<Result<Vec<_>>>()?;
        let prefix = given(&self.prefix);
        let filter = api::ReplicationRuleFilter::builder();
        Ok(match (tags.len(), prefix) {
            (0, prefix) => filter.prefix(prefix.unwrap_or_default()).build(),
            (1, None) => filter.tag(tags.remove(0)).build(),
            (_, prefix) => {
                let both = api::ReplicationRuleAndOperator::builder().set_prefix(prefix);
                filter.and(both.set_tags(Some(tags)).build()).build()
            }
        })
    }
}

impl Destination {
    fn request(&self) -> Result<api::Destination> {
        let minutes = |minutes: Option<i64>| {
            let minutes = minutes.and_then(|minutes| i32::try_from(minutes).ok());
            api::ReplicationTimeValue::builder().minutes(minutes.unwrap_or(MINUTES)).build()
        };
        let owner = self.access_control_translation.as_ref().map(|translation| {
            let owner = given(&translation.owner).unwrap_or_else(|| "Destination".to_owned());
            built(api::AccessControlTranslation::builder().owner(owner.as_str().into()).build())
        });
        let metrics = self.metrics.as_ref().map(|metrics| {
            let status = given(&metrics.status).unwrap_or_else(|| "Enabled".to_owned());
            let metrics = api::Metrics::builder().event_threshold(minutes(metrics.minutes));
            built(metrics.status(status.as_str().into()).build())
        });
        let time = self.replication_time.as_ref().map(|time| {
            let status = given(&time.status).unwrap_or_else(|| "Enabled".to_owned());
            let time = api::ReplicationTime::builder().time(minutes(time.minutes));
            built(time.status(status.as_str().into()).build())
        });
        let key = given(&self.replica_kms_key_id)
            .map(|key| api::EncryptionConfiguration::builder().replica_kms_key_id(key).build());
        built(
            api::Destination::builder()
                .bucket(&self.bucket)
                .set_account(given(&self.account_id))
                .set_storage_class(given(&self.storage_class).as_deref().map(Into::into))
                .set_access_control_translation(owner.transpose()?)
                .set_metrics(metrics.transpose()?)
                .set_replication_time(time.transpose()?)
                .set_encryption_configuration(key)
                .build(),
        )
    }
}

fn from_api(rule: api::ReplicationRule) -> Rules {
    #[expect(deprecated, reason = "the first version of the API, for rules without a filter")]
    let prefix = rule.prefix.filter(|prefix| !prefix.is_empty());
    let markers = rule.delete_marker_replication.and_then(|markers| markers.status);
    Rules {
        delete_marker_replication_status: markers
            .map(|status| status.as_str().to_owned())
            .filter(|status| status == "Enabled"),
        destination: rule.destination.map(destination),
        filter: rule.filter.map(filter),
        id: rule.id,
        prefix,
        priority: rule.priority.map(i64::from),
        source_selection_criteria: rule.source_selection_criteria.map(|criteria| {
            SourceSelectionCriteria {
                sse_kms_encrypted_objects: criteria.sse_kms_encrypted_objects.map(|objects| {
                    SseKmsEncryptedObjects { enabled: Some(objects.status.as_str() == "Enabled") }
                }),
            }
        }),
        status: rule.status.as_str().to_owned(),
    }
}

fn filter(found: api::ReplicationRuleFilter) -> Filter {
    let both = found.and;
    let prefix = both.as_ref().and_then(|both| both.prefix.clone()).or(found.prefix);
    let tags = both.and_then(|both| both.tags).unwrap_or_default().into_iter().chain(found.tag);
    let tags: BTreeMap<String, String> = tags.map(|tag| (tag.key, tag.value)).collect();
    Filter {
        prefix: prefix.filter(|prefix| !prefix.is_empty()),
        tags: (!tags.is_empty()).then_some(tags),
    }
}

fn destination(found: api::Destination) -> Destination {
    let minutes =
        |time: Option<api::ReplicationTimeValue>| time.and_then(|time| time.minutes).map(i64::from);
    Destination {
        access_control_translation: found.access_control_translation.map(|translation| {
            AccessControlTranslation { owner: Some(translation.owner.as_str().to_owned()) }
        }),
        account_id: found.account,
        bucket: found.bucket,
        metrics: found.metrics.map(|metrics| Metrics {
            minutes: minutes(metrics.event_threshold),
            status: Some(metrics.status.as_str().to_owned()),
        }),
        replica_kms_key_id: found
            .encryption_configuration
            .and_then(|encryption| encryption.replica_kms_key_id),
        replication_time: found.replication_time.map(|time| ReplicationTime {
            minutes: minutes(time.time),
            status: Some(time.status.as_str().to_owned()),
        }),
        storage_class: found.storage_class.map(|class| class.as_str().to_owned()),
    }
}
