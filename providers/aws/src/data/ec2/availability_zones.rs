use super::filters::{Filter, conditions};
use crate::prelude::*;

/// The availability zones of the region.
///
/// ```hcl
/// data "aws_availability_zones" "available" {
///   state = "available"
/// }
/// ```
#[derive(Debug, Clone, Default, Resource)]
#[resource(data, name = "aws_availability_zones", checks = CHECKS)]
pub(crate) struct AvailabilityZones {
    /// Whether to tell also of zones that the account has not opted in to.
    all_availability_zones: Option<bool>,
    exclude_names: Option<Set<String>>,
    exclude_zone_ids: Option<Set<String>>,
    #[block(set)]
    filter: Vec<Filter>,
    group_names: Computed<Set<String>>,
    #[attr(computed)]
    id: Option<String>,
    names: Computed<Vec<String>>,
    state: Option<String>,
    #[timeouts(read)]
    timeouts: Timeouts,
    zone_ids: Computed<Vec<String>>,
}

impl Query for AvailabilityZones {
    type Client = Aws;

    async fn read(aws: &Aws, query: &Self) -> Result<Self> {
        let request = aws
            .ec2
            .describe_availability_zones()
            .set_all_availability_zones(query.all_availability_zones)
            .set_filters(conditions(&query.filter, None, &[("state", query.state.as_deref())]));
        let response = request.send().await.explain("reading EC2 Availability Zones")?;
        let mut zones = response.availability_zones.unwrap_or_default();
        let excluded = |list: &Option<Set<String>>, value: &Option<String>| {
            list.iter()
                .flat_map(|list| list.iter())
                .any(|excluded| Some(excluded) == value.as_ref())
        };
        zones.retain(|zone| {
            !excluded(&query.exclude_names, &zone.zone_name)
                && !excluded(&query.exclude_zone_ids, &zone.zone_id)
        });
        zones.sort_by(|a, b| a.zone_name.cmp(&b.zone_name));
        let mut groups: Vec<String> =
            zones.iter().map(|zone| zone.group_name.clone().unwrap_or_default()).collect();
        groups.sort_unstable();
        groups.dedup();
        let all = |of: fn(&aws_sdk_ec2::types::AvailabilityZone) -> Option<String>| {
            zones.iter().filter_map(of).collect::<Vec<_>>()
        };
        Ok(Self {
            group_names: Set(groups).into(),
            id: Some(aws.region.clone()),
            names: all(|zone| zone.zone_name.clone()).into(),
            zone_ids: all(|zone| zone.zone_id.clone()).into(),
            ..query.clone()
        })
    }
}

/// What the arguments must be.
const CHECKS: &[Check] =
    &[one_of("state", &["available", "information", "impaired", "unavailable", "constrained"])];
