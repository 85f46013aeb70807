//! Templates.

use infra_value::{Type, Value};

use super::{Environment, FunctionError, Result, filesystem, function};

/// The text of a template file, rendered with variables.
///
/// ```console
/// > templatefile("greeting.tftpl", { name = "Jodie" })
/// "Hello, Jodie!"
/// ```
#[function(environment = Environment)]
fn templatefile(
    path: &str,
    #[arg(marked)] vars: &Value,
    environment: &Environment,
) -> Result<Value> {
    let template = filesystem::read_text(environment, path)?;
    render(path, &template, vars, environment)
}

/// A template, which a reference gives, rendered with variables.
///
/// ```console
/// > templatestring(local.greeting, { name = "Jodie" })
/// "Hello, Jodie!"
/// ```
#[function(environment = Environment, returns = string)]
fn templatestring(
    template: &str,
    #[arg(dynamic)] vars: &Value,
    environment: &Environment,
) -> Result<Value> {
    let found = render("<templatestring argument>", template, vars, environment)?;
    infra_value::convert::convert(&found, &Type::String)
        .map_err(|error| FunctionError::new(error.to_string()))
}

fn render(name: &str, template: &str, vars: &Value, environment: &Environment) -> Result<Value> {
    if environment.in_template {
        return Err(FunctionError::new(
            "cannot recursively call templatefile from inside another template function",
        ));
    }
    let (plain, marks) = vars.clone().unmarked();
    match plain.ty() {
        _ if !plain.is_known() => Ok(Value::unknown(Type::Any).marked(marks)),
        Type::Map(_) | Type::Object(_) => {
            let found = crate::eval::render_template(name, template, &plain, environment)?;
            Ok(found.marked(marks))
        }
        _ => Err(FunctionError::at(1, "invalid vars value: must be a map")),
    }
}
