//! Reading addresses from text.

use std::fmt;
use std::str::FromStr;

use infra_value::Str;

use crate::{
    ConfigResource, InstanceKey, Mode, ModuleInstance, ModulePath, ProviderAddr, ProviderConfig,
    Resource, ResourceInstance, Target,
};

/// Why a text is not an address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError(pub String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

type Result<T> = std::result::Result<T, ParseError>;

fn error<T>(message: impl Into<String>) -> Result<T> {
    Err(ParseError(message.into()))
}

/// A name with the key after it, if there is one.
type Part = (Str, Option<InstanceKey>);

/// Splits `module.a[0].aws_vpc.b["x"]` into its parts.
fn parts(text: &str) -> Result<Vec<Part>> {
    let mut found = Vec::new();
    let mut rest = text;
    loop {
        let end = rest.find(['.', '[']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let valid = name
            .chars()
            .all(|character| character.is_alphanumeric() || character == '_' || character == '-');
        if name.is_empty() || !valid {
            return error(format!(
                "\"{text}\" is not an address: a name is expected where it has \"{rest}\"."
            ));
        }
        let (key, after) = match after.strip_prefix('[') {
            Some(inside) => {
                let (key, after) = key(inside)?;
                (Some(key), after)
            }
            None => (None, after),
        };
        found.push((name.into(), key));
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None if after.is_empty() => return Ok(found),
            None => {
                return error(format!("\"{text}\" is not an address: \"{after}\" is too much."));
            }
        }
    }
}

/// A key up to its closing bracket, and what comes after that.
fn key(text: &str) -> Result<(InstanceKey, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let mut value = String::new();
        let mut characters = quoted.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '"' => {
                    let Some(after) = quoted[at + 1..].strip_prefix(']') else { break };
                    let value = value.replace("$${", "${").replace("%%{", "%{");
                    return Ok((InstanceKey::String(value.as_str().into()), after));
                }
                '\\' => match characters.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, 't')) => value.push('\t'),
                    Some((_, 'r')) => value.push('\r'),
                    Some((_, other)) => value.push(other),
                    None => break,
                },
                other => value.push(other),
            }
        }
        return error(format!("the key \"{text}\" is not closed."));
    }
    let Some((number, after)) = text.split_once(']') else {
        return error("an index is not closed with ].");
    };
    match number.parse() {
        Ok(index) => Ok((InstanceKey::Int(index), after)),
        Err(_) => error(format!("the key {number} must be a number, or a string in quotes.")),
    }
}

/// Takes the modules off the front of the parts.
fn modules(parts: &[Part]) -> Result<(ModuleInstance, &[Part])> {
    let mut steps = Vec::new();
    let mut rest = parts;
    while let [(word, None), after @ ..] = rest
        && &**word == "module"
    {
        let [(name, key), after @ ..] = after else {
            return error("the name of a module is missing.");
        };
        steps.push((name.clone(), key.clone()));
        rest = after;
    }
    Ok((ModuleInstance(steps.into()), rest))
}

/// Whether a word means something else than a resource type where an address begins.
pub fn is_reserved(word: &str) -> bool {
    matches!(
        word,
        "arg"
            | "count"
            | "each"
            | "lazy"
            | "local"
            | "path"
            | "self"
            | "template"
            | "terraform"
            | "var"
    )
}

fn resource(parts: &[Part]) -> Result<(Resource, Option<InstanceKey>)> {
    let (mode, rest) = match parts {
        [(word, None), rest @ ..] if &**word == "data" => (Mode::Data, rest),
        [(word, None), rest @ ..] if &**word == "ephemeral" => (Mode::Ephemeral, rest),
        [(word, None), rest @ ..] if &**word == "action" && rest.len() == 2 => (Mode::Action, rest),
        [(word, None), rest @ ..] if &**word == "resource" => (Mode::Managed, rest),
        [(word, _), ..] if is_reserved(word) => {
            return error(format!(
                "the word \"{word}\" is reserved and cannot begin the address of a resource. If a resource type is called \
                 so, write resource.{word}."
            ));
        }
        rest => (Mode::Managed, rest),
    };
    match rest {
        [(type_name, None), (name, key)] => {
            Ok((Resource { mode, type_name: type_name.clone(), name: name.clone() }, key.clone()))
        }
        _ => error("a resource is written as its type, a dot and its name, such as aws_vpc.main."),
    }
}

impl FromStr for ModuleInstance {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(Self::root());
        }
        match modules(&parts(text)?)? {
            (module, []) => Ok(module),
            _ => error(format!("\"{text}\" is not the address of a module.")),
        }
    }
}

impl FromStr for ModulePath {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let module: ModuleInstance = text.parse()?;
        if module.0.iter().any(|(_, key)| key.is_some()) {
            return error(format!(
                "\"{text}\" is an instance of a module, where the module is expected."
            ));
        }
        Ok(module.module())
    }
}

impl FromStr for ResourceInstance {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let parts = parts(text)?;
        let (module, rest) = modules(&parts)?;
        let (resource, key) = resource(rest)?;
        Ok(Self { module, resource, key })
    }
}

impl FromStr for Target {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let parts = parts(text)?;
        let (module, rest) = modules(&parts)?;
        let resource = if rest.is_empty() { None } else { Some(resource(rest)?) };
        if resource.as_ref().is_some_and(|(found, _)| found.mode == Mode::Action) {
            return error(format!("\"{text}\" is an action: there is no object of it."));
        }
        Ok(Self { module, resource })
    }
}

impl FromStr for ConfigResource {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let instance: ResourceInstance = text.parse()?;
        let keyed =
            instance.key.is_some() || instance.module.0.iter().any(|(_, key)| key.is_some());
        if keyed {
            error(format!("\"{text}\" has a key where none is expected."))
        } else {
            Ok(instance.config())
        }
    }
}

impl FromStr for Resource {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let instance: ResourceInstance = text.parse()?;
        if instance.key.is_some() || !instance.module.is_root() {
            return error(format!("\"{text}\" is not a resource of this module."));
        }
        Ok(instance.resource)
    }
}

impl FromStr for ProviderAddr {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let parts: Vec<&str> = text.split('/').collect();
        let valid = |part: &&str| {
            !part.is_empty()
                && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
        };
        if !parts.iter().all(valid) {
            return error(format!(
                "\"{text}\" is not the source address of a provider, such as hashicorp/aws."
            ));
        }
        let of = |hostname: &str, namespace: &str, name: &str| Self {
            hostname: hostname.to_lowercase().into(),
            namespace: namespace.to_lowercase().into(),
            name: name.to_lowercase().into(),
        };
        match parts.as_slice() {
            [name] => Ok(of("registry.terraform.io", "hashicorp", name)),
            [namespace, name] => Ok(of("registry.terraform.io", namespace, name)),
            [hostname, namespace, name] => Ok(of(hostname, namespace, name)),
            _ => error(format!(
                "\"{text}\" is not the source address of a provider, such as hashicorp/aws."
            )),
        }
    }
}

impl FromStr for ProviderConfig {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self> {
        let wrong = || ParseError(format!("\"{text}\" is not a provider configuration."));
        let (module, rest) = match text.split_once(".provider[") {
            Some((module, rest)) => (module, rest),
            None => ("", text.strip_prefix("provider[").ok_or_else(wrong)?),
        };
        let rest = rest.strip_prefix('"').ok_or_else(wrong)?;
        let (provider, rest) = rest.split_once("\"]").ok_or_else(wrong)?;
        let (rest, instance) = match rest.find('[') {
            None => (rest, None),
            Some(at) => match key(&rest[at + 1..])? {
                (InstanceKey::String(found), "") => (&rest[..at], Some(found)),
                _ => return Err(wrong()),
            },
        };
        let alias = match rest {
            "" => None,
            rest => Some(rest.strip_prefix('.').ok_or_else(wrong)?.into()),
        };
        Ok(Self { module: module.parse()?, provider: provider.parse()?, alias, key: instance })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_print_as_they_were_read() {
        for text in [
            "aws_vpc.a",
            "data.aws_ami.x[0]",
            "action.a.b[0]",
            "module.a[1].module.b[\"k.\\\"[\"].aws_vpc.c[\"d\"]",
        ] {
            assert_eq!(text.parse::<ResourceInstance>().unwrap().to_string(), text);
        }
        for text in [
            "provider[\"registry.terraform.io/hashicorp/aws\"]",
            "module.a.provider[\"x.io/n/p\"].east",
            "provider[\"x.io/n/p\"].by_region[\"eu \\\"1\\\"\"]",
        ] {
            assert_eq!(text.parse::<ProviderConfig>().unwrap().to_string(), text);
        }
        let prefixed: ResourceInstance = "resource.local.a[0]".parse().unwrap();
        assert_eq!(prefixed.to_string(), "local.a[0]");
        assert_eq!("aws".parse::<ProviderAddr>().unwrap(), ProviderAddr::hashicorp("aws"));
    }

    #[test]
    fn what_is_no_address_says_why() {
        for text in
            ["", "aws_vpc", "aws_vpc.", "module.a", "aws_vpc.a[x]", "aws_vpc.a[0", "a b.c", "var.a"]
        {
            assert!(text.parse::<ResourceInstance>().is_err(), "{text}");
        }
    }
}
