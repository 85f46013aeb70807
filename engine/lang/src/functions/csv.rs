//! CSV.

use std::collections::BTreeMap;

use infra_value::{Str, Type, Value, print};

use super::{FunctionError, Result, function};

/// A list of objects, one for each row of comma-separated text. The first row has the names of the attributes.
///
/// ```console
/// > csvdecode("a,b\n1,2\n3,4\n")
/// tolist([
///   {
///     "a" = "1"
///     "b" = "2"
///   },
///   {
///     "a" = "3"
///     "b" = "4"
///   },
/// ])
/// ```
#[function(typed = csvdecode_type)]
fn csvdecode(str: &str) -> Result<Value> {
    let (header, rows) = table(str)?;
    let objects = rows.map(|row| {
        let row = row?;
        if row.fields.len() != header.len() {
            return Err(wrong(row.line, "wrong number of fields"));
        }
        Ok(Value::object(header.iter().cloned().zip(row.fields.into_iter().map(Value::from))))
    });
    Ok(Value::list(object(&header), objects.collect::<Result<Vec<_>>>()?))
}

fn csvdecode_type(a: &[Value]) -> Result<Type> {
    match a[0].as_str() {
        Some(text) => Ok(Type::list(object(&table(text)?.0))),
        None => Ok(Type::Any),
    }
}

fn object(header: &[Str]) -> Type {
    Type::object(header.iter().map(|name| (name.clone(), Type::String)))
}

/// The names of the columns, and the rows.
fn table(text: &str) -> Result<(Vec<Str>, Rows<'_>)> {
    let mut rows = Rows { rest: text, line: 1 };
    let header = rows.next().ok_or_else(|| FunctionError::new("missing header line"))??;
    let mut seen = BTreeMap::new();
    for name in &header.fields {
        if seen.insert(name.clone(), ()).is_some() {
            let name = print::quoted(name);
            return Err(FunctionError::new(format!("duplicate column name {name}")));
        }
    }
    Ok((header.fields.into_iter().map(Str::from).collect(), rows))
}

fn wrong(line: usize, what: &str) -> FunctionError {
    FunctionError::new(format!("CSV parse error on line {line}: {what}"))
}

/// A row and the line on which it begins.
struct Row {
    line: usize,
    fields: Vec<String>,
}

/// Reads rows strictly: a quote stands only at the ends of a field or doubled inside a quoted one.
struct Rows<'a> {
    rest: &'a str,
    line: usize,
}

impl<'a> Rows<'a> {
    fn line(&mut self) -> &'a str {
        let end = self.rest.find('\n').map_or(self.rest.len(), |at| at + 1);
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest;
        self.line += 1;
        line
    }

    fn row(&mut self) -> Result<Row> {
        let begin = self.line;
        let mut line = self.line();
        let mut fields = Vec::new();
        loop {
            let Some(quoted) = line.strip_prefix('"') else {
                let (field, next) = match line.split_once(',') {
                    Some((field, next)) => (field, Some(next)),
                    None => (ended(line), None),
                };
                if field.contains('"') {
                    return Err(wrong(self.line - 1, "bare \" in non-quoted-field"));
                }
                fields.push(field.to_owned());
                match next {
                    Some(next) => line = next,
                    None => return Ok(Row { line: begin, fields }),
                }
                continue;
            };
            let mut field = String::new();
            line = quoted;
            loop {
                let Some((part, after)) = line.split_once('"') else {
                    // The field goes on in the next line.
                    field.push_str(ended(line));
                    if self.rest.is_empty() {
                        return Err(wrong(
                            self.line - 1,
                            "extraneous or missing \" in quoted-field",
                        ));
                    }
                    field.push('\n');
                    line = self.line();
                    continue;
                };
                field.push_str(part);
                if let Some(after) = after.strip_prefix('"') {
                    field.push('"');
                    line = after;
                } else if let Some(next) = after.strip_prefix(',') {
                    fields.push(field);
                    line = next;
                    break;
                } else if ended(after).is_empty() {
                    fields.push(field);
                    return Ok(Row { line: begin, fields });
                } else {
                    return Err(wrong(self.line - 1, "extraneous or missing \" in quoted-field"));
                }
            }
        }
    }
}

/// The line without its end.
fn ended(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}

impl Iterator for Rows<'_> {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let first = &self.rest[..self.rest.find('\n').unwrap_or(self.rest.len())];
            if !ended(first).is_empty() {
                return Some(self.row());
            }
            self.line();
        }
    }
}
