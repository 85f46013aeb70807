//! What `list` blocks say besides what every resource may say.

use infra_diag::Diagnostics;

use super::Checker;
use super::scope::Place;
use crate::config::Listing;
use crate::world;

/// Checks how many objects are wanted, and whether what they are is wanted too.
pub(super) fn check(
    checker: &Checker<'_>,
    place: &Place<'_>,
    listing: &Listing,
    diags: &mut Diagnostics,
) {
    if let Some(expr) = &listing.limit
        && let Some(value) = checker.evaluate(place, expr, diags)
        && let Err(problem) = world::limit(&value)
    {
        diags.push(problem.at(expr.span()));
    }
    if let Some(expr) = &listing.include_resource
        && let Some(value) = checker.evaluate(place, expr, diags)
        && let Err(problem) = world::include_resource(&value)
    {
        diags.push(problem.at(expr.span()));
    }
}
