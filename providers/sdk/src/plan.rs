//! Planning one object, from the schema alone.

use infra_provider::{Attribute, Block, NestedBlock, Nesting, Object, PlanResponse, Schema};
use infra_value::{Data, Path, Type, Value};

use crate::equal::Equality;
use crate::{Change, Client, legacy, tags};

/// Plans a change; `customise` is the type's own rule.
pub(crate) fn plan(
    client: &dyn Client,
    schema: &Schema,
    prior: Option<&Object>,
    config: &Value,
    customise: impl FnOnce(&mut Change<'_>),
) -> PlanResponse {
    let before = prior.map(|prior| &prior.value);
    let legacy = client.legacy();
    let equality = if legacy { Equality::OfMeaning } else { Equality::Exact };
    let mut planner = Planner { replace: Vec::new(), updating: before.is_some(), legacy, equality };
    let mut planned = planner.block(&schema.block, before, config, &Path::root());
    if schema.block.attributes.contains_key("tags_all") {
        let tags = planned.get("tags").cloned().unwrap_or_else(|| Value::null(Type::Any));
        let all = match config.get("tags_all").filter(|all| !all.is_null()) {
            // The author said to ignore what changes in it.
            Some(all) => all.clone(),
            None => tags::planned(client, &tags, before.and_then(|before| before.get("tags_all"))),
        };
        planned = planned.with("tags_all", all);
    }
    let mut change = Change {
        prior: before,
        config,
        planned,
        replace: planner.replace,
        problems: Vec::new(),
        equality,
    };
    customise(&mut change);
    let Change { planned, replace, problems, .. } = change;
    let planned = match before {
        Some(before) if equality.same(before, &planned) => before.clone(),
        _ => planned,
    };
    PlanResponse {
        planned: Some(Object {
            value: planned,
            private: prior.map(|prior| prior.private.clone()).unwrap_or_default(),
        }),
        requires_replace: replace,
        problems,
    }
}

struct Planner {
    replace: Vec<Path>,
    /// There is an object: differences at some places need a new one.
    updating: bool,
    /// Values have the forms of `legacy`.
    legacy: bool,
    /// Which values are the same.
    equality: Equality,
}

impl Planner {
    fn block(
        &mut self,
        schema: &Block,
        prior: Option<&Value>,
        config: &Value,
        path: &Path,
    ) -> Value {
        let part = |object: Option<&Value>, name: &str| {
            object.and_then(|object| object.get(name)).cloned()
        };
        let mut planned = Vec::new();
        for (name, attribute) in &schema.attributes {
            let before = part(prior, name);
            let wanted =
                part(Some(config), name).unwrap_or_else(|| Value::null(attribute.ty.clone()));
            let after = self.attribute(attribute, before.as_ref(), wanted, prior.is_some());
            if attribute.force_new && self.updating {
                let differs = match &before {
                    Some(before) => !self.equality.same(before, &after),
                    None => !self.equality.is_zero(&after) && after.is_known(),
                };
                if differs {
                    self.replace.push(path.attr(name));
                }
            }
            planned.push((name.clone(), after));
        }
        for (name, nested) in &schema.blocks {
            let before = part(prior, name);
            let wanted = part(Some(config), name).unwrap_or_else(|| nested.empty_value());
            let after = self.nested(nested, before.as_ref(), &wanted, &path.attr(name));
            planned.push((name.clone(), after));
        }
        Value::object(planned)
    }

    fn attribute(
        &mut self,
        schema: &Attribute,
        before: Option<&Value>,
        wanted: Value,
        known: bool,
    ) -> Value {
        let decided = |before: Option<&Value>| match before {
            Some(before) if known => before.clone(),
            // The older kit decides texts and numbers of a new block only together with its object.
            _ if self.legacy && self.updating && schema.ty.is_primitive() => {
                Value::null(schema.ty.clone())
            }
            _ => Value::unknown(schema.ty.clone()),
        };
        let wanted = match (schema.stored, wanted.as_str()) {
            (Some(form), Some(text)) if !text.is_empty() => {
                Value::from(form(text)).marked(wanted.marks())
            }
            _ => wanted,
        };
        if schema.write_only {
            return Value::null(schema.ty.clone());
        }
        let empty = wanted.as_str() == Some("") && schema.default.is_none()
            || self.legacy && legacy::is_nothing(before, &wanted);
        let unset = wanted.is_null() || (schema.computed && empty);
        if !unset {
            return match before {
                Some(before) if self.equality.same(before, &wanted) && !before.is_null() => {
                    before.clone()
                }
                before if self.legacy => legacy::attribute(&schema.ty, before, wanted),
                _ => wanted,
            };
        }
        if let Some(default) = &schema.default {
            return default.clone();
        }
        if schema.computed {
            return decided(before);
        }
        match before {
            Some(before) if self.equality.is_zero(before) => before.clone(),
            Some(_) if self.legacy => legacy::removed(&schema.ty),
            _ => Value::null(schema.ty.clone()),
        }
    }

    /// Whether a block that is wanted in a set is one that there is.
    fn counterpart(&self, schema: &NestedBlock, before: &Value, wanted: &Value) -> bool {
        if schema.key.is_empty() {
            let path = Path::root();
            let planned = self.quiet().block(&schema.block, Some(before), wanted, &path);
            return self.equality.same(&planned, before);
        }
        schema.key.iter().all(|name| match (before.get(name), wanted.get(name)) {
            (Some(before), Some(wanted)) => self.equality.same(before, wanted),
            _ => false,
        })
    }

    /// For blocks of a set, of which it does not matter what is different in them.
    fn quiet(&self) -> Self {
        Self { replace: Vec::new(), updating: false, ..*self }
    }

    fn nested(
        &mut self,
        schema: &NestedBlock,
        before: Option<&Value>,
        wanted: &Value,
        path: &Path,
    ) -> Value {
        if !wanted.is_known() {
            return wanted.clone();
        }
        let object = schema.block.implied_type().clone();
        match schema.nesting {
            Nesting::Single | Nesting::Group => {
                if wanted.is_null() {
                    return before
                        .filter(|before| self.equality.is_zero(before) || schema.computed)
                        .unwrap_or(wanted)
                        .clone();
                }
                let before = before.filter(|before| !before.is_null());
                self.block(&schema.block, before, wanted, path)
            }
            Nesting::List => {
                let items = wanted.as_sequence().unwrap_or_default();
                let prior = before.and_then(Value::as_sequence).unwrap_or_default();
                if items.is_empty() && schema.computed {
                    return before
                        .cloned()
                        .unwrap_or_else(|| Value::unknown(schema.implied_type()));
                }
                if items.is_empty() && schema.kept {
                    return before.unwrap_or(wanted).clone();
                }
                let mut planned = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    planned.push(self.block(
                        &schema.block,
                        prior.get(at),
                        item,
                        &path.index(at as i64),
                    ));
                }
                if self.updating && items.len() != prior.len() && needs_new(schema) {
                    self.replace.push(path.clone());
                }
                Value::list(object, planned)
            }
            Nesting::Set => {
                let items = wanted.as_sequence().unwrap_or_default();
                let prior = before.and_then(Value::as_sequence).unwrap_or_default();
                if items.is_empty() && schema.computed {
                    return before
                        .cloned()
                        .unwrap_or_else(|| Value::unknown(schema.implied_type()));
                }
                let mut left: Vec<&Value> = prior.iter().collect();
                let mut pairs: Vec<(&Value, Option<&Value>)> = Vec::new();
                for item in items {
                    let kept =
                        left.iter().position(|before| self.counterpart(schema, before, item));
                    pairs.push((item, kept.map(|at| left.remove(at))));
                }
                let differs = pairs.iter().any(|(_, before)| before.is_none());
                let changed = self.legacy && (differs || !left.is_empty());
                let planned = pairs.into_iter().map(|(item, before)| match before {
                    Some(before) if changed => legacy::kept(&schema.block, before, item),
                    Some(before) => before.clone(),
                    None => {
                        let new = self.quiet().block(&schema.block, None, item, path);
                        if self.legacy { legacy::element(&schema.block, &new) } else { new }
                    }
                });
                let planned: Vec<Value> = planned.collect();
                if self.updating && (differs || !left.is_empty()) && needs_new(schema) {
                    self.replace.push(path.clone());
                }
                Value::set(object, planned)
            }
            Nesting::Map => match wanted.data() {
                Data::Map(_, items) => {
                    let planned: Vec<_> = items
                        .iter()
                        .map(|(key, item)| {
                            let before = before.and_then(|before| before.get(key));
                            (
                                key.clone(),
                                self.block(&schema.block, before, item, &path.index(key.clone())),
                            )
                        })
                        .collect();
                    Value::map(object, planned)
                }
                _ => wanted.clone(),
            },
        }
    }
}

/// Whether more or fewer blocks need a new object.
fn needs_new(schema: &NestedBlock) -> bool {
    schema.force_new
        || schema.block.attributes.values().any(|attribute| attribute.force_new)
        || schema.block.blocks.values().any(needs_new)
}
