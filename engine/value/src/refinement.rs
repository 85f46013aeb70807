//! What is known of an unknown value.

use crate::{Number, Str};

/// Facts about a value that is not known yet. The default says nothing.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Refinement {
    /// It will not be null.
    pub not_null: bool,
    /// A string that it will begin with.
    pub prefix: Option<Str>,
    /// Least length of a collection.
    pub min_length: Option<u64>,
    /// Greatest length of a collection.
    pub max_length: Option<u64>,
    /// Least number and whether that number itself is included.
    pub min: Option<(Number, bool)>,
    /// Greatest number and whether that number itself is included.
    pub max: Option<(Number, bool)>,
}

impl Refinement {
    /// The refinement that says only that the value will not be null.
    pub fn not_null() -> Self {
        Self { not_null: true, ..Self::default() }
    }
}
