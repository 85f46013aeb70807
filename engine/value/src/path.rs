//! Paths into a value.

use std::fmt;

use crate::{Str, Value};

/// One step of a [`Path`].
#[derive(Clone, PartialEq, Debug)]
pub enum Step {
    /// An attribute of an object.
    Attr(Str),
    /// An element of a list, tuple, map or set; for a set the key is the element itself.
    Index(Value),
}

/// Where something is inside a value: steps from the outside in.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The empty path: the value itself.
    pub fn root() -> Self {
        Self(Vec::new())
    }

    /// The path of one attribute at the top.
    pub fn of(name: &str) -> Self {
        Self::root().attr(name)
    }

    /// This path and then an attribute.
    #[must_use]
    pub fn attr(&self, name: &str) -> Self {
        self.then(Step::Attr(name.into()))
    }

    /// This path and then an element.
    #[must_use]
    pub fn index(&self, key: impl Into<Value>) -> Self {
        self.then(Step::Index(key.into()))
    }

    /// This path and then `step`.
    #[must_use]
    pub fn then(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }

    /// Whether `self` begins with all steps of `prefix`.
    pub fn starts_with(&self, prefix: &Self) -> bool {
        self.0.starts_with(&prefix.0)
    }

    /// The name of the first attribute, if the path begins with one.
    pub fn first_attr(&self) -> Option<&str> {
        match self.0.first() {
            Some(Step::Attr(name)) => Some(name),
            _ => None,
        }
    }
}

/// As in a configuration: `ingress[0].cidr_blocks`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.0.iter().enumerate() {
            match step {
                Step::Attr(name) if position == 0 => write!(f, "{name}")?,
                Step::Attr(name) => write!(f, ".{name}")?,
                Step::Index(key) => match key.data() {
                    crate::Data::String(key) => write!(f, "[{key:?}]")?,
                    crate::Data::Number(key) => write!(f, "[{key}]")?,
                    _ => write!(f, "[...]")?,
                },
            }
        }
        Ok(())
    }
}
