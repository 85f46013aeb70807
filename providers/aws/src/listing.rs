//! What lists are asked, and what people call what they find.

use aws_sdk_ec2::types as api;

pub(crate) use crate::data::ec2::filters::Filter;
use crate::data::ec2::filters::conditions;
use crate::prelude::*;

/// A list of all objects of a type.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Everything {
    /// The region of the provider configuration: objects of another one could not be imported.
    pub(crate) region: Option<String>,
}

/// A list of those objects of EC2 that meet conditions.
#[derive(Debug, Clone, Default, Block)]
pub(crate) struct Filtered {
    #[block]
    pub(crate) filter: Vec<Filter>,
    /// The region of the provider configuration: objects of another one could not be imported.
    pub(crate) region: Option<String>,
}

/// Refuses to look into a region that is not that of the provider configuration.
pub(crate) fn here(aws: &Aws, region: Option<&String>) -> Result<()> {
    match region.filter(|region| **region != aws.region) {
        None => Ok(()),
        Some(region) => Err(Error::new(format!(
            "The provider configuration is one for {}, and what is found in {region} could not be imported with it. Use a \
             provider configuration whose region is {region}.",
            aws.region
        ))
        .summary("Region of another provider configuration")
        .at("region")),
    }
}

/// The conditions of a list: filters, and what some properties must be. Nothing if one of them has no values, as where
/// another list found nothing: then nothing meets it, and the API would not take it.
pub(crate) fn wanted(
    aws: &Aws,
    region: Option<&String>,
    filters: &[Filter],
    given: &[(&str, Option<&[String]>)],
) -> Result<Option<Vec<api::Filter>>> {
    here(aws, region)?;
    let mut all = conditions(filters, None, &[]).unwrap_or_default();
    all.extend(given.iter().filter_map(|(name, values)| Some(filter(name, (*values)?.to_vec()))));
    let none = all.iter().any(|filter| filter.values().is_empty());
    Ok((!none).then_some(all))
}

/// An object of EC2: its id, and its name if it has a tag that says it.
pub(crate) fn named(id: Option<String>, tags: Option<&Vec<api::Tag>>) -> (String, String) {
    let id = id.unwrap_or_default();
    let mut tags = tags.into_iter().flatten();
    let name = tags.find(|tag| tag.key.as_deref() == Some("Name"));
    let name = name.and_then(|tag| tag.value.as_ref()).filter(|name| !name.is_empty());
    let shown = name.map_or_else(|| id.clone(), |name| format!("{name} ({id})"));
    (id, shown)
}
