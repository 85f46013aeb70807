//! Functions that write and read the language itself.

use infra_diag::{Diagnostics, Sources};
use infra_lang::{eval, syntax};
use infra_value::function::{Function, FunctionError, function};
use infra_value::{Data, Str, Value, print};

pub(super) const ALL: &[&Function] = &[&DECODE_TFVARS, &ENCODE_EXPR, &ENCODE_TFVARS];

type Result<T> = std::result::Result<T, FunctionError>;

/// The values in the text of a `.tfvars` file, as an object.
///
/// ```console
/// > provider::terraform::decode_tfvars("a = 1\nb = [true]")
/// {
///   "a" = 1
///   "b" = [
///     true,
///   ]
/// }
/// ```
#[function(nullable)]
fn decode_tfvars(src: &str) -> Result<Value> {
    let mut sources = Sources::new();
    let source = sources.add("<decode_tfvars argument>", src);
    let mut found = Diagnostics::new();
    let body = syntax::parse(source, src, &mut found);
    if found.has_errors() {
        return Err(wrong("invalid tfvars syntax", &found, &sources));
    }
    if let Some(block) = body.blocks.first() {
        let ty = &block.ty;
        return Err(FunctionError::new(format!(
            "invalid tfvars content: Unexpected {ty:?} block; Blocks are not allowed here."
        )));
    }
    let mut values: Vec<(Str, Value)> = Vec::with_capacity(body.attributes.len());
    for attribute in &body.attributes {
        let name = &attribute.name;
        if values.iter().any(|(before, _)| before == name) {
            return Err(FunctionError::new(format!(
                "invalid tfvars syntax: Attribute redefined; the argument {name:?} was already set"
            )));
        }
        let Some(value) = eval::constraint::constant(&attribute.expr, &mut found) else {
            let what = format!("invalid expression for variable {name:?}");
            return Err(wrong(&what, &found, &sources));
        };
        values.push((name.clone(), value));
    }
    Ok(Value::object(values))
}

fn wrong(what: &str, found: &Diagnostics, sources: &Sources) -> FunctionError {
    let Some(diagnostic) = found.iter().find(|diagnostic| diagnostic.is_error()) else {
        return FunctionError::new(what);
    };
    let place = diagnostic.span.and_then(|span| {
        let file = sources.get(span.source)?;
        let (start, end) = (file.position(span.start), file.position(span.end));
        Some(format!("{}:{},{}-{}: ", file.path, start.line, start.column, end.column))
    });
    let place = place.unwrap_or_default();
    FunctionError::new(format!("{what}: {place}{}; {}", diagnostic.summary, diagnostic.detail))
}

/// A value as an expression.
///
/// ```console
/// > provider::terraform::encode_expr([1, "a"])
/// "[1, \"a\"]"
/// ```
#[function(returns = string)]
fn encode_expr(#[arg(null, dynamic, unknown)] value: &Value) -> Value {
    if !value.is_wholly_known() {
        return Value::unknown(infra_value::Type::String);
    }
    print::expression(value).into()
}

/// The attributes of an object as the text of a `.tfvars` file.
///
/// ```console
/// > provider::terraform::encode_tfvars({ example = "Hello!" })
/// "example = \"Hello!\"\n"
/// ```
#[function(returns = string)]
fn encode_tfvars(#[arg(dynamic, unknown)] value: &Value) -> Result<Value> {
    let items = match value.data() {
        Data::Unknown(..) => return Ok(Value::unknown(infra_value::Type::String)),
        Data::Object(items) | Data::Map(_, items) => items,
        _ => {
            return Err(FunctionError::new(
                "invalid value to encode: must be an object whose attribute names will become the encoded variable \
                 names",
            ));
        }
    };
    if let Some(name) = items.keys().find(|name| !print::is_identifier(name)) {
        return Err(FunctionError::new(format!(
            "invalid variable name {}: must be a valid identifier, per Terraform's rules for input variable \
             declarations",
            print::quoted(name)
        )));
    }
    if !value.is_wholly_known() {
        return Ok(Value::unknown(infra_value::Type::String));
    }
    Ok(print::assignments(items.iter()).into())
}
