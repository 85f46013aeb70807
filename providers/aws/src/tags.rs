//! Tags of EC2.

use aws_sdk_ec2::types::{ResourceType, Tag, TagSpecification};
use infra_provider_sdk::Tags;

use crate::clients::Aws;
use crate::error::Explain as _;

/// Tags as EC2 returns them.
pub(crate) fn from_ec2(tags: Option<&Vec<Tag>>) -> Tags {
    let pairs = tags.into_iter().flatten();
    pairs
        .filter_map(|tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default())))
        .collect()
}

/// Tags for a request that creates something.
pub(crate) fn specification(tags: &Tags, resource: ResourceType) -> Option<Vec<TagSpecification>> {
    if tags.all().is_empty() {
        return None;
    }
    let list = tags.all().iter().map(|(key, value)| Tag::builder().key(key).value(value).build());
    Some(vec![
        TagSpecification::builder().resource_type(resource).set_tags(Some(list.collect())).build(),
    ])
}

/// Brings the tags of an object up to date.
pub(crate) async fn update_ec2(
    aws: &Aws,
    id: &str,
    prior: &Tags,
    plan: &Tags,
) -> infra_provider_sdk::Result<()> {
    let removed = plan.removed_since(prior);
    if !removed.is_empty() {
        let list = removed.iter().map(|key| Tag::builder().key(key).build()).collect();
        let request = aws.ec2.delete_tags().resources(id).set_tags(Some(list));
        request.send().await.explain("deleting tags")?;
    }
    let added = plan.added_since(prior);
    if !added.is_empty() {
        let list =
            added.iter().map(|(key, value)| Tag::builder().key(key).value(value).build()).collect();
        let request = aws.ec2.create_tags().resources(id).set_tags(Some(list));
        request.send().await.explain("creating tags")?;
    }
    Ok(())
}
