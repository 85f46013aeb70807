//! Built-in functions: a file for each family, one annotated `fn` for each function.
//!
//! `#[function]` makes a [`Function`] of it, which deals with the number of arguments, their types, null, unknown and
//! marked values, so that a function sees only what it declares that it wants to see. Its doc comment is its manual; the
//! example in it is its test. `ALL` is the list of them all.

mod case;
mod choice;
mod codepage;
mod conversion;
mod crypto;
mod csv;
mod date;
mod decimal;
mod encoding;
mod environment;
mod filesystem;
mod format;
mod glob;
mod hash;
mod json;
mod list;
mod machine;
mod map;
mod network;
mod numeric;
mod re2;
mod regex;
mod sequence;
mod set;
mod special;
mod string;
mod template;
mod time;
mod verb;
mod yaml;
mod yaml_reader;
mod yaml_tabs;
mod yaml_writer;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use infra_value::function::{Function, FunctionError, Param, function};
use infra_value::{Data, Type, Value};

pub use environment::{Environment, ProviderFunctions};

type Result<T> = std::result::Result<T, FunctionError>;

/// A built-in function: of its arguments alone, or of files and the time too.
#[derive(Clone, Copy)]
pub enum Builtin {
    /// Of its arguments alone.
    Pure(&'static Function),
    /// Of files or the time too.
    World(&'static Function<Environment>),
}

impl From<&'static Function> for Builtin {
    fn from(function: &'static Function) -> Self {
        Self::Pure(function)
    }
}

impl From<&'static Function<Environment>> for Builtin {
    fn from(function: &'static Function<Environment>) -> Self {
        Self::World(function)
    }
}

macro_rules! either {
    ($builtin:expr, $function:ident => $result:expr) => {
        match $builtin {
            Self::Pure($function) => $result,
            Self::World($function) => $result,
        }
    };
}

impl Builtin {
    /// Its name.
    pub fn name(self) -> &'static str {
        either!(self, function => function.name)
    }

    /// What it does, in Markdown, with an example.
    pub fn doc(self) -> &'static str {
        either!(self, function => function.doc)
    }

    /// Its parameters.
    pub fn params(self) -> &'static [Param] {
        either!(self, function => function.params)
    }

    /// The parameter that may be given any number of times after the others.
    pub fn variadic(self) -> Option<&'static Param> {
        either!(self, function => function.variadic.as_ref())
    }

    /// What to write instead.
    pub fn deprecated(self) -> Option<&'static str> {
        either!(self, function => function.deprecated)
    }

    /// The name of the parameter that an argument belongs to.
    pub fn parameter_name(self, at: usize) -> Option<&'static str> {
        either!(self, function => function.parameter_name(at))
    }

    /// Whether so many arguments are too few.
    pub fn missing(self, count: usize) -> bool {
        either!(self, function => function.missing(count))
    }

    /// The type of the result, as far as it is known without arguments.
    pub fn declared_type(self) -> Type {
        either!(self, function => function.declared_type())
    }

    /// Whether it takes so many arguments.
    ///
    /// # Errors
    /// There are too few or too many.
    pub fn check_count(self, count: usize) -> Result<()> {
        either!(self, function => function.check_count(count))
    }

    /// An argument as the type of its parameter.
    ///
    /// # Errors
    /// It cannot be converted.
    pub fn convert(self, at: usize, argument: Value) -> Result<Value> {
        either!(self, function => function.convert(at, argument))
    }

    /// Calls the function with as many arguments as it takes, each converted.
    ///
    /// # Errors
    /// What the function says.
    pub fn call(self, environment: &Environment, arguments: Vec<Value>) -> Result<Value> {
        match self {
            Self::Pure(function) => function.call_converted(&(), arguments),
            Self::World(function) => function.call_converted(environment, arguments),
        }
    }
}

macro_rules! registered {
    ($($family:ident: $($function:ident)*;)*) => {
        vec![$($(Builtin::from(&$family::$function),)*)*]
    };
}

/// Every function, sorted by name.
pub static ALL: LazyLock<Vec<Builtin>> = LazyLock::new(|| {
    let mut all = registered! {
        choice: COALESCE LENGTH;
        conversion: EPHEMERALASNULL ISSENSITIVE NONSENSITIVE SENSITIVE TOBOOL TOLIST TOMAP TONUMBER TOSET TOSTRING;
        crypto: BCRYPT RSADECRYPT UUID UUIDV5;
        csv: CSVDECODE;
        date: FORMATDATE;
        encoding: BASE64DECODE BASE64ENCODE BASE64GUNZIP BASE64GZIP TEXTDECODEBASE64 TEXTENCODEBASE64 URLDECODE
            URLENCODE;
        filesystem: ABSPATH BASENAME DIRNAME FILE FILEBASE64 FILEBASE64SHA256 FILEBASE64SHA512 FILEEXISTS FILEMD5
            FILESET FILESHA1 FILESHA256 FILESHA512 PATHEXPAND;
        format: FORMAT FORMATLIST;
        hash: BASE64SHA256 BASE64SHA512 MD5 SHA1 SHA256 SHA512;
        json: JSONDECODE JSONENCODE;
        list: ALLTRUE ANYTRUE CHUNKLIST COALESCELIST COMPACT CONTAINS DISTINCT ELEMENT ONE POSITION RANGE;
        map: KEYS LOOKUP MAP MERGE TRANSPOSE VALUES ZIPMAP;
        network: CIDRCONTAINS CIDRHOST CIDRNETMASK CIDRSUBNET CIDRSUBNETS;
        numeric: ABS CEIL FLOOR LOG MAX MIN PARSEINT POW SIGNUM SUM;
        regex: FIRST REGEXALL REPLACE;
        sequence: CONCAT FLATTEN LIST MATCHKEYS REVERSE SLICE SORT;
        set: SETINTERSECTION SETPRODUCT SETSUBTRACT SETUNION;
        special: ATTEMPT CAN CONVERT;
        string: CHOMP ENDSWITH INDENT JOIN LOWER SPLIT STARTSWITH STRCONTAINS STRREV SUBSTR TITLE TRIM TRIMPREFIX
            TRIMSPACE TRIMSUFFIX UPPER;
        template: TEMPLATEFILE TEMPLATESTRING;
        time: PLANTIMESTAMP TIMEADD TIMECMP TIMESTAMP;
        yaml: YAMLDECODE YAMLENCODE;
    };
    all.sort_by_key(|function| function.name());
    all
});

/// Its name.
impl std::fmt::Debug for Builtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The function of a name, with or without `core::`.
pub fn find(name: &str) -> Option<Builtin> {
    let name = name.strip_prefix("core::").unwrap_or(name);
    let at = ALL.binary_search_by_key(&name, |function| function.name()).ok()?;
    Some(ALL[at])
}

/// The elements of a known list, set or tuple.
fn items(value: &Value) -> &[Value] {
    value.as_sequence().unwrap_or_default()
}

/// The element type of a collection.
fn element_type(value: &Value) -> Type {
    match value.data() {
        Data::List(element, _) | Data::Set(element, _) | Data::Map(element, _) => element.clone(),
        Data::Unknown(ty, _) => ty.element().cloned().unwrap_or(Type::Any),
        _ => Type::Any,
    }
}

/// How many elements there are, where that is known.
fn length_of(value: &Value) -> Option<usize> {
    match value.data() {
        Data::Unknown(Type::Tuple(elements), _) => Some(elements.len()),
        _ => value.as_sequence().map(<[Value]>::len),
    }
}
