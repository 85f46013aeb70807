//! What a bucket is set to: one call to read each setting, one to write it.
//!
//! A setting is read where the state does not know the bucket yet, or has something else than what a new bucket has.

use aws_sdk_s3::types as api;

use super::{
    ApplyServerSideEncryptionByDefault, CorsRule, DefaultRetention, GONE, Grant, Logging,
    ObjectLockConfiguration, Rule, S3Bucket, ServerSideEncryptionConfiguration,
    ServerSideEncryptionConfigurationRule, Versioning, given, lifecycle, replication, website,
};
use crate::prelude::*;

impl S3Bucket {
    pub(super) async fn with_settings(
        mut self,
        aws: &Aws,
        bucket: &str,
        known: &Self,
    ) -> Result<Self> {
        let new = known.arn.is_none();
        let plain = |text: &Option<String>, usual: &str| {
            text.as_deref().is_none_or(|text| text.is_empty() || text == usual)
        };
        // Another resource sets it, in the same run as often as not.
        self.versioning = Some(versioning(aws, bucket).await?);
        if new || known.server_side_encryption_configuration.is_some() {
            self.server_side_encryption_configuration = encryption(aws, bucket).await?;
        }
        if new || !plain(&known.policy, "") {
            self.policy = Some(policy(aws, bucket).await?);
        }
        if new || !known.grant.is_empty() {
            self.grant = grants(aws, bucket).await?;
        }
        if new || !plain(&known.request_payer, "BucketOwner") {
            let response = aws.s3.get_bucket_request_payment().bucket(bucket).send().await;
            let found = response.said("reading request payment of S3 Bucket", GONE, |_| None)?;
            let payer = found.and_then(|found| found.payer);
            self.request_payer = Some(payer.as_ref().map_or("", |payer| payer.as_str()).to_owned());
        }
        if new || !plain(&known.acceleration_status, "") {
            let response = aws.s3.get_bucket_accelerate_configuration().bucket(bucket).send().await;
            let found = response.said(
                "reading acceleration of S3 Bucket",
                &["MethodNotAllowed", "NoSuchBucket"],
                |_| None,
            )?;
            let status = found.and_then(|found| found.status);
            self.acceleration_status =
                Some(status.as_ref().map_or("", |status| status.as_str()).to_owned());
        }
        if new || !known.cors_rule.is_empty() {
            self.cors_rule = cors(aws, bucket).await?;
        }
        if new || !known.lifecycle_rule.is_empty() {
            self.lifecycle_rule = lifecycle::read(aws, bucket, &known.lifecycle_rule).await?;
        }
        if new || known.logging.is_some() {
            self.logging = logging(aws, bucket).await?;
        }
        if new || known.website.is_some() {
            self.website = website::read(aws, bucket, known.website.as_ref()).await?;
        }
        if new || known.replication_configuration.is_some() {
            self.replication_configuration = replication::read(aws, bucket).await?;
        }
        if new || known.object_lock_enabled == Some(true) {
            self.object_lock_configuration = object_lock(aws, bucket).await?;
            self.object_lock_enabled = Some(self.object_lock_configuration.is_some());
        }
        Ok(self)
    }

    /// Writes what is different from `prior`.
    pub(super) async fn set(&self, aws: &Aws, bucket: &str, prior: &Self) -> Result<()> {
        if let Some(wanted) = self.versioning.as_ref().filter(|wanted| {
            prior.versioning.as_ref() != Some(wanted)
                && (wanted.enabled || prior.versioning.is_some())
        }) {
            put_versioning(aws, bucket, wanted).await?;
        }
        let acl = given(&self.acl).filter(|acl| prior.acl.as_ref() != Some(acl));
        if let Some(acl) = acl {
            let request = aws.s3.put_bucket_acl().bucket(bucket).acl(acl.as_str().into());
            request.send().await.explain("putting ACL of S3 Bucket")?;
        } else if self.grant != prior.grant && !self.grant.is_empty() {
            put_grants(aws, bucket, &self.grant).await?;
        }
        if self.policy != prior.policy
            && let Some(policy) = given(&self.policy)
        {
            let request = aws.s3.put_bucket_policy().bucket(bucket).policy(policy);
            request.send().await.explain("putting policy of S3 Bucket")?;
        }
        if self.server_side_encryption_configuration != prior.server_side_encryption_configuration
            && let Some(wanted) = &self.server_side_encryption_configuration
        {
            put_encryption(aws, bucket, wanted).await?;
        }
        if let Some(payer) =
            given(&self.request_payer).filter(|payer| prior.request_payer.as_ref() != Some(payer))
        {
            let payment = built(
                api::RequestPaymentConfiguration::builder().payer(payer.as_str().into()).build(),
            )?;
            let request = aws
                .s3
                .put_bucket_request_payment()
                .bucket(bucket)
                .request_payment_configuration(payment);
            request.send().await.explain("putting request payment of S3 Bucket")?;
        }
        let status = given(&self.acceleration_status);
        if let Some(status) =
            status.filter(|status| prior.acceleration_status.as_ref() != Some(status))
        {
            let wanted =
                api::AccelerateConfiguration::builder().status(status.as_str().into()).build();
            let request = aws
                .s3
                .put_bucket_accelerate_configuration()
                .bucket(bucket)
                .accelerate_configuration(wanted);
            request.send().await.explain("putting acceleration of S3 Bucket")?;
        }
        if self.cors_rule != prior.cors_rule && !self.cors_rule.is_empty() {
            put_cors(aws, bucket, &self.cors_rule).await?;
        }
        if self.lifecycle_rule != prior.lifecycle_rule && !self.lifecycle_rule.is_empty() {
            lifecycle::put(aws, bucket, &self.lifecycle_rule).await?;
        }
        if self.logging != prior.logging
            && let Some(wanted) = &self.logging
        {
            let enabled = built(
                api::LoggingEnabled::builder()
                    .target_bucket(&wanted.target_bucket)
                    .target_prefix(wanted.target_prefix.clone().unwrap_or_default())
                    .build(),
            )?;
            let status = api::BucketLoggingStatus::builder().logging_enabled(enabled).build();
            let request = aws.s3.put_bucket_logging().bucket(bucket).bucket_logging_status(status);
            request.send().await.explain("putting logging of S3 Bucket")?;
        }
        if self.website != prior.website
            && let Some(wanted) = &self.website
        {
            website::put(aws, bucket, wanted).await?;
        }
        if self.replication_configuration != prior.replication_configuration
            && let Some(wanted) = &self.replication_configuration
        {
            replication::put(aws, bucket, wanted).await?;
        }
        if self.object_lock_configuration != prior.object_lock_configuration
            && let Some(wanted) = &self.object_lock_configuration
        {
            put_object_lock(aws, bucket, wanted).await?;
        }
        Ok(())
    }
}

async fn versioning(aws: &Aws, bucket: &str) -> Result<Versioning> {
    let response = aws.s3.get_bucket_versioning().bucket(bucket).send().await;
    let found = response.said(
        "reading versioning of S3 Bucket",
        GONE,
        super::super::bucket_versioning::plainly,
    )?;
    let status = found.as_ref().and_then(|found| found.status.as_ref());
    let mfa = found.as_ref().and_then(|found| found.mfa_delete.as_ref());
    Ok(Versioning {
        enabled: status == Some(&api::BucketVersioningStatus::Enabled),
        mfa_delete: mfa == Some(&api::MfaDeleteStatus::Enabled),
    })
}

async fn put_versioning(aws: &Aws, bucket: &str, wanted: &Versioning) -> Result<()> {
    let status = if wanted.enabled {
        api::BucketVersioningStatus::Enabled
    } else {
        api::BucketVersioningStatus::Suspended
    };
    let configuration = api::VersioningConfiguration::builder()
        .status(status)
        .set_mfa_delete(wanted.mfa_delete.then_some(api::MfaDelete::Enabled))
        .build();
    let request =
        aws.s3.put_bucket_versioning().bucket(bucket).versioning_configuration(configuration);
    request.send().await.explain("putting versioning of S3 Bucket")?;
    Ok(())
}

async fn encryption(aws: &Aws, bucket: &str) -> Result<Option<ServerSideEncryptionConfiguration>> {
    let response = aws.s3.get_bucket_encryption().bucket(bucket).send().await;
    let none = &["ServerSideEncryptionConfigurationNotFoundError", "NoSuchBucket"];
    let found = response.said("reading encryption of S3 Bucket", none, |_| None)?;
    let rule = found
        .and_then(|found| found.server_side_encryption_configuration)
        .and_then(|configuration| configuration.rules.into_iter().next());
    Ok(rule.map(|rule| ServerSideEncryptionConfiguration {
        rule: Some(ServerSideEncryptionConfigurationRule {
            apply_server_side_encryption_by_default: rule
                .apply_server_side_encryption_by_default
                .map(|by_default| ApplyServerSideEncryptionByDefault {
                    kms_master_key_id: Some(by_default.kms_master_key_id.unwrap_or_default()),
                    sse_algorithm: by_default.sse_algorithm.as_str().to_owned(),
                }),
            bucket_key_enabled: Some(rule.bucket_key_enabled.unwrap_or(false)),
        }),
    }))
}

async fn put_encryption(
    aws: &Aws,
    bucket: &str,
    wanted: &ServerSideEncryptionConfiguration,
) -> Result<()> {
    let Some(rule) = &wanted.rule else { return Ok(()) };
    let by_default = rule.apply_server_side_encryption_by_default.as_ref().map(|by_default| {
        built(
            api::ServerSideEncryptionByDefault::builder()
                .sse_algorithm(by_default.sse_algorithm.as_str().into())
                .set_kms_master_key_id(given(&by_default.kms_master_key_id))
                .build(),
        )
    });
    let rule = api::ServerSideEncryptionRule::builder()
        .set_apply_server_side_encryption_by_default(by_default.transpose()?)
        .set_bucket_key_enabled(rule.bucket_key_enabled)
        .build();
    let configuration =
        built(api::ServerSideEncryptionConfiguration::builder().rules(rule).build())?;
    let request = aws
        .s3
        .put_bucket_encryption()
        .bucket(bucket)
        .server_side_encryption_configuration(configuration);
    request.send().await.explain("putting encryption of S3 Bucket")?;
    Ok(())
}

async fn policy(aws: &Aws, bucket: &str) -> Result<String> {
    let response = aws.s3.get_bucket_policy().bucket(bucket).send().await;
    let found = response.said(
        "reading policy of S3 Bucket",
        &["NoSuchBucketPolicy", "NoSuchBucket"],
        |_| None,
    )?;
    Ok(found.and_then(|found| found.policy).unwrap_or_default())
}

async fn grants(aws: &Aws, bucket: &str) -> Result<Vec<Grant>> {
    let response = aws.s3.get_bucket_acl().bucket(bucket).send().await;
    let found = response.said("reading ACL of S3 Bucket", GONE, |_| None)?;
    let mut grants: Vec<Grant> = Vec::new();
    for grant in found.and_then(|found| found.grants).unwrap_or_default() {
        let Some(grantee) = grant.grantee else { continue };
        let permission =
            grant.permission.map(|permission| permission.as_str().to_owned()).unwrap_or_default();
        let (id, uri) = (grantee.id.unwrap_or_default(), grantee.uri.unwrap_or_default());
        // All permissions of one grantee are one block.
        match grants.iter_mut().find(|known| known.id == id && known.uri == uri) {
            Some(known) => known.permissions.0.push(permission),
            None => grants.push(Grant {
                id,
                permissions: Set(vec![permission]),
                r#type: grantee.r#type.as_str().to_owned(),
                uri,
            }),
        }
    }
    Ok(grants)
}

async fn put_grants(aws: &Aws, bucket: &str, wanted: &[Grant]) -> Result<()> {
    let response =
        aws.s3.get_bucket_acl().bucket(bucket).send().await.explain("reading ACL of S3 Bucket")?;
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut list = Vec::new();
    for grant in wanted {
        let grantee = api::Grantee::builder()
            .r#type(grant.r#type.as_str().into())
            .set_id(filled(&grant.id))
            .set_uri(filled(&grant.uri));
        let grantee = built(grantee.build())?;
        list.extend(grant.permissions.iter().map(|permission| {
            api::Grant::builder()
                .grantee(grantee.clone())
                .permission(permission.as_str().into())
                .build()
        }));
    }
    let policy = api::AccessControlPolicy::builder()
        .set_grants(Some(list))
        .set_owner(response.owner)
        .build();
    let request = aws.s3.put_bucket_acl().bucket(bucket).access_control_policy(policy);
    request.send().await.explain("putting ACL of S3 Bucket")?;
    Ok(())
}

async fn cors(aws: &Aws, bucket: &str) -> Result<Vec<CorsRule>> {
    let response = aws.s3.get_bucket_cors().bucket(bucket).send().await;
    let found = response.said(
        "reading CORS of S3 Bucket",
        &["NoSuchCORSConfiguration", "NoSuchBucket"],
        |_| None,
    )?;
    let rules = found.and_then(|found| found.cors_rules).unwrap_or_default().into_iter();
    Ok(rules
        .map(|rule| CorsRule {
            allowed_headers: Some(rule.allowed_headers.unwrap_or_default()),
            allowed_methods: rule.allowed_methods,
            allowed_origins: rule.allowed_origins,
            expose_headers: Some(rule.expose_headers.unwrap_or_default()),
            max_age_seconds: Some(rule.max_age_seconds.map_or(0, i64::from)),
        })
        .collect())
}

async fn put_cors(aws: &Aws, bucket: &str, wanted: &[CorsRule]) -> Result<()> {
    let rules = wanted.iter().map(|rule| {
        built(
            api::CorsRule::builder()
                .set_allowed_headers(rule.allowed_headers.clone())
                .set_allowed_methods(Some(rule.allowed_methods.clone()))
                .set_allowed_origins(Some(rule.allowed_origins.clone()))
                .set_expose_headers(rule.expose_headers.clone())
                .set_max_age_seconds(rule.max_age_seconds.and_then(|age| i32::try_from(age).ok()))
                .build(),
        )
    });
    let rules = rules.collect::<Result<Vec<_>>>()?;
    let configuration =
        built(api::CorsConfiguration::builder().set_cors_rules(Some(rules)).build())?;
    let request = aws.s3.put_bucket_cors().bucket(bucket).cors_configuration(configuration);
    request.send().await.explain("putting CORS of S3 Bucket")?;
    Ok(())
}

async fn logging(aws: &Aws, bucket: &str) -> Result<Option<Logging>> {
    let response = aws.s3.get_bucket_logging().bucket(bucket).send().await;
    let found = response.said("reading logging of S3 Bucket", GONE, |_| None)?;
    Ok(found.and_then(|found| found.logging_enabled).map(|enabled| Logging {
        target_bucket: enabled.target_bucket,
        target_prefix: Some(enabled.target_prefix),
    }))
}

async fn object_lock(aws: &Aws, bucket: &str) -> Result<Option<ObjectLockConfiguration>> {
    let response = aws.s3.get_object_lock_configuration().bucket(bucket).send().await;
    let none = &["ObjectLockConfigurationNotFoundError", "NoSuchBucket", "MethodNotAllowed"];
    let found = response.said("reading object lock of S3 Bucket", none, |_| None)?;
    let configuration = found.and_then(|found| found.object_lock_configuration);
    Ok(configuration.filter(|configuration| configuration.object_lock_enabled.is_some()).map(
        |configuration| {
            let retention = configuration.rule.and_then(|rule| rule.default_retention);
            ObjectLockConfiguration {
                object_lock_enabled: Some("Enabled".to_owned()),
                rule: retention.map(|retention| Rule {
                    default_retention: Some(DefaultRetention {
                        days: retention.days.map(i64::from),
                        mode: retention.mode.as_ref().map_or("", |mode| mode.as_str()).to_owned(),
                        years: retention.years.map(i64::from),
                    }),
                }),
            }
        },
    ))
}

async fn put_object_lock(aws: &Aws, bucket: &str, wanted: &ObjectLockConfiguration) -> Result<()> {
    let int = |number: Option<i64>| {
        number.and_then(|number| i32::try_from(number).ok()).filter(|number| *number > 0)
    };
    let rule =
        wanted.rule.as_ref().and_then(|rule| rule.default_retention.as_ref()).map(|retention| {
            let retention = api::DefaultRetention::builder()
                .mode(retention.mode.as_str().into())
                .set_days(int(retention.days))
                .set_years(int(retention.years))
                .build();
            api::ObjectLockRule::builder().default_retention(retention).build()
        });
    let configuration = api::ObjectLockConfiguration::builder()
        .object_lock_enabled(api::ObjectLockEnabled::Enabled)
        .set_rule(rule)
        .build();
    let request = aws
        .s3
        .put_object_lock_configuration()
        .bucket(bucket)
        .object_lock_configuration(configuration);
    request.send().await.explain("putting object lock of S3 Bucket")?;
    Ok(())
}
