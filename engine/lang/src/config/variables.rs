//! Values of the root module's variables: files, flags and the environment.

use std::collections::BTreeMap;

use infra_diag::{Diagnostic, Diagnostics, Sources, Span};
use infra_value::{Str, Type, Value, convert};

use super::{Module, Variable, diagnostics};
use crate::eval::constraint;
use crate::files::Files;
use crate::syntax;

/// What gives the root module's variables their values.
#[derive(Clone, Default, Debug)]
pub struct Inputs {
    /// The environment: variables `TF_VAR_name` count.
    pub environment: BTreeMap<String, String>,
    /// Whether `terraform.tfvars` and files `*.auto.tfvars` are read.
    pub automatic: bool,
    /// Files of values.
    pub files: Vec<String>,
    /// Values as `name=value`.
    pub flags: Vec<String>,
    /// Values that are known, stronger than all else.
    pub values: BTreeMap<Str, Value>,
}

impl Inputs {
    /// What is given, the weakest first.
    pub fn given(
        &self,
        files: &dyn Files,
        sources: &mut Sources,
        diags: &mut Diagnostics,
    ) -> Vec<BTreeMap<Str, Given>> {
        let mut given = vec![from_environment(&self.environment)];
        let mut names = Vec::new();
        if self.automatic {
            let mut there = files.list(".").unwrap_or_default();
            there.retain(|name| {
                name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json")
            });
            let first = ["terraform.tfvars", "terraform.tfvars.json"].map(str::to_owned);
            names.extend(first.into_iter().filter(|name| files.read(name).is_ok()));
            names.extend(there);
        }
        for name in names.iter().chain(&self.files) {
            given.push(read_file(files, name, sources, diags));
        }
        for text in &self.flags {
            let Some((name, value)) = text.split_once('=') else {
                diags.push(diagnostics::wrong_flag(text));
                continue;
            };
            let origin = "the command line".to_owned();
            let value = Given { value: GivenValue::Text(value.to_owned()), span: None, origin };
            given.push(BTreeMap::from([(Str::from(name.trim()), value)]));
        }
        let known = self.values.iter().map(|(name, value)| {
            let (value, origin) = (GivenValue::Value(value.clone()), "the plan".to_owned());
            (name.clone(), Given { value, span: None, origin })
        });
        given.push(known.collect());
        given
    }
}

/// A value that was given, and where.
#[derive(Clone, Debug)]
pub struct Given {
    /// What was given.
    pub value: GivenValue,
    /// Where it stands, if in a file.
    pub span: Option<Span>,
    /// Where it comes from, in words.
    pub origin: String,
}

/// A value as it was given.
#[derive(Clone, Debug)]
pub enum GivenValue {
    /// A value.
    Value(Value),
    /// Text from a flag or the environment: a string, or an expression where the type asks for more.
    Text(String),
}

/// Reads a `.tfvars` file, or one of JSON.
pub fn read_file(
    files: &dyn Files,
    path: &str,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> BTreeMap<Str, Given> {
    let text = match files.read(path).map(|bytes| String::from_utf8(bytes.to_vec())) {
        Ok(Ok(text)) => text,
        Ok(Err(_)) => {
            diags.push(
                Diagnostic::error("Failed to read variables file")
                    .detail(format!("{path} is not text in UTF-8.")),
            );
            return BTreeMap::new();
        }
        Err(error) => {
            diags.push(
                Diagnostic::error("Failed to read variables file")
                    .detail(format!("{path} could not be read: {error}.")),
            );
            return BTreeMap::new();
        }
    };
    let origin = path.to_owned();
    let source = sources.add(path, text.as_str());
    let before = diags.len();
    let attributes = if path.ends_with(".json") {
        super::json::parse_values(source, &text, diags)
    } else {
        let body = syntax::parse(source, &text, diags);
        // One is told for all, as in Terraform.
        if let Some(block) = body.blocks.first() {
            let wrong = match (&*block.ty, block.labels.first()) {
                ("variable", Some(name)) => diagnostics::declared_in_values(&name.text),
                _ => diagnostics::unexpected_block(&block.ty),
            };
            diags.push(wrong.at(block.header));
        }
        body.attributes
    };
    let mut found = BTreeMap::new();
    // What a mistake of syntax left is no value.
    if diags.iter().skip(before).any(Diagnostic::is_error) {
        return found;
    }
    for attribute in &attributes {
        if let Some(value) = constraint::constant(&attribute.expr, diags) {
            let value = GivenValue::Value(value);
            found.insert(
                attribute.name.clone(),
                Given { value, span: Some(attribute.expr.span()), origin: origin.clone() },
            );
        }
    }
    found
}

/// What was given for each variable: later ones win.
fn chosen(given: &[BTreeMap<Str, Given>]) -> BTreeMap<&Str, &Given> {
    let mut chosen = BTreeMap::new();
    for layer in given {
        chosen.extend(layer.iter());
    }
    chosen
}

/// Where those values stand that files give.
pub fn places(given: &[BTreeMap<Str, Given>]) -> BTreeMap<Str, Span> {
    chosen(given)
        .into_iter()
        .filter_map(|(name, given)| Some((name.clone(), given.span?)))
        .collect()
}

/// The values of all variables of the root module, from what was given: later ones win. What is wrong is reported.
/// Variables that nobody gave a value are left out; those without a default are named in the second result. Where one is
/// missing, or a value is for no variable, nothing is said of values that do not fit.
pub fn assign(
    root: &Module,
    given: &[BTreeMap<Str, Given>],
    diags: &mut Diagnostics,
) -> (BTreeMap<Str, Value>, Vec<Str>) {
    let chosen = chosen(given);
    let mut unfit = Diagnostics::new();
    let before = diags.len();
    let mut values = BTreeMap::new();
    let mut undeclared_in_files = 0;
    for (name, given) in &chosen {
        match root.variables.get(*name) {
            Some(variable) => {
                if let Some(value) = convert_given(variable, given, &mut unfit) {
                    diags.extend(variable.deprecation().filter(|_| !value.is_null()));
                    values.insert((*name).clone(), value);
                }
            }
            None if given.origin == ENVIRONMENT => {}
            None => {
                let found = undeclared(root, name, given);
                undeclared_in_files += usize::from(!found.is_error());
                if found.is_error() || undeclared_in_files <= MOST_UNDECLARED {
                    diags.push(found);
                }
            }
        }
    }
    if undeclared_in_files > MOST_UNDECLARED {
        diags.push(diagnostics::other_undeclared(undeclared_in_files - MOST_UNDECLARED));
    }
    let missing: Vec<Str> = root
        .variables
        .values()
        .filter(|variable| variable.default.is_none() && !chosen.contains_key(&variable.name))
        .map(|variable| variable.name.clone())
        .collect();
    if missing.is_empty() && !diags.failed_since(before) {
        diags.extend(unfit);
    }
    (values, missing)
}

/// Of how many values for undeclared variables each is told of.
const MOST_UNDECLARED: usize = 2;

/// The origin of values from the environment: undeclared ones there are no mistake.
pub const ENVIRONMENT: &str = "the environment";

/// The values that variables `TF_VAR_name` hold.
pub fn from_environment(environment: &BTreeMap<String, String>) -> BTreeMap<Str, Given> {
    let mut found = BTreeMap::new();
    for (name, value) in environment {
        if let Some(name) = name.strip_prefix("TF_VAR_") {
            let given = Given {
                value: GivenValue::Text(value.clone()),
                span: None,
                origin: ENVIRONMENT.to_owned(),
            };
            found.insert(name.into(), given);
        }
    }
    found
}

fn undeclared(root: &Module, name: &str, given: &Given) -> Diagnostic {
    let known = root.variables.keys().map(|name| &**name);
    if given.span.is_some() || given.origin.ends_with(".json") {
        return Diagnostic::warning("Value for undeclared variable")
            .detail(format!("The root module does not declare a variable named \"{name}\" but a value was found in {}.", given.origin))
            .suggest(name, known);
    }
    Diagnostic::error("Value for undeclared variable")
        .detail(format!("A variable named \"{name}\" was assigned on the command line, but the root module does not declare a variable of that name."))
        .suggest(name, known)
}

/// The values as they were given, of whatever type; plans for programs show them so.
pub fn unconverted(root: &Module, given: &[BTreeMap<Str, Given>]) -> BTreeMap<Str, Value> {
    let mut values = BTreeMap::new();
    for (name, given) in given.iter().flatten() {
        let value = root.variables.get(name).and_then(|variable| {
            // What is wrong with it is told where it is converted.
            written(variable, given, &mut Diagnostics::new())
        });
        values.extend(value.map(|value| (name.clone(), value)));
    }
    values
}

/// What was given for a variable: a text is taken as it is where the variable takes one, and else read as an expression.
fn written(variable: &Variable, given: &Given, diags: &mut Diagnostics) -> Option<Value> {
    Some(match &given.value {
        GivenValue::Value(value) => value.clone(),
        GivenValue::Text(text) if variable.ty.is_primitive() || variable.ty == Type::Any => {
            text.as_str().into()
        }
        GivenValue::Text(text) => {
            let mut sources = Sources::new();
            let source = sources.add(&format!("<value for var.{}>", variable.name), text.as_str());
            let mut found = Diagnostics::new();
            let parsed = syntax::parse_expr(source, text, &mut found);
            let value = parsed.and_then(|expr| constraint::constant(&expr, &mut found));
            match value {
                Some(value) => value,
                None => {
                    let why = found
                        .iter()
                        .next()
                        .map(|problem| problem.detail.clone())
                        .unwrap_or_default();
                    diags.push(wrong(
                        variable,
                        given,
                        &format!("\"{text}\" is not an expression: {why}"),
                    ));
                    return None;
                }
            }
        }
    })
}

fn convert_given(variable: &Variable, given: &Given, diags: &mut Diagnostics) -> Option<Value> {
    let value = written(variable, given, diags)?;
    if value.is_null() && !variable.nullable {
        if variable.default.is_none() {
            let null = diagnostics::required_not_set(&variable.name);
            diags.push(null.at(given.span.unwrap_or(variable.span)));
        }
        return variable.default.clone();
    }
    match convert::convert(&variable.defaults.apply(value), &variable.ty) {
        Ok(value) => Some(value),
        Err(error) => {
            diags.push(wrong(variable, given, &error.to_string()));
            None
        }
    }
}

fn wrong(variable: &Variable, given: &Given, problem: &str) -> Diagnostic {
    let problem = problem.trim_end_matches('.');
    Diagnostic::error("Invalid value for input variable")
        .detail(format!(
            "The value of \"{}\" from {} does not fit the type of the variable: {problem}.",
            variable.name, given.origin
        ))
        .at(given.span.unwrap_or(variable.span))
}
