//! The lock item and the digest item.

use aws_sdk_dynamodb::types::AttributeValue;
use infra_state::{LockError, LockInfo, StoreError};

use crate::error::refused;

/// A lock table and the name of the state in it.
pub(crate) struct Table {
    client: aws_sdk_dynamodb::Client,
    name: String,
    path: String,
}

impl Table {
    pub(crate) fn new(client: aws_sdk_dynamodb::Client, name: &str, path: &str) -> Self {
        Self { client, name: name.to_owned(), path: path.to_owned() }
    }

    async fn item(&self, id: &str, attribute: &str) -> Result<Option<String>, StoreError> {
        let request = self
            .client
            .get_item()
            .table_name(&self.name)
            .key("LockID", AttributeValue::S(id.to_owned()))
            .projection_expression(format!("LockID, {attribute}"))
            .consistent_read(true);
        let response = request.send().await;
        let response = response.map_err(|error| {
            refused(&format!("The table {} could not be read", self.name), &error)
        })?;
        let found = response.item.and_then(|mut item| item.remove(attribute));
        Ok(found.and_then(|value| value.as_s().ok().cloned()))
    }

    /// The digest of the state that was written last.
    pub(crate) async fn digest(&self) -> Result<Option<String>, StoreError> {
        let digest = self.item(&format!("{}-md5", self.path), "Digest").await?;
        Ok(digest.filter(|digest| digest.len() == 32))
    }

    pub(crate) async fn set_digest(&self, digest: &str) -> Result<(), StoreError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .item("LockID", AttributeValue::S(format!("{}-md5", self.path)))
            .item("Digest", AttributeValue::S(digest.to_owned()));
        request
            .send()
            .await
            .map(|_| ())
            .map_err(|error| refused("The digest of the state could not be written", &error))
    }

    pub(crate) async fn delete_digest(&self) -> Result<(), StoreError> {
        let key = AttributeValue::S(format!("{}-md5", self.path));
        let request = self.client.delete_item().table_name(&self.name).key("LockID", key);
        let deleted = request.send().await;
        deleted
            .map(|_| ())
            .map_err(|error| refused("The digest of the state could not be deleted", &error))
    }

    pub(crate) async fn lock(&self, info: &LockInfo) -> Result<(), LockError> {
        let request = self
            .client
            .put_item()
            .table_name(&self.name)
            .item("LockID", AttributeValue::S(self.path.clone()))
            .item("Info", AttributeValue::S(info.to_json()))
            .condition_expression("attribute_not_exists(LockID)");
        let Err(error) = request.send().await else { return Ok(()) };
        let held = self
            .item(&self.path, "Info")
            .await
            .ok()
            .flatten()
            .and_then(|text| LockInfo::from_json(&text));
        let message = match held {
            Some(_) => "Somebody else holds the lock.".to_owned(),
            None => {
                refused(&format!("The lock in the table {} could not be taken", self.name), &error)
                    .0
            }
        };
        Err(LockError { held, message })
    }

    pub(crate) async fn unlock(&self, id: &str) -> Result<(), StoreError> {
        let held = self.item(&self.path, "Info").await?.and_then(|text| LockInfo::from_json(&text));
        let held = held.map(|info| info.id).unwrap_or_default();
        if held != id {
            return Err(StoreError(format!(
                "lock ID \"{id}\" does not match existing lock (\"{held}\")"
            )));
        }
        let key = AttributeValue::S(self.path.clone());
        let request = self.client.delete_item().table_name(&self.name).key("LockID", key);
        request
            .send()
            .await
            .map(|_| ())
            .map_err(|error| refused("The lock could not be released", &error))
    }
}
