//! What every file of a resource type needs.

pub(crate) use infra_provider_sdk::check::{
    Check, at_least, at_least_one, conflicts, counts, exactly_one, fewest, fits, length, most,
    needed, one_of, one_of_numbers, range, together,
};
pub(crate) use infra_provider_sdk::prelude::*;

pub(crate) use crate::clients::Aws;
pub(crate) use crate::error::{Explain, built};
pub(crate) use crate::filter::{CHUNK, filter, ids};
pub(crate) use crate::names;
pub(crate) use crate::shapes;
pub(crate) use crate::tags;
pub(crate) use crate::texts;
pub(crate) use crate::wait::until;
