//! What is known of a value without looking into it.

use crate::{Data, Marks, Value};

/// What is anywhere inside a value, known since it was made: to look would be to go through everything in it.
#[derive(Clone, Copy, PartialEq, Default)]
pub(crate) struct Inside {
    /// The marks of its elements, and of theirs.
    pub(crate) marks: Marks,
    /// It or an element is not known.
    pub(crate) unknown: bool,
    /// It or an element is an infinite number.
    pub(crate) infinite: bool,
}

impl Inside {
    #[inline]
    pub(crate) fn of(data: &Data) -> Self {
        let join = |all: Self, item: &Value| Self {
            marks: all.marks | item.marks_deep(),
            unknown: all.unknown | !item.is_wholly_known(),
            infinite: all.infinite | item.is_infinite(),
        };
        match data {
            Data::Unknown(..) => Self { unknown: true, ..Self::default() },
            Data::Number(number) => Self { infinite: number.is_infinite(), ..Self::default() },
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                items.iter().fold(Self::default(), join)
            }
            Data::Map(_, items) | Data::Object(items) => items.values().fold(Self::default(), join),
            _ => Self::default(),
        }
    }
}
