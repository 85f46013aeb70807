//! Configuration in JSON becomes the same trees as native syntax gives.
//!
//! What is a block and what an argument follows from the names, where the meaning of a block is built in. In a block with
//! a schema everything is an argument at first: `Body::for_schema` makes blocks of some when the schema is at hand.
//! Strings are templates, but where the language wants a reference, a type or a keyword: there they are expressions.

use std::collections::BTreeSet;

use infra_diag::{Diagnostics, SourceId, Span};
use infra_value::{Str, Type, Value};

use super::diagnostics;
use crate::eval;
use crate::syntax::{
    Attribute, Block, Body, Expr, Json, JsonKind, Kind, Label, Property, parse_json,
    parse_json_expr, parse_json_template,
};

/// Reads a configuration file in JSON.
pub(super) fn parse(source: SourceId, text: &str, diags: &mut Diagnostics) -> Body {
    parse_file(source, text, "", diags)
}

/// Reads a test file in JSON.
pub(super) fn parse_test(source: SourceId, text: &str, diags: &mut Diagnostics) -> Body {
    parse_file(source, text, TEST, diags)
}

/// Reads a query file in JSON.
pub(super) fn parse_query(source: SourceId, text: &str, diags: &mut Diagnostics) -> Body {
    parse_file(source, text, QUERY, diags)
}

/// Stands for the block that a query file is.
const QUERY: &str = "a query file";

/// Stands for the block that a test file is.
const TEST: &str = "a test file";

fn parse_file(source: SourceId, text: &str, block: &str, diags: &mut Diagnostics) -> Body {
    let root = parse_json(source, text, diags);
    let span = Span { source, start: 0, end: text.len() as u32 };
    if !matches!(root.kind, JsonKind::Object(_) | JsonKind::Array(_)) {
        diags.push(diagnostics::json_root().at(root.span));
        return Body::empty(span);
    }
    let mut reader = Reader { file: text, names: Vec::new(), diags };
    Body { span, ..reader.body(&root, block, "") }
}

/// Reads the values of a `.tfvars.json` file: expressions without templates.
pub(super) fn parse_values(
    source: SourceId,
    text: &str,
    diags: &mut Diagnostics,
) -> Vec<Attribute> {
    let root = parse_json(source, text, diags);
    let JsonKind::Object(properties) = &root.kind else {
        let wrong = match root.kind {
            JsonKind::Array(_) => diagnostics::json_values(),
            _ => diagnostics::json_root(),
        };
        diags.push(wrong.at(root.span));
        return Vec::new();
    };
    let mut reader = Reader { file: text, names: Vec::new(), diags };
    let (mut read, mut names) = (Vec::new(), BTreeSet::new());
    for property in properties.iter().filter(|property| &*property.name != "//") {
        if !names.insert(&*property.name) {
            let again = diagnostics::json_twice("locals", &property.name);
            reader.diags.push(again.at(property.name_span));
            continue;
        }
        let expr = reader.plain(&property.value);
        read.push(reader.attribute(property, expr));
    }
    read
}

/// The blocks inside a block whose meaning is built in, with how many labels they have.
fn blocks_in(block: &str, parent: &str) -> &'static [(&'static str, usize)] {
    match (block, parent) {
        ("", _) => &[
            ("terraform", 0),
            ("provider", 1),
            ("variable", 1),
            ("locals", 0),
            ("output", 1),
            ("resource", 2),
            ("data", 2),
            ("ephemeral", 2),
            ("action", 2),
            ("module", 1),
            ("moved", 0),
            ("removed", 0),
            ("import", 0),
            ("check", 1),
        ],
        (QUERY, _) => &[("list", 2), ("provider", 1), ("variable", 1), ("locals", 0)],
        (TEST, _) => &[
            ("run", 1),
            ("variables", 0),
            ("provider", 1),
            ("mock_provider", 1),
            ("override_resource", 0),
            ("override_data", 0),
            ("override_module", 0),
            ("test", 0),
        ],
        ("run", TEST) => &[
            ("assert", 0),
            ("variables", 0),
            ("module", 0),
            ("plan_options", 0),
            ("override_resource", 0),
            ("override_data", 0),
            ("override_module", 0),
        ],
        ("mock_provider", _) => &[
            ("mock_resource", 1),
            ("mock_data", 1),
            ("override_resource", 0),
            ("override_data", 0),
            ("override_module", 0),
        ],
        ("terraform", _) => {
            &[("backend", 1), ("cloud", 0), ("required_providers", 0), ("provider_meta", 1)]
        }
        ("cloud", _) => &[("workspaces", 0)],
        ("variable", _) => &[("validation", 0)],
        ("output", _) => &[("precondition", 0), ("postcondition", 0)],
        ("resource", _) => {
            &[("lifecycle", 0), ("provisioner", 1), ("connection", 0), ("locals", 0), ("_", 0)]
        }
        ("data" | "ephemeral", _) => &[("lifecycle", 0), ("locals", 0), ("_", 0)],
        ("action", "") => &[("config", 0)],
        ("module", "") => &[("lifecycle", 0), ("locals", 0), ("provider", 1), ("_", 0)],
        ("provider", "") => &[("lifecycle", 0), ("locals", 0), ("_", 0)],
        ("lifecycle", "removed") => &[],
        ("lifecycle", "resource") => {
            &[("action_trigger", 0), ("precondition", 0), ("postcondition", 0)]
        }
        ("lifecycle", _) => &[("precondition", 0), ("postcondition", 0)],
        ("provisioner", _) => &[("connection", 0), ("lifecycle", 0), ("_", 0)],
        ("removed", _) => &[("lifecycle", 0), ("provisioner", 1), ("connection", 0)],
        ("check", _) => &[("data", 2), ("assert", 0)],
        _ => &[],
    }
}

/// Whether strings in an argument are expressions: references, types, keywords.
fn is_expression(block: &str, argument: &str) -> bool {
    match block {
        "resource" | "data" | "ephemeral" => matches!(argument, "depends_on" | "provider"),
        "list" => argument == "provider",
        "action" => argument == "provider",
        "action_trigger" => matches!(argument, "events" | "actions"),
        "lifecycle" => matches!(argument, "ignore_changes" | "replace_triggered_by"),
        "module" => matches!(argument, "depends_on" | "providers"),
        "output" => argument == "depends_on",
        "variable" => argument == "type",
        "terraform" => argument == "language",
        "moved" | "removed" => matches!(argument, "from" | "to"),
        "import" => matches!(argument, "to" | "provider"),
        "provisioner" => matches!(argument, "when" | "on_failure"),
        "run" => matches!(argument, "command" | "expect_failures" | "providers"),
        "plan_options" => matches!(argument, "mode" | "replace" | "target"),
        "override_resource" | "override_data" | "override_module" => {
            matches!(argument, "target" | "override_during")
        }
        "mock_provider" => argument == "override_during",
        _ => false,
    }
}

struct Reader<'a> {
    /// The text of the file.
    file: &'a str,
    /// Names of the iterators of `dynamic` blocks around what is being read.
    names: Vec<Str>,
    diags: &'a mut Diagnostics,
}

impl Reader<'_> {
    /// The properties of an object, or of the objects of an array.
    fn properties<'j>(&mut self, value: &'j Json, found: &mut Vec<&'j Property>) {
        match &value.kind {
            JsonKind::Object(properties) => found.extend(properties),
            JsonKind::Array(items) => {
                for item in items {
                    match &item.kind {
                        JsonKind::Object(properties) => found.extend(properties),
                        _ => self.diags.push(diagnostics::json_object_needed().at(item.span)),
                    }
                }
            }
            JsonKind::Null => {}
            _ => self.diags.push(diagnostics::json_object_needed().at(value.span)),
        }
    }

    fn body(&mut self, value: &Json, block: &str, parent: &str) -> Body {
        let close = Span { start: value.span.end.saturating_sub(1), ..value.span };
        let mut body = Body { json: true, open: close, ..Body::empty(value.span) };
        let mut properties = Vec::new();
        self.properties(value, &mut properties);
        for property in properties {
            if property.name == "//" {
                continue;
            }
            let nested = blocks_in(block, parent).iter().find(|(name, _)| *name == property.name);
            if let Some((name, labels)) = nested {
                let header = (*name, property.name_span);
                self.blocks(
                    header,
                    &property.value,
                    *labels,
                    &mut Vec::new(),
                    block,
                    &mut body.blocks,
                );
                continue;
            }
            if body.attribute(&property.name).is_some() {
                self.diags
                    .push(diagnostics::json_twice(block, &property.name).at(property.name_span));
                continue;
            }
            let expr = match &*property.name {
                "dynamic" => {
                    self.labels("dynamic", &property.value);
                    self.dynamics(&property.value)
                }
                // One text is no list of references.
                "depends_on" if matches!(property.value.kind, JsonKind::String(_)) => {
                    self.scalar(&property.value)
                }
                _ if block == "required_providers" => self.requirement(&property.value),
                name if is_expression(block, name) => self.expression(&property.value),
                _ => self.expr(&property.value),
            };
            body.attributes.push(self.attribute(property, expr));
        }
        body
    }

    fn attribute(&self, property: &Property, expr: Expr) -> Attribute {
        Attribute {
            name: property.name.as_str().into(),
            name_span: property.name_span,
            span: property.name_span.to(property.value.span),
            expr,
        }
    }

    /// The properties whose names are the labels of blocks of a type: there must be one.
    fn labels<'j>(&mut self, ty: &str, value: &'j Json) -> Vec<&'j Property> {
        let mut properties = Vec::new();
        self.properties(value, &mut properties);
        if properties.is_empty() {
            self.diags.push(diagnostics::json_label(ty).at(value.span));
        }
        properties
    }

    /// The blocks of a type: labels are names of properties, and an array holds several.
    fn blocks(
        &mut self,
        (ty, ty_span): (&str, Span),
        value: &Json,
        missing: usize,
        labels: &mut Vec<Label>,
        parent: &str,
        found: &mut Vec<Block>,
    ) {
        if missing > 0 {
            for property in self.labels(ty, value) {
                let text = property.name.as_str().into();
                labels.push(Label { text, span: property.name_span });
                self.blocks((ty, ty_span), &property.value, missing - 1, labels, parent, found);
                labels.pop();
            }
            return;
        }
        let values = match &value.kind {
            JsonKind::Array(items) => items.as_slice(),
            JsonKind::Null => return,
            _ => std::slice::from_ref(value),
        };
        let list = value;
        for value in values {
            // What stands in an array is one block each, whatever it is: arrays in it are parts of that block.
            let listed = matches!(list.kind, JsonKind::Array(_));
            // All in these is an argument, which is asked for at once.
            let open = matches!(ty, "locals" | "required_providers");
            let body = (listed && !open) || matches!(value.kind, JsonKind::Object(_));
            if !body {
                self.diags.push(diagnostics::json_object_needed().at(value.span));
                continue;
            }
            let header = list.opening();
            let body = self.body(value, ty, parent);
            let labels = labels.clone();
            found.push(Block { ty: ty.into(), ty_span, labels, body, header });
        }
    }

    /// A value whose strings are templates.
    fn expr(&mut self, value: &Json) -> Expr {
        match &value.kind {
            JsonKind::String(text) => self.template(text, value.span),
            JsonKind::Array(items) => {
                let items = items.iter().map(|item| self.expr(item)).collect();
                Expr::new(Kind::Tuple(items), value.span)
            }
            JsonKind::Object(properties) => {
                let mut entries: Vec<(Expr, Expr)> = Vec::with_capacity(properties.len());
                let mut known = std::collections::HashSet::new();
                for property in properties {
                    if !known.insert(&property.name) {
                        let twice = eval::json_attribute_twice(&property.name);
                        self.diags.push(twice.at(property.name_span));
                        continue;
                    }
                    let key = self.template(&property.name, property.name_span);
                    let value = match &*property.name {
                        "dynamic" => self.dynamics(&property.value),
                        _ => self.expr(&property.value),
                    };
                    entries.push((key, value));
                }
                Expr::new(Kind::Object(entries), value.span)
            }
            _ => self.scalar(value),
        }
    }

    fn scalar(&self, value: &Json) -> Expr {
        let found = match &value.kind {
            JsonKind::Bool(flag) => (*flag).into(),
            JsonKind::Number(number) => number.clone().into(),
            JsonKind::String(text) => text.as_str().into(),
            JsonKind::Invalid => Value::unknown(Type::Any),
            _ => Value::null(Type::Any),
        };
        Expr::literal(found, value.span)
    }

    /// A value whose strings are text.
    fn plain(&mut self, value: &Json) -> Expr {
        let kind = match &value.kind {
            JsonKind::Array(items) => {
                Kind::Tuple(items.iter().map(|item| self.plain(item)).collect())
            }
            JsonKind::Object(properties) => Kind::Object(
                properties
                    .iter()
                    .map(|property| {
                        let key = Expr::literal(property.name.as_str().into(), property.name_span);
                        (key, self.plain(&property.value))
                    })
                    .collect(),
            ),
            _ => return self.scalar(value),
        };
        Expr::new(kind, value.span)
    }

    fn template(&mut self, text: &str, span: Span) -> Expr {
        if !text.contains("${") && !text.contains("%{") {
            return Expr::literal(text.into(), span);
        }
        let mut found = Diagnostics::new();
        let read = parse_json_template(text, (span, self.file), &self.names, &mut found);
        let expr = match found.has_errors() {
            true => Expr::new(Kind::Unread(found.into_iter().collect()), span),
            false => read,
        };
        expr.in_json(text)
    }

    /// What is required of a provider: references to its configurations, the rest is text.
    fn requirement(&mut self, value: &Json) -> Expr {
        let JsonKind::Object(properties) = &value.kind else { return self.expr(value) };
        let mut entries = Vec::with_capacity(properties.len());
        for property in properties {
            let key = Expr::literal(property.name.as_str().into(), property.name_span);
            let value = match &*property.name {
                "configuration_aliases" => self.expression(&property.value),
                _ => self.expr(&property.value),
            };
            entries.push((key, value));
        }
        Expr::new(Kind::Object(entries), value.span)
    }

    /// A value whose strings are expressions.
    fn expression(&mut self, value: &Json) -> Expr {
        match &value.kind {
            // What stood for all changes once: it is reported as what it is.
            JsonKind::String(text) if text == "*" => self.scalar(value),
            JsonKind::String(text) => self.words(text, value.span),
            JsonKind::Array(items) => {
                let items = items.iter().map(|item| self.expression(item)).collect();
                Expr::new(Kind::Tuple(items), value.span)
            }
            JsonKind::Object(properties) => {
                let mut entries = Vec::with_capacity(properties.len());
                for property in properties {
                    let key = self.words(&property.name, property.name_span);
                    entries.push((key, self.expression(&property.value)));
                }
                Expr::new(Kind::Object(entries), value.span)
            }
            _ => self.scalar(value),
        }
    }

    /// A string that is an expression.
    fn words(&self, text: &str, span: Span) -> Expr {
        let mut found = Diagnostics::new();
        match parse_json_expr(text, (span, self.file), &mut found) {
            Some(expr) if !found.has_errors() => expr,
            _ => Expr::new(Kind::Unread(found.into_iter().collect()), span),
        }
    }

    /// What `dynamic` holds: by type of block, its `for_each` and `content`, which knows the name of the iterator.
    fn dynamics(&mut self, value: &Json) -> Expr {
        match &value.kind {
            JsonKind::Array(items) => {
                let items = items.iter().map(|item| self.dynamics(item)).collect();
                Expr::new(Kind::Tuple(items), value.span)
            }
            JsonKind::Object(properties) => {
                let entries = properties.iter().map(|property| {
                    let key = Expr::literal(property.name.as_str().into(), property.name_span);
                    (key, self.dynamic(&property.name, &property.value))
                });
                let entries = entries.collect();
                Expr::new(Kind::Object(entries), value.span)
            }
            _ => self.expr(value),
        }
    }

    fn dynamic(&mut self, ty: &str, value: &Json) -> Expr {
        let properties = match &value.kind {
            JsonKind::Object(properties) => properties,
            JsonKind::Array(items) => {
                let items = items.iter().map(|item| self.dynamic(ty, item)).collect();
                return Expr::new(Kind::Tuple(items), value.span);
            }
            _ => return self.expr(value),
        };
        let named = properties.iter().find(|property| property.name == "iterator");
        let iterator: Str = match named.map(|property| &property.value.kind) {
            Some(JsonKind::String(name)) => name.as_str().into(),
            _ => ty.into(),
        };
        let mut entries = Vec::with_capacity(properties.len());
        for property in properties {
            let key = Expr::literal(property.name.as_str().into(), property.name_span);
            let scoped = matches!(&*property.name, "content" | "labels");
            if scoped {
                self.names.push(iterator.clone());
            }
            entries.push((key, self.expr(&property.value)));
            if scoped {
                self.names.pop();
            }
        }
        Expr::new(Kind::Object(entries), value.span)
    }
}
