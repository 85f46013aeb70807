//! What a function of the language is, and the wrapper around each: the number of arguments, their types, null, unknown
//! and marked values.

use crate::{Data, Marks, Number, Refinement, Str, Type, Value, convert};

pub use infra_value_macros::function;

/// A function. `E` is what it sees besides its arguments. Made by [`macro@function`].
pub struct Function<E: 'static = ()> {
    /// Its name.
    pub name: &'static str,
    /// What it does, in Markdown, with an example.
    pub doc: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
    /// The parameter that may be given any number of times after the others.
    pub variadic: Option<Param>,
    /// The type of the result.
    pub returns: Returns,
    /// The result may be null.
    pub nullable: bool,
    /// What to write instead.
    pub deprecated: Option<&'static str>,
    /// What it does.
    pub body: fn(&Call<'_, E>) -> Result<Value, FunctionError>,
}

/// The type of a result.
pub enum Returns {
    /// Always the same.
    Always(fn() -> Type),
    /// It depends on the arguments, which may be unknown.
    Depends(fn(&[Value]) -> Result<Type, FunctionError>),
}

/// A parameter. What is not said here is done before the function sees an argument: null is refused, an unknown
/// argument makes the result unknown, and marks pass from the argument to the result.
pub struct Param {
    /// Its name.
    pub name: &'static str,
    /// What arguments are converted to.
    pub ty: fn() -> Type,
    /// Null is an argument like any other.
    pub null: bool,
    /// An unknown value is an argument like any other. Elements may always be unknown.
    pub unknown: bool,
    /// A value of unknown type is an argument like any other.
    pub dynamic: bool,
    /// A marked value is an argument like any other.
    pub marked: bool,
}

/// What the body of a function gets.
pub struct Call<'a, E> {
    /// What it sees of the world.
    pub environment: &'a E,
    /// Converted to the types of the parameters.
    pub arguments: &'a [Value],
    /// The type that the result must have.
    pub ty: &'a Type,
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

impl<E> Function<E> {
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

    /// The type of the result, as far as it is known without arguments.
    pub fn declared_type(&self) -> Type {
        let params = self.params.iter().chain(&self.variadic);
        let unknown: Vec<Value> = params.map(|param| Value::unknown((param.ty)())).collect();
        self.result_type(&unknown).ok().flatten().unwrap_or(Type::Any)
    }

    /// Calls the function. `arguments` may be null, unknown and marked.
    ///
    /// # Errors
    /// What is wrong with the arguments, or what the function says.
    pub fn call(&self, environment: &E, arguments: &[Value]) -> Result<Value, FunctionError> {
        self.check_count(arguments.len())?;
        let given = arguments.iter().cloned().enumerate();
        let given = given.map(|(at, value)| self.convert(at, value));
        self.call_converted(environment, given.collect::<Result<_, _>>()?)
    }

    /// An argument as the type of its parameter.
    ///
    /// # Errors
    /// It cannot be converted.
    pub fn convert(&self, at: usize, argument: Value) -> Result<Value, FunctionError> {
        let Some(param) = self.param(at) else { return Ok(argument) };
        convert::converted(argument, &(param.ty)())
            .map_err(|error| FunctionError::at(at, error.to_string()))
    }

    /// Calls the function with as many arguments as it takes, each converted.
    ///
    /// # Errors
    /// What the function says.
    pub fn call_converted(
        &self,
        environment: &E,
        arguments: Vec<Value>,
    ) -> Result<Value, FunctionError> {
        let marked = arguments.iter().any(Value::has_marks).then(|| arguments.clone());
        self.checked(environment, arguments)
            .map_err(|error| redacted(error, marked.as_deref().unwrap_or_default()))
    }

    fn checked(&self, environment: &E, mut arguments: Vec<Value>) -> Result<Value, FunctionError> {
        let mut marks = Marks::NONE;
        let mut unknown = false;
        for (at, value) in arguments.iter_mut().enumerate() {
            let Some(param) = self.param(at) else { continue };
            if !param.marked && value.has_marks() {
                let (plain, found) = value.unmarked_deep();
                *value = plain;
                marks |= found;
            }
            // The marks of an argument that the function would have looked at are lost with it, as in Terraform.
            unknown |= !param.unknown && !value.is_known();
        }
        let Some(ty) = self.result_type(&arguments)? else {
            return Ok(Value::unknown(Type::Any).marked(marks));
        };
        if unknown {
            return Ok(self.refined(Value::unknown(ty)).marked(marks));
        }
        let result = (self.body)(&Call { environment, arguments: &arguments, ty: &ty })?;
        Ok(self.refined(result).marked(marks))
    }

    /// The type of a call with these arguments, which have no marks but where they may; nothing where an argument is of
    /// a type that is not known.
    fn result_type(&self, arguments: &[Value]) -> Result<Option<Type>, FunctionError> {
        for (at, value) in arguments.iter().enumerate() {
            let Some(param) = self.param(at) else { continue };
            if !param.null && value.is_null() {
                return Err(FunctionError::at(at, "argument must not be null"));
            }
            let dynamic =
                matches!(value.data(), Data::Null(Type::Any) | Data::Unknown(Type::Any, _));
            if dynamic && !param.dynamic {
                return Ok(None);
            }
        }
        match self.returns {
            Returns::Always(ty) => Ok(Some(ty())),
            Returns::Depends(ty) => ty(arguments).map(Some),
        }
    }

    fn refined(&self, value: Value) -> Value {
        match value.data() {
            Data::Unknown(ty, found) if !self.nullable && *ty != Type::Any => {
                let mut refinement = found.as_deref().cloned().unwrap_or_default();
                refinement.not_null = true;
                Value::refined(ty.clone(), refinement).marked(value.marks())
            }
            _ => value,
        }
    }

    /// Whether it takes so many arguments.
    ///
    /// # Errors
    /// There are too few or too many.
    pub fn check_count(&self, count: usize) -> Result<(), FunctionError> {
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

/// The error without what is sensitive in the arguments.
fn redacted(mut error: FunctionError, arguments: &[Value]) -> FunctionError {
    for argument in arguments.iter().filter(|argument| argument.has_marks()) {
        argument.walk(&mut |_, item| {
            let text = match item.data() {
                Data::String(text) => text.to_string(),
                Data::Number(number) => number.to_string(),
                _ => return,
            };
            if text.is_empty() || !argument.marks_deep().contains(Marks::SENSITIVE) {
                return;
            }
            let quoted = crate::print::quoted(&text);
            for shown in [quoted, format!("{text:?}")] {
                error.message = error.message.replace(&shown, HIDDEN);
            }
            // To hide words that messages have of their own, such as "a" and "is", would tell what is hidden.
            if text.len() > 2 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
                error.message = without_word(&error.message, &text);
            }
        });
    }
    error
}

const HIDDEN: &str = "(sensitive value)";

/// A message without a text, wherever that stands on its own and not as a part of other words.
fn without_word(message: &str, text: &str) -> String {
    let part = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
    let mut rest = message;
    let mut out = String::with_capacity(message.len());
    while let Some(at) = rest.find(text) {
        let (before, after) = (&rest[..at], &rest[at + text.len()..]);
        let previous = before.chars().next_back().or_else(|| out.chars().next_back());
        out.push_str(before);
        let whole = !part(previous) && !part(after.chars().next());
        out.push_str(if whole { HIDDEN } else { text });
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Why a number cannot be used as a whole one.
pub const NOT_WHOLE: &str =
    "value must be a whole number, between -9223372036854775808 and 9223372036854775807";

/// A Rust type that an argument can be read as.
pub trait Argument<'a>: Sized {
    /// What the language converts arguments to.
    fn ty() -> Type;

    /// Reads the argument at a position.
    ///
    /// # Errors
    /// It is not of the type: null, or a number out of range.
    fn read(value: &'a Value, at: usize) -> Result<Self, FunctionError>;
}

fn read<T>(found: Option<T>, at: usize, wanted: &str) -> Result<T, FunctionError> {
    found.ok_or_else(|| FunctionError::at(at, format!("{wanted} is required")))
}

impl<'a> Argument<'a> for &'a Value {
    fn ty() -> Type {
        Type::Any
    }
    fn read(value: &'a Value, _: usize) -> Result<Self, FunctionError> {
        Ok(value)
    }
}

impl<'a> Argument<'a> for &'a str {
    fn ty() -> Type {
        Type::String
    }
    fn read(value: &'a Value, at: usize) -> Result<Self, FunctionError> {
        read(value.as_str(), at, "a string")
    }
}

impl<'a> Argument<'a> for &'a Number {
    fn ty() -> Type {
        Type::Number
    }
    fn read(value: &'a Value, at: usize) -> Result<Self, FunctionError> {
        read(value.as_number(), at, "a number")
    }
}

impl Argument<'_> for i64 {
    fn ty() -> Type {
        Type::Number
    }
    fn read(value: &Value, _: usize) -> Result<Self, FunctionError> {
        value.as_i64().ok_or_else(|| FunctionError::new(NOT_WHOLE))
    }
}

impl Argument<'_> for bool {
    fn ty() -> Type {
        Type::Bool
    }
    fn read(value: &Value, at: usize) -> Result<Self, FunctionError> {
        read(value.as_bool(), at, "a bool")
    }
}

/// What the arguments from a position on can be read as.
pub trait Rest<'a>: Sized {
    /// What the language converts each to.
    fn ty() -> Type;

    /// Reads the arguments from a position on.
    ///
    /// # Errors
    /// One is not of the type.
    fn read(values: &'a [Value], from: usize) -> Result<Self, FunctionError>;
}

impl<'a> Rest<'a> for &'a [Value] {
    fn ty() -> Type {
        Type::Any
    }
    fn read(values: &'a [Value], from: usize) -> Result<Self, FunctionError> {
        Ok(values.get(from..).unwrap_or_default())
    }
}

impl<'a, T: Argument<'a>> Rest<'a> for Vec<T> {
    fn ty() -> Type {
        T::ty()
    }
    fn read(values: &'a [Value], from: usize) -> Result<Self, FunctionError> {
        values.iter().enumerate().skip(from).map(|(at, value)| T::read(value, at)).collect()
    }
}

/// A Rust type that a function can return.
pub trait Outcome {
    /// Its type in the language.
    fn ty() -> Type;

    /// The value.
    ///
    /// # Errors
    /// Those of the function.
    fn value(self) -> Result<Value, FunctionError>;
}

macro_rules! outcomes {
    ($($rust:ty => $ty:expr),* $(,)?) => {
        $(impl Outcome for $rust {
            fn ty() -> Type {
                $ty
            }
            fn value(self) -> Result<Value, FunctionError> {
                Ok(self.into())
            }
        })*
    };
}

outcomes! {
    Value => Type::Any,
    bool => Type::Bool,
    i64 => Type::Number,
    Number => Type::Number,
    &str => Type::String,
    String => Type::String,
    Str => Type::String,
}

impl Outcome for Vec<String> {
    fn ty() -> Type {
        Type::list(Type::String)
    }
    fn value(self) -> Result<Value, FunctionError> {
        Ok(Value::list(Type::String, self.into_iter().map(Value::from)))
    }
}

impl<T: Outcome> Outcome for Result<T, FunctionError> {
    fn ty() -> Type {
        T::ty()
    }
    fn value(self) -> Result<Value, FunctionError> {
        self?.value()
    }
}

/// An unknown value of a type that will not be null.
pub fn not_known(ty: &Type) -> Value {
    Value::refined(ty.clone(), Refinement::not_null())
}
