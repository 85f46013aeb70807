//! Tags of RDS.

use aws_sdk_rds::types::Tag;

use crate::prelude::*;

/// Tags as RDS returns them.
pub(super) fn from_rds(tags: Option<Vec<Tag>>) -> Tags {
    let pairs = tags.unwrap_or_default().into_iter();
    pairs.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect()
}

/// Tags for a request that creates something.
pub(super) fn tag_list(tags: &Tags) -> Option<Vec<Tag>> {
    let list: Vec<Tag> = tags
        .all()
        .iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect();
    (!list.is_empty()).then_some(list)
}

/// The tags of an object, which costs a call.
pub(super) async fn read_tags(aws: &Aws, arn: &str) -> Result<Tags> {
    let response = aws.rds.list_tags_for_resource().resource_name(arn).send().await;
    Ok(from_rds(response.explain("reading tags of RDS")?.tag_list))
}

/// Brings the tags of an object up to date.
pub(super) async fn update_tags(aws: &Aws, arn: &str, prior: &Tags, plan: &Tags) -> Result<()> {
    let removed = plan.removed_since(prior);
    if !removed.is_empty() {
        let request =
            aws.rds.remove_tags_from_resource().resource_name(arn).set_tag_keys(Some(removed));
        request.send().await.explain("removing tags of RDS")?;
    }
    let added: Tags = plan.added_since(prior).into_iter().collect();
    if let Some(list) = tag_list(&added) {
        let request = aws.rds.add_tags_to_resource().resource_name(arn).set_tags(Some(list));
        request.send().await.explain("adding tags of RDS")?;
    }
    Ok(())
}
