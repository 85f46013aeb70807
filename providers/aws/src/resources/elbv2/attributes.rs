//! What load balancers, target groups and listeners share: tags, and attributes as pairs of texts.

use aws_sdk_elasticloadbalancingv2::types::Tag;

use crate::prelude::*;

/// Attributes as the API has them: `idle_timeout.timeout_seconds` is `60`.
pub(super) type Attributes = BTreeMap<String, String>;

/// Adds an attribute if there is a value.
pub(super) fn put(attributes: &mut Attributes, key: &str, value: Option<impl ToString>) {
    if let Some(value) = value.map(|value| value.to_string()).filter(|value| !value.is_empty()) {
        attributes.insert(key.to_owned(), value);
    }
}

/// Reads an attribute into a field; a field whose attribute is not told stays as it is.
pub(super) fn take<T: std::str::FromStr>(attributes: &Attributes, key: &str, field: &mut T) {
    if let Some(value) = attributes.get(key).and_then(|value| value.parse().ok()) {
        *field = value;
    }
}

/// As `take`, for an optional field.
pub(super) fn take_some<T: std::str::FromStr>(
    attributes: &Attributes,
    key: &str,
    field: &mut Option<T>,
) {
    if let Some(value) = attributes.get(key).and_then(|value| value.parse().ok()) {
        *field = Some(value);
    }
}

/// Those of `wanted` that are not so already.
pub(super) fn changed(wanted: &Attributes, now: &Attributes) -> Attributes {
    let different = wanted.iter().filter(|(key, value)| now.get(*key) != Some(value));
    different.map(|(key, value)| (key.clone(), value.clone())).collect()
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

/// The tags of objects, by Amazon Resource Name: twenty objects a call.
pub(super) async fn read_tags(aws: &Aws, arns: &[String]) -> Result<BTreeMap<String, Tags>> {
    let mut found = BTreeMap::new();
    for chunk in arns.chunks(20) {
        let request = aws.elbv2.describe_tags().set_resource_arns(Some(chunk.to_vec()));
        let response = request.send().await.explain("reading tags of ELBv2")?;
        for described in response.tag_descriptions.unwrap_or_default() {
            let tags = described.tags.unwrap_or_default().into_iter();
            let tags =
                tags.filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default()))).collect();
            found.insert(described.resource_arn.unwrap_or_default(), tags);
        }
    }
    Ok(found)
}

/// Brings the tags of an object up to date.
pub(super) async fn update_tags(aws: &Aws, arn: &str, prior: &Tags, plan: &Tags) -> Result<()> {
    let removed = plan.removed_since(prior);
    if !removed.is_empty() {
        let request = aws.elbv2.remove_tags().resource_arns(arn).set_tag_keys(Some(removed));
        request.send().await.explain("removing tags of ELBv2")?;
    }
    let added: Tags = plan.added_since(prior).into_iter().collect();
    if let Some(list) = tag_list(&added) {
        let request = aws.elbv2.add_tags().resource_arns(arn).set_tags(Some(list));
        request.send().await.explain("adding tags of ELBv2")?;
    }
    Ok(())
}

/// What follows `loadbalancer/` or stands after the account: the part of an ARN that metrics have.
pub(super) fn arn_suffix(arn: &str) -> String {
    let resource = arn.splitn(6, ':').nth(5).unwrap_or_default();
    resource.strip_prefix("loadbalancer/").unwrap_or(resource).to_owned()
}
