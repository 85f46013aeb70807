//! The blocks `filter` of data sources of EC2.

use aws_sdk_ec2::types as api;

use crate::prelude::*;

/// A condition: the objects whose property has one of these values.
#[derive(Debug, Clone, Default, PartialEq, Block)]
pub(crate) struct Filter {
    pub(crate) name: String,
    pub(crate) values: Set<String>,
}

/// The conditions of a query: its filters, its tags, and properties that were given.
pub(crate) fn conditions(
    filters: &[Filter],
    tags: Option<&BTreeMap<String, String>>,
    given: &[(&str, Option<&str>)],
) -> Option<Vec<api::Filter>> {
    let own = filters.iter().map(|own| filter(&own.name, own.values.iter().cloned()));
    let tagged = tags
        .into_iter()
        .flatten()
        .map(|(key, value)| filter(&format!("tag:{key}"), [value.clone()]));
    let given = given.iter().filter_map(|(name, value)| {
        let value = value.filter(|value| !value.is_empty())?;
        Some(filter(name, [value]))
    });
    let all: Vec<api::Filter> = own.chain(tagged).chain(given).collect();
    (!all.is_empty()).then_some(all)
}

/// The only one of what was found.
pub(crate) fn only<T>(mut found: Vec<T>, what: &str) -> Result<T> {
    match (found.len(), found.pop()) {
        (1, Some(one)) => Ok(one),
        (0, _) => Err(Error::new("")
            .summary(format!("no matching {what} found"))),
        (many, _) => Err(Error::new(format!(
            "{many} of them meet all conditions: use more, or more specific ones, to find a single one."
        ))
        .summary(format!(
            "multiple {what}s matched; use additional constraints to reduce matches to a single {what}"
        ))),
    }
}
