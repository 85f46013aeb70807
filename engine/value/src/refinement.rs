//! What is known of an unknown value.

use crate::{Data, Number, Str, Type, Value};

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

    /// What is known of a value, which may be a known one.
    pub fn of(value: &Value) -> Self {
        let length = value.children_len();
        match value.data() {
            Data::Unknown(_, known) => known.as_deref().cloned().unwrap_or_default(),
            Data::Null(_) => Self::default(),
            Data::Number(number) => {
                let bound = Some((number.clone(), true));
                Self { min: bound.clone(), max: bound, ..Self::not_null() }
            }
            _ => Self { min_length: length, max_length: length, ..Self::not_null() },
        }
    }

    /// What is known of a value that is one of two.
    #[must_use]
    pub fn either(&self, other: &Self) -> Self {
        let wider = |a: &Option<(Number, bool)>, b: &Option<(Number, bool)>, least: bool| {
            let (a, b) = (a.clone()?, b.clone()?);
            if a.0 == b.0 {
                return Some((a.0, a.1 || b.1));
            }
            Some(if a.0.compare(&b.0).is_lt() == least { a } else { b })
        };
        Self {
            not_null: self.not_null && other.not_null,
            prefix: None,
            min_length: self.min_length.zip(other.min_length).map(|(a, b)| a.min(b)),
            max_length: self.max_length.zip(other.max_length).map(|(a, b)| a.max(b)),
            min: wider(&self.min, &other.min, true),
            max: wider(&self.max, &other.max, false),
        }
    }

    /// The only value of a type that it leaves.
    pub(crate) fn only(&self, ty: &Type) -> Option<Value> {
        if !self.not_null {
            return None;
        }
        match ty {
            Type::Number => match (&self.min, &self.max) {
                (Some((least, true)), Some((most, true))) if least == most => {
                    Some(least.clone().into())
                }
                _ => None,
            },
            _ if self.min_length.unwrap_or(0) != self.max_length? => None,
            Type::List(element) => {
                let length = usize::try_from(self.max_length?).ok()?;
                let unknown = Value::unknown((**element).clone());
                Some(Value::list((**element).clone(), vec![unknown; length]))
            }
            Type::Set(element) if self.max_length <= Some(1) => {
                let unknown = Value::unknown((**element).clone());
                Some(Value::set(
                    (**element).clone(),
                    (self.max_length == Some(1)).then_some(unknown),
                ))
            }
            Type::Map(element) if self.max_length == Some(0) => {
                Some(Value::map::<Str>((**element).clone(), []))
            }
            _ => None,
        }
    }
}
