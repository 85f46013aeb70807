use aws_sdk_s3::operation::get_bucket_versioning::GetBucketVersioningOutput;
use aws_sdk_s3::types as api;

use crate::prelude::*;

/// Whether a bucket keeps old versions of its objects.
///
/// ```hcl
/// resource "aws_s3_bucket_versioning" "state" {
///   bucket = aws_s3_bucket.state.id
///   versioning_configuration {
///     status = "Enabled"
///   }
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(name = "aws_s3_bucket_versioning", checks = CHECKS)]
pub(crate) struct S3BucketVersioning {
    #[attr(force_new)]
    bucket: String,
    #[attr(force_new)]
    expected_bucket_owner: Option<String>,
    /// Serial number and code of the device that protects versions.
    #[attr(unreadable)]
    mfa: Option<String>,
    #[block(min = 1, max = 1)]
    versioning_configuration: Option<VersioningConfiguration>,
}

/// Whether versions are kept.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct VersioningConfiguration {
    #[attr(computed)]
    mfa_delete: Option<String>,
    /// `Enabled`, `Suspended` or `Disabled`.
    status: String,
}

/// The answer under another root.
pub(super) fn plainly(body: &str) -> Option<GetBucketVersioningOutput> {
    let element = |name: &str| {
        let (_, rest) = body.split_once(&format!("<{name}>"))?;
        rest.split_once('<').map(|(text, _)| text)
    };
    let answer = GetBucketVersioningOutput::builder()
        .set_status(element("Status").map(Into::into))
        .set_mfa_delete(element("MfaDelete").map(Into::into));
    Some(answer.build())
}

const GONE: &[&str] = &["NoSuchBucket"];

impl S3BucketVersioning {
    fn owner(&self) -> Option<String> {
        self.expected_bucket_owner.clone().filter(|owner| !owner.is_empty())
    }

    async fn put(&self, aws: &Aws, doing: &str) -> Result<()> {
        let Some(wanted) = &self.versioning_configuration else { return Ok(()) };
        if wanted.status == "Disabled" {
            return Ok(());
        }
        let mfa_delete = wanted.mfa_delete.as_deref().filter(|mfa| !mfa.is_empty());
        let configuration = api::VersioningConfiguration::builder()
            .status(wanted.status.as_str().into())
            .set_mfa_delete(mfa_delete.map(Into::into))
            .build();
        let request = aws
            .s3
            .put_bucket_versioning()
            .bucket(&self.bucket)
            .set_expected_bucket_owner(self.owner())
            .set_mfa(self.mfa.clone())
            .versioning_configuration(configuration);
        let done = request.send().await;
        done.explain(&format!("{doing} S3 Bucket ({}) Versioning", self.bucket)).map(|_| ())
    }
}

impl Operations for S3BucketVersioning {
    type Client = Aws;

    async fn create(aws: &Aws, plan: &Self) -> Result<Id> {
        plan.put(aws, "creating").await?;
        let owner = plan.owner().map(|owner| format!(",{owner}")).unwrap_or_default();
        Ok(Id(format!("{}{owner}", plan.bucket)))
    }

    async fn read(aws: &Aws, known: &[Known<Self>]) -> Result<Found<Self>> {
        let mut found = Found::new();
        for some in known.chunks(20) {
            let reads = some.iter().map(|known| async {
                let (bucket, owner) = match known.id.split_once(',') {
                    Some((bucket, owner)) => (bucket, Some(owner.to_owned())),
                    None => (&*known.id, None),
                };
                let request = aws
                    .s3
                    .get_bucket_versioning()
                    .bucket(bucket)
                    .set_expected_bucket_owner(owner.clone());
                let response =
                    request.send().await.said("reading S3 Bucket versioning", GONE, plainly)?;
                let object = response.map(|response| {
                    let status =
                        response.status.as_ref().map_or("Disabled", |status| status.as_str());
                    Self {
                        bucket: bucket.to_owned(),
                        expected_bucket_owner: Some(owner.unwrap_or_default()),
                        versioning_configuration: Some(VersioningConfiguration {
                            mfa_delete: Some(
                                response
                                    .mfa_delete
                                    .as_ref()
                                    .map_or("", |mfa| mfa.as_str())
                                    .to_owned(),
                            ),
                            status: status.to_owned(),
                        }),
                        ..known.state.clone()
                    }
                });
                Ok::<_, Error>((known.id.clone(), object))
            });
            for (id, object) in futures::future::try_join_all(reads).await? {
                if let Some(object) = object {
                    found.insert(id, object);
                }
            }
        }
        Ok(found)
    }

    async fn update(aws: &Aws, _prior: &Known<Self>, plan: &Self) -> Result<()> {
        plan.put(aws, "updating").await
    }

    /// Versioning cannot be turned off any more, only suspended.
    async fn delete(aws: &Aws, prior: &Known<Self>) -> Result<()> {
        let status = prior.versioning_configuration.as_ref().map(|wanted| wanted.status.as_str());
        if status != Some("Enabled") {
            return Ok(());
        }
        let suspended = api::VersioningConfiguration::builder()
            .status(api::BucketVersioningStatus::Suspended)
            .build();
        let request = aws
            .s3
            .put_bucket_versioning()
            .bucket(&prior.bucket)
            .set_expected_bucket_owner(prior.owner())
            .versioning_configuration(suspended);
        request
            .send()
            .await
            .found(&format!("deleting S3 Bucket Versioning ({})", prior.id), GONE)?;
        Ok(())
    }
}

/// What the arguments must be.
const CHECKS: &[Check] = &[
    length("bucket", 1, 63),
    fits("expected_bucket_owner", shapes::account),
    one_of("versioning_configuration.mfa_delete", &["Enabled", "Disabled"]),
    one_of("versioning_configuration.status", &["Enabled", "Suspended", "Disabled"]).in_block(),
];
