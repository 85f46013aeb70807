//! When objects move to other storage classes, and when they go away.

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use aws_sdk_s3::types as api;

use super::blocks::{
    Expiration, LifecycleRule, NoncurrentVersionExpiration, NoncurrentVersionTransition, Transition,
};
use super::given;
use crate::prelude::*;

fn int(number: Option<i64>) -> Option<i32> {
    number.and_then(|number| i32::try_from(number).ok()).filter(|number| *number > 0)
}

/// A day as the API wants it: midnight.
fn day(text: &Option<String>) -> Result<Option<DateTime>> {
    let Some(text) = given(text) else { return Ok(None) };
    let time = if text.contains('T') { text.clone() } else { format!("{text}T00:00:00Z") };
    let parsed = DateTime::from_str(&time, DateTimeFormat::DateTime);
    parsed.map(Some).map_err(|error| Error::new(format!("{text:?} is no date: {error}.")))
}

fn date(time: Option<DateTime>) -> Option<String> {
    let text = time?.fmt(DateTimeFormat::DateTime).ok()?;
    text.split('T').next().map(str::to_owned)
}

pub(super) async fn put(aws: &Aws, bucket: &str, rules: &[LifecycleRule]) -> Result<()> {
    let rules = rules.iter().zip(1..).map(|(rule, place)| rule.request(place));
    let configuration = api::BucketLifecycleConfiguration::builder()
        .set_rules(Some(rules.collect::<Result<Vec<_>>>()?));
    let request = aws.s3.put_bucket_lifecycle_configuration().bucket(bucket);
    let request = request.lifecycle_configuration(built(configuration.build())?);
    request.send().await.explain("putting lifecycle of S3 Bucket")?;
    Ok(())
}

impl LifecycleRule {
    fn filter(&self) -> Result<api::LifecycleRuleFilter> {
        let tags = self.tags.clone().unwrap_or_default();
        let tags = tags
            .iter()
            .map(|(key, value)| built(api::Tag::builder().key(key).value(value).build()));
        let tags = tags.collect::<Result<Vec<_>>>()?;
        let prefix = self.prefix.clone().unwrap_or_default();
        let filter = api::LifecycleRuleFilter::builder();
        Ok(if tags.is_empty() {
            filter.prefix(prefix).build()
        } else {
            let both = api::LifecycleRuleAndOperator::builder()
                .prefix(prefix)
                .set_tags(Some(tags))
                .build();
            filter.and(both).build()
        })
    }

    fn request(&self, place: usize) -> Result<api::LifecycleRule> {
        let status = if self.enabled {
            api::ExpirationStatus::Enabled
        } else {
            api::ExpirationStatus::Disabled
        };
        let expiration = match &self.expiration {
            Some(expiration) => Some(
                api::LifecycleExpiration::builder()
                    .set_date(day(&expiration.date)?)
                    .set_days(int(expiration.days))
                    .set_expired_object_delete_marker(
                        expiration.expired_object_delete_marker.filter(|on| *on),
                    )
                    .build(),
            ),
            None => None,
        };
        let mut transitions = Vec::new();
        for transition in &self.transition {
            transitions.push(
                api::Transition::builder()
                    .set_date(day(&transition.date)?)
                    .set_days(transition.days.and_then(|days| i32::try_from(days).ok()))
                    .storage_class(transition.storage_class.as_str().into())
                    .build(),
            );
        }
        let old = self.noncurrent_version_transition.iter().map(|transition| {
            api::NoncurrentVersionTransition::builder()
                .set_noncurrent_days(int(transition.days))
                .storage_class(transition.storage_class.as_str().into())
                .build()
        });
        let abort = int(self.abort_incomplete_multipart_upload_days).map(|days| {
            api::AbortIncompleteMultipartUpload::builder().days_after_initiation(days).build()
        });
        built(
            api::LifecycleRule::builder()
                .id(given(&self.id).unwrap_or_else(|| format!("tf-s3-lifecycle-{place}")))
                .status(status)
                .filter(self.filter()?)
                .set_expiration(expiration)
                .set_transitions((!transitions.is_empty()).then_some(transitions))
                .set_noncurrent_version_transitions(
                    (!self.noncurrent_version_transition.is_empty()).then(|| old.collect()),
                )
                .set_noncurrent_version_expiration(self.noncurrent_version_expiration.as_ref().map(
                    |expiration| {
                        api::NoncurrentVersionExpiration::builder()
                            .set_noncurrent_days(int(expiration.days))
                            .build()
                    },
                ))
                .set_abort_incomplete_multipart_upload(abort)
                .build(),
        )
    }
}

pub(super) async fn read(
    aws: &Aws,
    bucket: &str,
    known: &[LifecycleRule],
) -> Result<Vec<LifecycleRule>> {
    let response = aws.s3.get_bucket_lifecycle_configuration().bucket(bucket).send().await;
    let none = &["NoSuchLifecycleConfiguration", "NoSuchBucket"];
    let found = response.said("reading lifecycle of S3 Bucket", none, |_| None)?;
    let rules = found.and_then(|found| found.rules).unwrap_or_default().into_iter().enumerate();
    Ok(rules.map(|(at, rule)| from_api(rule, known.get(at))).collect())
}

fn from_api(rule: api::LifecycleRule, known: Option<&LifecycleRule>) -> LifecycleRule {
    let both = rule.filter.as_ref().and_then(|filter| filter.and.as_ref());
    let prefix = both
        .and_then(|both| both.prefix.clone())
        .or_else(|| rule.filter.as_ref().and_then(|filter| filter.prefix.clone()));
    let tag = rule.filter.as_ref().and_then(|filter| filter.tag.clone());
    let tags = both.and_then(|both| both.tags.clone()).unwrap_or_default().into_iter().chain(tag);
    let tags: BTreeMap<String, String> = tags.map(|tag| (tag.key, tag.value)).collect();
    let class = |class: Option<api::TransitionStorageClass>| {
        class.map(|class| class.as_str().to_owned()).unwrap_or_default()
    };
    LifecycleRule {
        abort_incomplete_multipart_upload_days: rule
            .abort_incomplete_multipart_upload
            .and_then(|abort| abort.days_after_initiation)
            .map(i64::from)
            .or(Some(0)),
        enabled: rule.status == api::ExpirationStatus::Enabled,
        expiration: rule.expiration.map(|expiration| Expiration {
            date: date(expiration.date).or_else(|| Some(String::new())),
            days: Some(expiration.days.map_or(0, i64::from)),
            expired_object_delete_marker: expiration.expired_object_delete_marker.or(Some(false)),
        }),
        id: rule.id,
        noncurrent_version_expiration: rule.noncurrent_version_expiration.map(|expiration| {
            let days = expiration.noncurrent_days.map_or(0, i64::from);
            NoncurrentVersionExpiration { days: Some(days) }
        }),
        noncurrent_version_transition: rule
            .noncurrent_version_transitions
            .unwrap_or_default()
            .into_iter()
            .map(|transition| NoncurrentVersionTransition {
                days: transition.noncurrent_days.map(i64::from),
                storage_class: class(transition.storage_class),
            })
            .collect(),
        prefix: prefix.or_else(|| known.and_then(|known| known.prefix.clone())),
        tags: Some(tags),
        transition: rule
            .transitions
            .unwrap_or_default()
            .into_iter()
            .map(|transition| Transition {
                date: date(transition.date),
                days: transition.days.map(i64::from),
                storage_class: class(transition.storage_class),
            })
            .collect(),
    }
}
