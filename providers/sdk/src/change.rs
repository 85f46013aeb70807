//! What `customise` sees of a plan.

use infra_provider::Problem;
use infra_value::{Path, Type, Value};

use crate::legacy;

/// A change that is being planned. Values may be unknown.
pub struct Change<'a> {
    pub(crate) prior: Option<&'a Value>,
    pub(crate) config: &'a Value,
    pub(crate) planned: Value,
    pub(crate) replace: Vec<Path>,
    pub(crate) equality: crate::equal::Equality,
    pub(crate) problems: Vec<Problem>,
}

impl Change<'_> {
    /// What there is; nothing when the object is to be created.
    pub fn prior(&self) -> Option<&Value> {
        self.prior
    }

    /// What the configuration says.
    pub fn config(&self) -> &Value {
        self.config
    }

    /// What an attribute will be.
    pub fn planned(&self, name: &str) -> Value {
        self.planned.get(name).cloned().unwrap_or_else(|| Value::null(Type::Any))
    }

    /// Whether the object is to be created.
    pub fn is_create(&self) -> bool {
        self.prior.is_none()
    }

    /// Whether an attribute will be different from what it is.
    pub fn changed(&self, name: &str) -> bool {
        let before = self.prior.and_then(|prior| prior.get(name));
        match (before, self.planned.get(name)) {
            (Some(before), Some(after)) => !self.equality.same(before, after),
            (None, Some(after)) => !self.equality.is_zero(after),
            _ => false,
        }
    }

    /// Sets what an attribute will be.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) {
        self.planned.set_attribute(name, value.into());
    }

    /// Plans a set of objects as if the configuration had said this.
    pub fn plan(&mut self, name: &str, wanted: Value) {
        let before = self.prior.and_then(|prior| prior.get(name));
        let planned = match before.filter(|before| self.equality.same(before, &wanted)) {
            Some(before) => before.clone(),
            None => legacy::attribute(&wanted.ty(), before, wanted),
        };
        self.set(name, planned);
    }

    /// An attribute will be known only after apply.
    pub fn set_unknown(&mut self, name: &str) {
        if let Some(value) = self.planned.get(name) {
            let unknown = Value::unknown(value.ty());
            self.set(name, unknown);
        }
    }

    /// An attribute that the provider does not decide stays as it is, or null, whatever the configuration says.
    pub fn leave(&mut self, name: &str) {
        let Some(planned) = self.planned.get(name) else { return };
        let before = self.prior.and_then(|prior| prior.get(name)).cloned();
        self.set(name, before.unwrap_or_else(|| Value::null(planned.ty())));
        self.keep(name);
    }

    /// The change of an attribute needs a new object.
    pub fn replace(&mut self, name: &str) {
        if self.prior.is_some() {
            self.replace.push(Path::of(name));
        }
    }

    /// The change of an attribute needs no new object, whatever the schema says.
    pub fn keep(&mut self, name: &str) {
        self.replace.retain(|path| path.first_attr() != Some(name));
    }

    /// An attribute stays as it is if it is this, which means the same as what the configuration says.
    pub fn keep_if(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if self.prior.and_then(|prior| prior.get(name)) == Some(&value) {
            self.set(name, value);
            self.keep(name);
        }
    }

    /// Something is wrong.
    pub fn problem(&mut self, problem: Problem) {
        self.problems.push(problem);
    }
}
