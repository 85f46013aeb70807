//! `ignore_changes`: the configuration as if its author had agreed with what there is.

use infra_lang::config::IgnoreChanges;
use infra_provider::Block;
use infra_value::{Data, Path, Step, Value};

/// The configuration with the prior value at every ignored path.
pub(crate) fn apply(
    ignore: &IgnoreChanges,
    config: &Value,
    prior: &Value,
    schema: &Block,
) -> Value {
    match ignore {
        IgnoreChanges::None => config.clone(),
        IgnoreChanges::Some(paths) => {
            paths.iter().fold(config.clone(), |config, (path, _)| overlay(config, prior, &path.0))
        }
        IgnoreChanges::All => {
            let configurable = schema
                .attributes
                .iter()
                .filter(|(_, attribute)| attribute.required || attribute.optional);
            let names = configurable.map(|(name, _)| name).chain(schema.blocks.keys());
            names.fold(config.clone(), |config, name| overlay(config, prior, &Path::of(name).0))
        }
    }
}

/// `config` with what `prior` has at the end of `steps`.
fn overlay(config: Value, prior: &Value, steps: &[Step]) -> Value {
    let Some((step, rest)) = steps.split_first() else { return prior.clone() };
    let key = match step {
        Step::Attr(name) => name.to_string(),
        Step::Index(key) => match key.as_str() {
            Some(key) => key.to_owned(),
            None => return overlay_element(config, prior, key.as_i64(), rest),
        },
    };
    // A key in something that is not a map ignores the whole.
    if matches!(step, Step::Index(_))
        && rest.is_empty()
        && !matches!(config.ty(), infra_value::Type::Map(_))
    {
        return prior.clone();
    }
    match (prior.get(&key), config.get(&key)) {
        (Some(prior), Some(inner)) => {
            let inner = overlay(inner.clone(), prior, rest);
            config.with(&key, inner)
        }
        (Some(prior), None) if rest.is_empty() && matches!(config.data(), Data::Null(_)) => {
            // A map that the configuration does not set at all gets just the ignored element.
            match config.ty() {
                infra_value::Type::Map(element) => {
                    Value::map((*element).clone(), [(key.as_str(), prior.clone())])
                }
                _ => config,
            }
        }
        (Some(prior), None) if rest.is_empty() => config.with(&key, prior.clone()),
        (None, Some(_)) if rest.is_empty() => match config.data() {
            Data::Map(element, items) => Value::map(
                element.clone(),
                items
                    .iter()
                    .filter(|(name, _)| ***name != *key)
                    .map(|(name, item)| (name.clone(), item.clone())),
            ),
            _ => config,
        },
        _ => config,
    }
}

fn overlay_element(config: Value, prior: &Value, index: Option<i64>, rest: &[Step]) -> Value {
    let at = index.and_then(|index| usize::try_from(index).ok());
    let (Some(at), Some(before)) = (at, prior.as_sequence()) else { return config };
    let (Some(items), Some(before)) = (config.as_sequence(), before.get(at)) else {
        return config;
    };
    let changed = items.iter().enumerate().map(|(position, item)| {
        if position == at { overlay(item.clone(), before, rest) } else { item.clone() }
    });
    let changed: Vec<_> = changed.collect();
    match config.data() {
        Data::List(element, _) => Value::list(element.clone(), changed),
        Data::Tuple(_) => Value::tuple(changed),
        _ => config,
    }
}

/// Whether what is at a path stays as it is, whatever the configuration says.
pub(crate) fn ignores(ignore: &IgnoreChanges, path: &Path) -> bool {
    match ignore {
        IgnoreChanges::None => false,
        IgnoreChanges::All => true,
        IgnoreChanges::Some(paths) => paths.iter().any(|(found, _)| path.0.starts_with(&found.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use infra_value::Type;

    fn object(size: i64, tags: &[(&str, &str)]) -> Value {
        let tags =
            Value::map(Type::String, tags.iter().map(|(key, value)| (*key, Value::from(*value))));
        Value::object([("size", Value::from(size)), ("tags", tags)])
    }

    fn ignored(paths: Vec<Path>) -> Value {
        let config = object(2, &[("Name", "new"), ("Team", "a")]);
        let prior = object(1, &[("Name", "old"), ("Owner", "b")]);
        let nowhere = infra_diag::Sources::new().add("main.tf", "");
        let span = infra_diag::Span { source: nowhere, start: 0, end: 0 };
        let paths = paths.into_iter().map(|path| (path, span)).collect();
        apply(&IgnoreChanges::Some(paths), &config, &prior, &Block::default())
    }

    #[test]
    fn an_ignored_attribute_keeps_what_there_is() {
        assert_eq!(ignored(vec![Path::of("size")]), object(1, &[("Name", "new"), ("Team", "a")]));
    }

    #[test]
    fn an_ignored_element_is_kept_added_or_removed_as_it_was() {
        let element = |key: &str| Path::of("tags").index(key);
        assert_eq!(ignored(vec![element("Name")]), object(2, &[("Name", "old"), ("Team", "a")]));
        assert_eq!(
            ignored(vec![element("Owner")]),
            object(2, &[("Name", "new"), ("Owner", "b"), ("Team", "a")])
        );
        assert_eq!(ignored(vec![element("Team")]), object(2, &[("Name", "new")]));
    }
}
