//! What a function is, and the wrapper around each.

use infra_value::{Marks, Refinement, Type, Value, convert};

use super::Environment;

/// A built-in function.
pub struct Function {
    /// Its name.
    pub name: &'static str,
    /// What it does, with an example.
    pub doc: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// The parameter that may be given any number of times after the others.
    pub variadic: Option<Param>,
    /// The type of the result, where it does not depend on the arguments.
    pub returns: fn() -> Type,
    /// What to use instead.
    pub deprecated: Option<&'static str>,
    /// What it does.
    pub body: Body,
}

/// What a function does.
pub enum Body {
    /// With its arguments alone.
    Pure(fn(&[Value]) -> Result<Value, FunctionError>),
    /// With files or the time.
    World(fn(&Environment, &[Value]) -> Result<Value, FunctionError>),
}

/// A parameter. By default a function never sees null, unknown or marked values.
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub ty: fn() -> Type,
    /// Null is an argument like any other.
    pub null: bool,
    /// Unknown values, also inside, are arguments like any other.
    pub unknown: bool,
    /// Marked values, also inside, are arguments like any other.
    pub marked: bool,
}

/// Why a call failed.
#[derive(Clone, PartialEq, Debug)]
pub struct FunctionError {
    /// The argument that is wrong, from 0.
    pub argument: Option<usize>,
    /// What is wrong.
    pub message: String,
    /// It is the number of arguments.
    pub count: bool,
}

impl FunctionError {
    /// The whole call failed.
    pub fn new(message: impl Into<String>) -> Self {
        Self { argument: None, message: message.into(), count: false }
    }

    /// An argument is wrong.
    pub fn at(argument: usize, message: impl Into<String>) -> Self {
        Self { argument: Some(argument), message: message.into(), count: false }
    }
}

impl Param {
    /// A parameter of a type.
    pub const fn new(name: &'static str, ty: fn() -> Type) -> Self {
        Self { name, ty, null: false, unknown: false, marked: false }
    }

    /// A parameter of any type.
    pub const fn any(name: &'static str) -> Self {
        Self::new(name, || Type::Any)
    }

    /// A string.
    pub const fn string(name: &'static str) -> Self {
        Self::new(name, || Type::String)
    }

    /// A number.
    pub const fn number(name: &'static str) -> Self {
        Self::new(name, || Type::Number)
    }

    /// Null is an argument like any other.
    #[must_use]
    pub const fn with_null(mut self) -> Self {
        self.null = true;
        self
    }

    /// Unknown values are arguments like any other.
    #[must_use]
    pub const fn with_unknown(mut self) -> Self {
        self.unknown = true;
        self
    }

    /// Marked values are arguments like any other.
    #[must_use]
    pub const fn with_marks(mut self) -> Self {
        self.marked = true;
        self
    }
}

impl Function {
    /// A function of its arguments whose result has one type.
    pub const fn pure(
        name: &'static str,
        doc: &'static str,
        params: &'static [Param],
        returns: fn() -> Type,
        body: fn(&[Value]) -> Result<Value, FunctionError>,
    ) -> Self {
        Self {
            name,
            doc,
            params,
            variadic: None,
            returns,
            deprecated: None,
            body: Body::Pure(body),
        }
    }

    /// A function that sees files or the time.
    pub const fn world(
        name: &'static str,
        doc: &'static str,
        params: &'static [Param],
        returns: fn() -> Type,
        body: fn(&Environment, &[Value]) -> Result<Value, FunctionError>,
    ) -> Self {
        Self {
            name,
            doc,
            params,
            variadic: None,
            returns,
            deprecated: None,
            body: Body::World(body),
        }
    }

    /// With a parameter that may be given any number of times.
    #[must_use]
    pub const fn and_any(mut self, param: Param) -> Self {
        self.variadic = Some(param);
        self
    }

    /// With what to use instead.
    #[must_use]
    pub const fn instead(mut self, deprecated: &'static str) -> Self {
        self.deprecated = Some(deprecated);
        self
    }

    fn param(&self, at: usize) -> Option<&Param> {
        self.params.get(at).or(self.variadic.as_ref())
    }

    /// The name of the parameter that an argument belongs to.
    pub fn parameter_name(&self, at: usize) -> Option<&'static str> {
        self.param(at).map(|param| param.name)
    }

    /// Whether so many arguments are too few.
    pub fn missing(&self, count: usize) -> bool {
        count < self.params.len()
    }

    /// Calls the function. `arguments` may be null, unknown and marked.
    ///
    /// # Errors
    /// What is wrong with the arguments, or what the function says.
    pub fn call(
        &self,
        environment: &Environment,
        arguments: &[Value],
    ) -> Result<Value, FunctionError> {
        self.check_count(arguments.len())?;
        let mut marks = Marks::NONE;
        let mut unknown = false;
        let mut converted = Vec::with_capacity(arguments.len());
        for (at, argument) in arguments.iter().enumerate() {
            let Some(param) = self.param(at) else { continue };
            let mut value = argument.clone();
            if !param.marked && value.has_marks() {
                let (plain, found) = value.unmarked_deep();
                value = plain;
                marks |= found;
            }
            if !param.null && value.is_null() {
                return Err(FunctionError::at(at, "argument must not be null"));
            }
            let value = convert::convert(&value, &(param.ty)())
                .map_err(|error| FunctionError::at(at, error.to_string()))?;
            if !param.unknown && !value.is_wholly_known() {
                unknown = true;
            }
            converted.push(value);
        }
        if unknown {
            let ty = (self.returns)();
            let refinement =
                if ty == Type::Any { Refinement::default() } else { Refinement::not_null() };
            return Ok(Value::refined(ty, refinement).marked(marks));
        }
        let result = match self.body {
            Body::Pure(body) => body(&converted),
            Body::World(body) => body(environment, &converted),
        };
        Ok(result?.marked(marks))
    }

    fn check_count(&self, count: usize) -> Result<(), FunctionError> {
        let least = self.params.len();
        let wrong = |message: String| Err(FunctionError { argument: None, message, count: true });
        let next = self.param(count).map(|param| param.name);
        match (&self.variadic, next) {
            (None, _) if count > least => {
                wrong(format!("Function \"{}\" expects only {least} argument(s).", self.name))
            }
            (None, Some(next)) if count < least => wrong(format!(
                "Function \"{}\" expects {least} argument(s). Missing value for \"{next}\".",
                self.name
            )),
            (Some(_), Some(next)) if count < least => wrong(format!(
                "Function \"{}\" expects at least {least} argument(s). Missing value for \"{next}\".",
                self.name
            )),
            _ => Ok(()),
        }
    }
}
