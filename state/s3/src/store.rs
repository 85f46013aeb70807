//! The state object.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use aws_sdk_s3::config::{RequestChecksumCalculation, ResponseChecksumValidation};
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::put_object::builders::PutObjectFluentBuilder;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{ChecksumAlgorithm, ObjectCannedAcl, ServerSideEncryption};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use infra_state::{LockError, LockInfo, State, Store, StoreError, format};
use infra_value::Value;
use md5::Digest as _;

use crate::dynamodb::Table;
use crate::error::{failed, refused};
use crate::settings::{endpoint, flag, load, text};

/// The bytes of a key that goes with every call.
pub(crate) fn customer_key(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text).ok().filter(|bytes| bytes.len() == 32)
}

/// How objects are encrypted at rest.
enum Encryption {
    /// As the bucket says.
    Bucket,
    /// With keys of S3.
    Managed,
    /// With a key of KMS.
    Kms(String),
    /// With a key that goes with every call: the key and its digest, in Base64.
    Customer(String, String),
}

impl Encryption {
    fn of(config: &Value) -> Result<Self, String> {
        let key = text(config, "kms_key_id");
        if let Some(customer) = text(config, "sse_customer_key") {
            let bytes =
                customer_key(customer).ok_or("sse_customer_key must be 32 bytes in Base64.")?;
            let sum = BASE64.encode(md5::Md5::digest(&bytes));
            return Ok(Self::Customer(customer.to_owned(), sum));
        }
        Ok(match key {
            _ if !flag(config, "encrypt") => Self::Bucket,
            Some(key) => Self::Kms(key.to_owned()),
            None => Self::Managed,
        })
    }

    /// Algorithm, key and digest of a key that goes with every call.
    fn customer(&self) -> [Option<String>; 3] {
        match self {
            Self::Customer(key, sum) => {
                [Some("AES256".to_owned()), Some(key.clone()), Some(sum.clone())]
            }
            _ => [None, None, None],
        }
    }
}

/// A state in S3.
pub struct S3Store {
    s3: aws_sdk_s3::Client,
    table: Option<Table>,
    bucket: String,
    key: String,
    prefix: String,
    /// The argument `key`, without what a workspace adds.
    name: String,
    lockfile: bool,
    encryption: Encryption,
    acl: Option<ObjectCannedAcl>,
    checksum: bool,
    journal: PathBuf,
    /// The version that was read, which a write replaces and no other.
    etag: Mutex<Option<String>>,
}

impl S3Store {
    /// A store from the arguments of the backend block. `overrides` take the place of the environment; the journal of
    /// changes is a local file.
    ///
    /// # Errors
    /// What is wrong with the arguments.
    pub async fn new(
        config: &Value,
        workspace: &str,
        journal: PathBuf,
        overrides: &BTreeMap<&'static str, String>,
    ) -> Result<Self, String> {
        let sdk = load(config, overrides).await?;
        let bucket = text(config, "bucket").ok_or("The backend \"s3\" needs a bucket.")?.to_owned();
        let name = text(config, "key").ok_or("The backend \"s3\" needs a key.")?;
        let prefix = config
            .get("workspace_key_prefix")
            .and_then(|prefix| prefix.as_str())
            .unwrap_or("env:")
            .to_owned();
        let key = match workspace {
            "default" => name.to_owned(),
            other => [prefix.as_str(), other, name]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join("/"),
        };
        let custom = sdk.endpoint_url().is_some() || endpoint(config, "s3", "endpoint").is_some();
        let path_style =
            flag(config, "use_path_style") || flag(config, "force_path_style") || custom;
        let mut s3 = aws_sdk_s3::config::Builder::from(&sdk).force_path_style(path_style);
        let mut dynamodb = aws_sdk_dynamodb::config::Builder::from(&sdk);
        if flag(config, "skip_s3_checksum") {
            s3 = s3
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
                .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        }
        if overrides.is_empty() {
            if let Some(url) = endpoint(config, "s3", "endpoint") {
                s3.set_endpoint_url(Some(url));
            }
            if let Some(url) = endpoint(config, "dynamodb", "dynamodb_endpoint") {
                dynamodb.set_endpoint_url(Some(url));
            }
        }
        let path = format!("{bucket}/{key}");
        let table = text(config, "dynamodb_table").map(|name| {
            Table::new(aws_sdk_dynamodb::Client::from_conf(dynamodb.build()), name, &path)
        });
        Ok(Self {
            s3: aws_sdk_s3::Client::from_conf(s3.build()),
            table,
            bucket,
            key,
            name: name.to_owned(),
            prefix,
            lockfile: flag(config, "use_lockfile"),
            encryption: Encryption::of(config)?,
            acl: text(config, "acl").map(ObjectCannedAcl::from),
            checksum: !flag(config, "skip_s3_checksum"),
            journal,
            etag: Mutex::default(),
        })
    }

    fn lock_key(&self) -> String {
        format!("{}.tflock", self.key)
    }

    /// A call that writes an object, as all of them are written.
    fn put_object(&self, key: &str, bytes: Vec<u8>) -> PutObjectFluentBuilder {
        let [algorithm, customer, sum] = self.encryption.customer();
        let request = self
            .s3
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type("application/json")
            .set_acl(self.acl.clone())
            .set_checksum_algorithm(self.checksum.then_some(ChecksumAlgorithm::Sha256))
            .set_sse_customer_algorithm(algorithm)
            .set_sse_customer_key(customer)
            .set_sse_customer_key_md5(sum)
            .body(ByteStream::from(bytes));
        match &self.encryption {
            Encryption::Managed => request.server_side_encryption(ServerSideEncryption::Aes256),
            Encryption::Kms(id) => {
                request.server_side_encryption(ServerSideEncryption::AwsKms).ssekms_key_id(id)
            }
            Encryption::Bucket | Encryption::Customer(..) => request,
        }
    }

    async fn get(&self, key: &str) -> Result<Option<(Vec<u8>, Option<String>)>, StoreError> {
        let [algorithm, customer, sum] = self.encryption.customer();
        let request = self
            .s3
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .set_sse_customer_algorithm(algorithm)
            .set_sse_customer_key(customer)
            .set_sse_customer_key_md5(sum);
        let response = request.send().await;
        let found = match response {
            Ok(found) => found,
            Err(SdkError::ServiceError(error)) if error.err().is_no_such_key() => return Ok(None),
            Err(error) => {
                return Err(refused(
                    &format!("s3://{}/{key} could not be read", self.bucket),
                    &error,
                ));
            }
        };
        let etag = found.e_tag.clone();
        let bytes = found
            .body
            .collect()
            .await
            .map_err(|error| failed("The state could not be read", &error))?;
        Ok(Some((bytes.to_vec(), etag)))
    }

    /// Reads the object until it agrees with the digest; S3 may show an older version for a moment.
    async fn get_checked(&self) -> Result<Option<(Vec<u8>, Option<String>)>, StoreError> {
        for attempt in 0..6 {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
            let found = self.get(&self.key).await?;
            let Some(table) = &self.table else { return Ok(found) };
            let expected = table.digest().await?;
            let actual = found.as_ref().map(|(bytes, _)| digest(bytes));
            match expected {
                Some(expected) if actual.as_deref() != Some(expected.as_str()) => {}
                _ => return Ok(found),
            }
        }
        Err(StoreError(format!(
            "The state s3://{}/{} does not agree with its digest in DynamoDB. Somebody may have written it without the \
             digest. If the state is right, remove the item \"{}/{}-md5\" from the lock table.",
            self.bucket, self.key, self.bucket, self.key
        )))
    }

    /// Writes a state as it is, and its digest.
    async fn put(&self, state: &State) -> Result<(), StoreError> {
        let bytes = format::write(state);
        let sum = digest(&bytes);
        let etag = self.etag.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let request = self.put_object(&self.key, bytes).set_if_match(etag);
        let written = request.send().await.map_err(|error| {
            let what = format!("s3://{}/{} could not be written", self.bucket, self.key);
            match error.raw_response().map(|response| response.status().as_u16()) {
                Some(412 | 409) => StoreError(format!(
                    "{what}: somebody else has written it since it was read. Your changes are in the journal."
                )),
                _ => refused(&what, &error),
            }
        })?;
        *self.etag.lock().unwrap_or_else(PoisonError::into_inner) = written.e_tag;
        if let Some(table) = &self.table {
            table.set_digest(&sum).await?;
        }
        Ok(())
    }

    async fn lock_object(&self, info: &LockInfo) -> Result<(), LockError> {
        let request =
            self.put_object(&self.lock_key(), info.to_json().into_bytes()).if_none_match("*");
        match request.send().await {
            Ok(_) => Ok(()),
            Err(error) => {
                let held = self.get(&self.lock_key()).await.ok().flatten();
                let held = held
                    .and_then(|(bytes, _)| LockInfo::from_json(&String::from_utf8_lossy(&bytes)));
                let message = refused("The lock object could not be written", &error).0;
                let message = if held.is_some() {
                    "Somebody else holds the lock.".to_owned()
                } else {
                    message
                };
                Err(LockError { held, message })
            }
        }
    }

    async fn unlock_object(&self, id: &str) -> Result<(), StoreError> {
        let Some((bytes, _)) = self.get(&self.lock_key()).await? else {
            return Err(StoreError(format!(
                "There is no lock s3://{}/{}.",
                self.bucket,
                self.lock_key()
            )));
        };
        let held = LockInfo::from_json(&String::from_utf8_lossy(&bytes))
            .map(|info| info.id)
            .unwrap_or_default();
        if held != id {
            return Err(StoreError(format!(
                "lock ID \"{id}\" does not match existing lock (\"{held}\")"
            )));
        }
        let request = self.s3.delete_object().bucket(&self.bucket).key(self.lock_key());
        request
            .send()
            .await
            .map(|_| ())
            .map_err(|error| refused("The lock object could not be deleted", &error))
    }
}

fn digest(bytes: &[u8]) -> String {
    md5::Md5::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[async_trait]
impl Store for S3Store {
    fn describe(&self) -> String {
        format!("{}/{}", self.bucket, self.key)
    }

    async fn read(&self) -> Result<Option<State>, StoreError> {
        let found = self.get_checked().await?;
        let mut etag = self.etag.lock().unwrap_or_else(PoisonError::into_inner);
        match found {
            Some((bytes, tag)) if !bytes.is_empty() => {
                *etag = tag;
                let state = format::parse(&bytes).map_err(|StoreError(problem)| {
                    StoreError(format!("s3://{}/{}: {problem}", self.bucket, self.key))
                })?;
                Ok(Some(state))
            }
            _ => {
                *etag = None;
                Ok(None)
            }
        }
    }

    async fn write(&self, state: &State) -> Result<State, StoreError> {
        let known = self.get(&self.key).await?.and_then(|(bytes, _)| format::parse(&bytes).ok());
        if let Some(known) = known
            && known.same_content(state)
        {
            return Ok(known);
        }
        let next = State {
            serial: state.serial + 1,
            terraform_version: State::COMPATIBLE.to_owned(),
            ..state.clone()
        };
        self.put(&next).await?;
        Ok(next)
    }

    async fn replace(&self, state: &State) -> Result<(), StoreError> {
        // As Terraform does: what takes the place of another state counts as one more version.
        let serial = match self.get(&self.key).await? {
            Some((bytes, _)) if !bytes.is_empty() => state.serial + 1,
            _ => state.serial,
        };
        self.put(&State { serial, ..state.clone() }).await
    }

    async fn create(&self, state: &State) -> Result<(), StoreError> {
        self.put(&State { serial: state.serial.max(1), ..state.clone() }).await
    }

    async fn delete(&self) -> Result<(), StoreError> {
        let request = self.s3.delete_object().bucket(&self.bucket).key(&self.key);
        request.send().await.map_err(|error| {
            refused(&format!("s3://{}/{} could not be deleted", self.bucket, self.key), &error)
        })?;
        match &self.table {
            Some(table) => table.delete_digest().await,
            None => Ok(()),
        }
    }

    async fn lock(&self, info: &LockInfo) -> Result<(), LockError> {
        if self.lockfile {
            self.lock_object(info).await?;
        }
        if let Some(table) = &self.table
            && let Err(error) = table.lock(info).await
        {
            if self.lockfile {
                let _ = self.unlock_object(&info.id).await;
            }
            return Err(error);
        }
        Ok(())
    }

    async fn unlock(&self, id: &str) -> Result<(), StoreError> {
        let object = if self.lockfile { self.unlock_object(id).await } else { Ok(()) };
        let item = match &self.table {
            Some(table) => table.unlock(id).await,
            None => Ok(()),
        };
        object.and(item)
    }

    fn journal_path(&self) -> Option<PathBuf> {
        Some(self.journal.clone())
    }

    async fn workspaces(&self) -> Result<Vec<String>, StoreError> {
        // Other configurations may share the bucket and the prefix: only states under the same name count.
        let prefix =
            if self.prefix.is_empty() { String::new() } else { format!("{}/", self.prefix) };
        let suffix = format!("/{}", self.name);
        let mut names = std::collections::BTreeSet::new();
        let mut pages =
            self.s3.list_objects_v2().bucket(&self.bucket).prefix(&prefix).into_paginator().send();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| {
                refused(&format!("The bucket \"{}\" could not be listed", self.bucket), &error)
            })?;
            for object in page.contents() {
                let name = object
                    .key()
                    .and_then(|key| key.strip_prefix(&prefix)?.strip_suffix(&suffix))
                    .filter(|name| !name.is_empty() && !name.contains('/'));
                names.extend(name.map(str::to_owned));
            }
        }
        names.remove("default");
        Ok(std::iter::once("default".to_owned()).chain(names).collect())
    }
}
