//! Values of the root module's variables: files, flags and the environment.

use std::collections::BTreeMap;

use infra_diag::{Diagnostic, Diagnostics, Sources, Span};
use infra_value::{Str, Value, convert};

use super::{Module, Variable, diagnostics};
use crate::eval::constraint;
use crate::files::Files;
use crate::syntax::{self, Expr};

/// What gives the root module's variables their values.
#[derive(Clone, Default, Debug)]
pub struct Inputs {
    /// The environment: variables `TF_VAR_name` count.
    pub environment: BTreeMap<String, String>,
    /// Whether `terraform.tfvars` and files `*.auto.tfvars` are read.
    pub automatic: bool,
    /// Files and values that are named one by one, the weakest first.
    pub flags: Vec<Flag>,
    /// Values that are known, stronger than all else.
    pub values: BTreeMap<Str, Value>,
}

/// What one flag gives.
#[derive(Clone, Debug)]
pub enum Flag {
    /// A file of values.
    File(String),
    /// A value as `name=value`.
    Value(String),
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
        for name in &names {
            given.push(read_file(files, name, sources, diags));
        }
        for flag in &self.flags {
            let text = match flag {
                Flag::Value(text) => text,
                Flag::File(name) => {
                    given.push(read_file(files, name, sources, diags));
                    continue;
                }
            };
            let Some((name, value)) = text.split_once('=') else {
                diags.push(diagnostics::wrong_flag(text));
                continue;
            };
            let origin = "the command line".to_owned();
            let value = Given { value: GivenValue::Text(value.to_owned()), span: None, origin };
            if name.ends_with(char::is_whitespace) {
                diags.push(diagnostics::space_in_flag(name));
                continue;
            }
            given.push(BTreeMap::from([(Str::from(name), value)]));
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
    /// An expression in a file, which refers to nothing.
    Expression(Expr),
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
        // One is told for all, as in Terraform, and none beside mistakes of syntax.
        let failed = diags.iter().skip(before).any(Diagnostic::is_error);
        if let Some(block) = body.blocks.first().filter(|_| !failed) {
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
    for attribute in attributes {
        let span = Some(attribute.expr.span());
        let value = GivenValue::Expression(attribute.expr);
        found.insert(attribute.name, Given { value, span, origin: origin.clone() });
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

/// What became of the values that were given.
#[derive(Default)]
pub struct Assignment {
    /// Those of the variables that were given one or have a default.
    pub values: BTreeMap<Str, Value>,
    /// The variables without a default that nobody gave a value.
    pub missing: Vec<Str>,
    /// The variables without a default whose value cannot be read.
    pub unreadable: Vec<Str>,
    /// What was given and does not fit its variable: why not.
    pub unfit: BTreeMap<Str, Diagnostic>,
}

impl Assignment {
    /// The values, for those who can do nothing with some of them. What does not fit is reported, unless there is worse.
    pub fn fitting(self, diags: &mut Diagnostics) -> BTreeMap<Str, Value> {
        if self.missing.is_empty() && !diags.has_errors() {
            diags.extend(self.unfit.into_values());
        }
        self.values
    }
}

/// The values of the variables of the root module, from what was given: later ones win. What cannot be read, and values
/// for no variable, are reported.
pub fn assign(
    root: &Module,
    given: &[BTreeMap<Str, Given>],
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Assignment {
    let chosen = chosen(given);
    let mut found = Assignment::default();
    let mut undeclared_in_files = 0;
    for (name, given) in &chosen {
        match root.variables.get(*name) {
            Some(variable) => {
                let Some(value) = written(variable, given, sources, diags) else {
                    let needed = variable.default.is_none();
                    found.unreadable.extend(needed.then(|| (*name).clone()));
                    continue;
                };
                match converted(variable, given, value) {
                    Ok(value) => {
                        diags.extend(variable.deprecation().filter(|_| !value.is_null()));
                        found.values.insert((*name).clone(), value);
                    }
                    Err(problem) => {
                        found.unfit.insert((*name).clone(), problem);
                    }
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
    found.missing = root
        .variables
        .values()
        .filter(|variable| variable.default.is_none() && !chosen.contains_key(&variable.name))
        .map(|variable| variable.name.clone())
        .collect();
    found
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
            written(variable, given, &mut Sources::new(), &mut Diagnostics::new())
        });
        values.extend(value.map(|value| (name.clone(), value)));
    }
    values
}

/// What was given for a variable: a text is taken as it is where the variable takes one, and else read as an expression.
fn written(
    variable: &Variable,
    given: &Given,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Value> {
    match &given.value {
        GivenValue::Value(value) => Some(value.clone()),
        GivenValue::Expression(expr) => constraint::constant(expr, diags),
        GivenValue::Text(text) if !variable.typed || variable.ty.is_primitive() => {
            Some(text.as_str().into())
        }
        GivenValue::Text(text) => {
            let source = sources.add(&format!("<value for var.{}>", variable.name), text.as_str());
            constraint::constant(&syntax::parse_expr(source, text, diags)?, diags)
        }
    }
}

/// The value as the variable has it: its default where it takes no null.
fn converted(variable: &Variable, given: &Given, value: Value) -> Result<Value, Diagnostic> {
    if value.is_null() && !variable.nullable {
        return variable.default.clone().ok_or_else(|| {
            let null = diagnostics::required_not_set(&variable.name);
            null.at(given.span.unwrap_or(variable.span))
        });
    }
    convert::convert(&variable.defaults.apply(value), &variable.ty)
        .map_err(|error| wrong(variable, given, &error.to_string()))
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
