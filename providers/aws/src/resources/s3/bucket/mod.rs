mod blocks;
mod checks;
mod lifecycle;
mod replication;
mod settings;
mod website;

use aws_sdk_s3::types as api;

use self::blocks::*;
use self::checks::CHECKS;
use crate::listing::{self, Everything};
use crate::prelude::*;

/// A bucket of objects.
///
/// ```hcl
/// resource "aws_s3_bucket" "state" {
///   bucket = "my-state"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_s3_bucket", checks = CHECKS)]
pub(crate) struct S3Bucket {
    #[attr(
        computed,
        deprecated = "Use the resource aws_s3_bucket_accelerate_configuration instead."
    )]
    acceleration_status: Option<String>,
    #[attr(computed, deprecated = "Use the resource aws_s3_bucket_acl instead.")]
    acl: Option<String>,
    /// Amazon Resource Name.
    arn: Computed<String>,
    #[attr(computed, force_new)]
    bucket: Option<String>,
    bucket_domain_name: Computed<String>,
    #[attr(computed, force_new)]
    bucket_prefix: Option<String>,
    bucket_regional_domain_name: Computed<String>,
    #[block(computed, deprecated = "Use the resource aws_s3_bucket_cors_configuration instead.")]
    cors_rule: Vec<CorsRule>,
    /// Whether to delete all objects before the bucket.
    #[attr(default = false, unreadable)]
    force_destroy: bool,
    #[block(set, computed, deprecated = "Use the resource aws_s3_bucket_acl instead.")]
    grant: Vec<Grant>,
    /// The hosted zone of its web site.
    hosted_zone_id: Computed<String>,
    #[block(
        computed,
        deprecated = "Use the resource aws_s3_bucket_lifecycle_configuration instead."
    )]
    lifecycle_rule: Vec<LifecycleRule>,
    #[block(max = 1, computed, deprecated = "Use the resource aws_s3_bucket_logging instead.")]
    logging: Option<Logging>,
    #[block(
        max = 1,
        computed,
        deprecated = "Use the argument object_lock_enabled and the resource aws_s3_bucket_object_lock_configuration instead."
    )]
    object_lock_configuration: Option<ObjectLockConfiguration>,
    #[attr(computed, force_new)]
    object_lock_enabled: Option<bool>,
    #[attr(computed, stored = texts::document, deprecated = "Use the resource aws_s3_bucket_policy instead.")]
    policy: Option<String>,
    region: Computed<String>,
    #[block(
        max = 1,
        computed,
        deprecated = "Use the resource aws_s3_bucket_replication_configuration instead."
    )]
    replication_configuration: Option<ReplicationConfiguration>,
    #[attr(
        computed,
        deprecated = "Use the resource aws_s3_bucket_request_payment_configuration instead."
    )]
    request_payer: Option<String>,
    #[block(
        max = 1,
        computed,
        deprecated = "Use the resource aws_s3_bucket_server_side_encryption_configuration instead."
    )]
    server_side_encryption_configuration: Option<ServerSideEncryptionConfiguration>,
    tags: Tags,
    #[timeouts(create = 1200, delete = 3600, read = 1200, update = 1200)]
    timeouts: Timeouts,
    #[block(max = 1, computed, deprecated = "Use the resource aws_s3_bucket_versioning instead.")]
    versioning: Option<Versioning>,
    #[block(
        max = 1,
        computed,
        deprecated = "Use the resource aws_s3_bucket_website_configuration instead."
    )]
    website: Option<Website>,
    #[attr(deprecated = "Use the resource aws_s3_bucket_website_configuration instead.")]
    website_domain: Computed<String>,
    #[attr(deprecated = "Use the resource aws_s3_bucket_website_configuration instead.")]
    website_endpoint: Computed<String>,
}

const GONE: &[&str] = &["NoSuchBucket", "NotFound"];

/// The hosted zone of web sites, by region.
/// Source: the list of Amazon S3 website endpoints in the AWS General Reference.
const HOSTED_ZONES: [(&str, &str); 17] = [
    ("ap-northeast-1", "Z2M4EHUR26P7ZW"),
    ("ap-northeast-2", "Z3W03O7B5YMIYP"),
    ("ap-northeast-3", "Z2YQB5RD63NC85"),
    ("ap-south-1", "Z11RGJOFQNVJUP"),
    ("ap-southeast-1", "Z3O0J2DXBE1FTB"),
    ("ap-southeast-2", "Z1WCIGYICN2BYD"),
    ("ca-central-1", "Z1QDHH18159H29"),
    ("eu-central-1", "Z21DNDUVLTQW6Q"),
    ("eu-north-1", "Z3BAZG2TWCNX0D"),
    ("eu-west-1", "Z1BKCTXD74EZPE"),
    ("eu-west-2", "Z3GKZC51ZF0DB4"),
    ("eu-west-3", "Z3R1K369G5AVDG"),
    ("sa-east-1", "Z7KQH4QJS55SO"),
    ("us-east-1", "Z3AQBSTGFYJSTF"),
    ("us-east-2", "Z2O1EMRO9K5GLX"),
    ("us-west-1", "Z2F56UZL2M1ACD"),
    ("us-west-2", "Z3BJ6K6RIION7M"),
];

fn given(text: &Option<String>) -> Option<String> {
    text.clone().filter(|text| !text.is_empty())
}

impl S3Bucket {
    async fn one(aws: &Aws, known: &Known<Self>) -> Result<Option<Self>> {
        let bucket = &*known.id;
        let response = aws.s3.head_bucket().bucket(bucket).send().await;
        let Some(head) = response.found("reading S3 Bucket", GONE)? else { return Ok(None) };
        let region = head
            .bucket_region
            .filter(|region| !region.is_empty())
            .unwrap_or_else(|| aws.region.clone());
        let (_, suffix) = crate::regions::partition(&region);
        let zone = HOSTED_ZONES
            .iter()
            .find(|(name, _)| *name == region)
            .map(|(_, zone)| (*zone).to_owned());
        let object = Self {
            arn: format!("arn:{}:s3:::{bucket}", aws.partition()).into(),
            bucket: Some(bucket.to_owned()),
            bucket_domain_name: format!("{bucket}.s3.{suffix}").into(),
            bucket_prefix: Some(names::prefix_of(bucket)),
            bucket_regional_domain_name: format!("{bucket}.s3.{region}.{suffix}").into(),
            hosted_zone_id: zone.unwrap_or_default().into(),
            tags: tags_of(aws, bucket).await?,
            region: region.clone().into(),
            ..known.state.clone()
        };
        let object = object.with_settings(aws, bucket, &known.state).await?;
        let domain = object.website.as_ref().map(|_| website::domain(&region, suffix));
        Ok(Some(Self {
            website_endpoint: domain.as_ref().map(|domain| format!("{bucket}.{domain}")).into(),
            website_domain: domain.into(),
            ..object
        }))
    }

    /// Deletes all objects, with all their versions.
    async fn empty(aws: &Aws, bucket: &str) -> Result<()> {
        loop {
            let response = aws.s3.list_object_versions().bucket(bucket).send().await;
            let Some(page) = response.found("listing objects of S3 Bucket", GONE)? else {
                return Ok(());
            };
            let identify = |key: Option<String>, version: Option<String>| {
                built(
                    api::ObjectIdentifier::builder()
                        .key(key.unwrap_or_default())
                        .set_version_id(version)
                        .build(),
                )
            };
            let versions = page
                .versions
                .unwrap_or_default()
                .into_iter()
                .map(|found| identify(found.key, found.version_id));
            let markers = page.delete_markers.unwrap_or_default().into_iter();
            let markers = markers.map(|found| identify(found.key, found.version_id));
            let objects = versions.chain(markers).collect::<Result<Vec<_>>>()?;
            if objects.is_empty() {
                return Ok(());
            }
            let delete =
                built(api::Delete::builder().set_objects(Some(objects)).quiet(true).build())?;
            let request = aws.s3.delete_objects().bucket(bucket).delete(delete);
            let failed = request
                .send()
                .await
                .explain("deleting objects of S3 Bucket")?
                .errors
                .unwrap_or_default();
            if let Some(error) = failed.first() {
                let message = error.message.as_deref().unwrap_or("no reason was given");
                return Err(Error::new(format!(
                    "Objects of the bucket {bucket} cannot be deleted: {message}."
                )));
            }
        }
    }
}

async fn tags_of(aws: &Aws, bucket: &str) -> Result<Tags> {
    let response = aws.s3.get_bucket_tagging().bucket(bucket).send().await;
    let found = response.found("reading tags of S3 Bucket", &["NoSuchTagSet", "NoSuchBucket"])?;
    Ok(found
        .map(|found| found.tag_set)
        .unwrap_or_default()
        .into_iter()
        .map(|tag| (tag.key, tag.value))
        .collect())
}

/// The API replaces all tags at once: those that are not ours stay.
async fn set_tags(aws: &Aws, bucket: &str, prior: &Tags, plan: &Tags) -> Result<()> {
    if prior == plan {
        return Ok(());
    }
    let mut all = tags_of(aws, bucket).await?.all().clone();
    for key in plan.removed_since(prior) {
        all.remove(&key);
    }
    all.extend(plan.all().clone());
    if all.is_empty() {
        aws.s3
            .delete_bucket_tagging()
            .bucket(bucket)
            .send()
            .await
            .explain("deleting tags of S3 Bucket")?;
        return Ok(());
    }
    let list =
        all.iter().map(|(key, value)| built(api::Tag::builder().key(key).value(value).build()));
    let tagging = built(
        api::Tagging::builder().set_tag_set(Some(list.collect::<Result<Vec<_>>>()?)).build(),
    )?;
    let request = aws.s3.put_bucket_tagging().bucket(bucket).tagging(tagging);
    request.send().await.explain("tagging S3 Bucket")?;
    Ok(())
}

impl Operations for S3Bucket {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        let name = names::name_or_new(plan.bucket.as_ref(), plan.bucket_prefix.as_ref(), 63);
        // In some regions the API would give us a bucket that we have already, and destroy it later with what is in it.
        let doing = format!("creating S3 Bucket ({name})");
        let same = aws.s3.head_bucket().bucket(&name).send().await;
        if same.is_ok() {
            return Err(Error::new("").summary(format!("{doing}: BucketAlreadyExists")));
        }
        // The oldest region is the only one that must not be named.
        let location = (aws.region != "us-east-1").then(|| {
            api::CreateBucketConfiguration::builder()
                .location_constraint(aws.region.as_str().into())
                .build()
        });
        let locked =
            plan.object_lock_enabled == Some(true) || plan.object_lock_configuration.is_some();
        let request = aws
            .s3
            .create_bucket()
            .bucket(&name)
            .set_acl(given(&plan.acl).as_deref().map(Into::into))
            .set_create_bucket_configuration(location)
            .set_object_lock_enabled_for_bucket(locked.then_some(true));
        request.send().await.explain(&doing)?;
        Ok(Id(name))
    }

    async fn configure(aws: &Aws, plan: &Known<Self>) -> Result<()> {
        set_tags(aws, &plan.id, &Tags::default(), &plan.tags).await?;
        let fresh = Self { acl: plan.acl.clone(), ..Self::default() };
        plan.set(aws, &plan.id, &fresh).await
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for some in known.chunks(20) {
            let reads = some.iter().map(|known| Self::one(aws, known));
            for (known, object) in some.iter().zip(futures::future::try_join_all(reads).await?) {
                if let Some(object) = object {
                    found.insert(known.id.clone(), object);
                }
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, prior: &Known<Self>, plan: &Self) -> Result<()> {
        plan.set(aws, &prior.id, prior).await?;
        set_tags(aws, &prior.id, &prior.tags, &plan.tags).await
    }

    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let doing = format!("deleting S3 Bucket ({})", prior.id);
        let response = aws.s3.delete_bucket().bucket(&*prior.id).send().await;
        let full = response.as_ref().err().and_then(crate::error::code) == Some("BucketNotEmpty");
        if !full || !prior.force_destroy {
            response.found(&doing, GONE)?;
            return Ok(());
        }
        Self::empty(aws, &prior.id).await?;
        let response = aws.s3.delete_bucket().bucket(&*prior.id).send().await;
        response.found(&doing, GONE)?;
        Ok(())
    }
}

impl List for S3Bucket {
    type Config = Everything;

    /// The buckets of the region.
    async fn list(aws: &Aws, wanted: &Everything, page: Page) -> Result<Results> {
        listing::here(aws, wanted.region.as_ref())?;
        let request = aws.s3.list_buckets().max_buckets(page.size(1, 10_000));
        let request = request.bucket_region(&aws.region).set_continuation_token(page.token);
        let answer = request.send().await.explain("listing S3 Buckets")?;
        let names = answer.buckets.unwrap_or_default().into_iter().filter_map(|found| found.name);
        Ok(Results::new(names.map(|name| (name.clone(), name)), answer.continuation_token))
    }
}
