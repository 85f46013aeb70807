//! Reads YAML: one document, of plain tags.

use std::collections::BTreeMap;

use super::yaml_tabs;
use infra_value::{Data, Number, Str, Type, Value, print};
use yaml_rust2::Event;
use yaml_rust2::parser::{Parser, Tag};
use yaml_rust2::scanner::{Marker, TScalarStyle};

type Result<T> = std::result::Result<T, String>;

const PREFIX: &str = "tag:yaml.org,2002:";

/// Ends a text whose last line does not end, so that a block of text at its end is known. It is in no text that people
/// write.
const END: &str = "\u{10fffd}";

/// The value of the only document.
pub(super) fn read(text: &str) -> Result<Value> {
    if let Some(version) = text.strip_prefix("%YAML ")
        && !version.starts_with("1.1\n")
    {
        return Err("found incompatible YAML document".to_owned());
    }
    let text = &*yaml_tabs::separated(text)?;
    // A block of text at the end has no line break after it if there is none.
    if !text.ends_with('\n') && text.contains(['|', '>']) {
        let ended = format!("{text}{END}");
        let mut found = false;
        if let Ok(value) = document(&ended, &mut found)
            && found
        {
            return Ok(value);
        }
    }
    document(text, &mut false)
}

/// Reads a text; `ended` says afterwards whether its last part was a block of text that ends in [`END`].
fn document(text: &str, ended: &mut bool) -> Result<Value> {
    let parser = Parser::new_from_str(text);
    let mut reader = Reader { parser, anchors: BTreeMap::new(), marker: None, ended };
    let mut first = reader.next()?;
    while matches!(first, Event::StreamStart | Event::DocumentStart | Event::Nothing) {
        first = reader.next()?;
    }
    if first == Event::StreamEnd {
        return Err("on line 1, column 1: missing start of document".to_owned());
    }
    let value = reader.value(first)?;
    match (reader.next()?, reader.next()?) {
        (Event::DocumentEnd, Event::StreamEnd) => Ok(value),
        _ => Err(reader.at("unexpected extra content after value")),
    }
}

struct Reader<'a> {
    parser: Parser<std::str::Chars<'a>>,
    /// Nothing while the value is being read.
    anchors: BTreeMap<usize, Option<Value>>,
    marker: Option<Marker>,
    ended: &'a mut bool,
}

impl Reader<'_> {
    fn next(&mut self) -> Result<Event> {
        match self.parser.next_token() {
            Ok((event, marker)) => {
                self.marker = Some(marker);
                Ok(event)
            }
            Err(error) => {
                let at = error.marker();
                Err(format!("on line {}, column {}: {}", at.line(), at.col() + 1, error.info()))
            }
        }
    }

    fn at(&self, problem: &str) -> String {
        match self.marker {
            Some(at) => format!("on line {}, column {}: {problem}", at.line(), at.col() + 1),
            None => problem.to_owned(),
        }
    }

    fn value(&mut self, event: Event) -> Result<Value> {
        match event {
            Event::Alias(anchor) => match self.anchors.get(&anchor) {
                Some(Some(value)) => Ok(value.clone()),
                Some(None) => {
                    Err(self.at("cannot refer to an anchor from inside its own definition"))
                }
                None => Err(self.at("reference to undefined anchor")),
            },
            Event::Scalar(mut text, style, anchor, tag) => {
                let block = matches!(style, TScalarStyle::Literal | TScalarStyle::Folded);
                if block && let Some(whole) = text.trim_end_matches('\n').strip_suffix(END) {
                    text = whole.to_owned();
                    *self.ended = true;
                }
                let value = self.scalar(&text, style, tag.as_ref())?;
                self.anchors.insert(anchor, Some(value.clone()));
                Ok(value)
            }
            Event::SequenceStart(anchor, tag) => {
                self.check_tag(tag.as_ref(), "seq", "sequence")?;
                self.anchors.insert(anchor, None);
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd => break,
                        event => items.push(self.value(event)?),
                    }
                }
                let value = Value::tuple(items);
                self.anchors.insert(anchor, Some(value.clone()));
                Ok(value)
            }
            Event::MappingStart(anchor, tag) => {
                self.check_tag(tag.as_ref(), "map", "mapping")?;
                self.anchors.insert(anchor, None);
                let value = self.mapping()?;
                self.anchors.insert(anchor, Some(value.clone()));
                Ok(value)
            }
            _ => Err(self.at("a value is missing")),
        }
    }

    fn mapping(&mut self) -> Result<Value> {
        let mut items: BTreeMap<Str, Value> = BTreeMap::new();
        loop {
            let event = match self.next()? {
                Event::MappingEnd => return Ok(Value::object(items)),
                event => event,
            };
            let merge =
                matches!(&event, Event::Scalar(text, TScalarStyle::Plain, _, None) if text == "<<");
            let key = self.value(event)?;
            let next = self.next()?;
            let item = self.value(next)?;
            if merge {
                let Data::Object(found) = item.data() else {
                    let kind = print::type_name(&item.ty());
                    return Err(self.at(&format!("cannot merge {kind} into mapping")));
                };
                items.extend(found.iter().map(|(key, item)| (key.clone(), item.clone())));
                continue;
            }
            match key.data() {
                Data::Null(_) => return Err(self.at("mapping key cannot be null")),
                Data::String(key) => {
                    items.insert(key.clone(), item);
                }
                Data::Number(key) => {
                    items.insert(key.to_string().into(), item);
                }
                Data::Bool(key) => {
                    items.insert(key.to_string().into(), item);
                }
                _ => return Err(self.at("only strings are allowed as mapping keys")),
            }
        }
    }

    fn check_tag(&self, tag: Option<&Tag>, allowed: &str, kind: &str) -> Result<()> {
        match tag.map(full) {
            None => Ok(()),
            Some(tag) => match tag.strip_prefix(PREFIX) {
                Some(name) if name == allowed => Ok(()),
                Some(_) => Err(self.at(&format!("can't interpret {kind} as {tag}"))),
                None => Err(self.unsupported(&tag)),
            },
        }
    }

    fn unsupported(&self, tag: &str) -> String {
        self.at(&format!("unsupported tag {}", print::quoted(tag)))
    }

    fn scalar(&self, text: &str, style: TScalarStyle, tag: Option<&Tag>) -> Result<Value> {
        let plain = style == TScalarStyle::Plain;
        let tag = tag.map(full);
        let name = match &tag {
            None if plain => return self.resolved(text),
            None => return Ok(text.into()),
            Some(tag) if tag == "!" => return Ok(text.into()),
            Some(tag) => tag.strip_prefix(PREFIX).ok_or_else(|| self.unsupported(tag))?,
        };
        let wrong = || Err(self.at(&format!("cannot decode {text:?} as !!{name}")));
        match name {
            "str" | "binary" => Ok(text.into()),
            "int" | "float" | "bool" | "null" | "timestamp" if !plain => Ok(text.into()),
            "int" | "float" => match self.resolved(text)? {
                value if value.as_number().is_some() => Ok(value),
                _ => wrong(),
            },
            "bool" => boolean(text).map_or_else(wrong, |value| Ok(value.into())),
            "null" => Ok(Value::null(Type::Any)),
            "timestamp" => timestamp(text).map_or_else(wrong, |value| Ok(value.into())),
            _ => Err(self.unsupported(&format!("{PREFIX}{name}"))),
        }
    }

    /// What a word without quotes means.
    fn resolved(&self, text: &str) -> Result<Value> {
        match text {
            "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::null(Type::Any)),
            ".nan" | ".NaN" | ".NAN" => {
                return Err(self.at("floating point NaN is not supported"));
            }
            ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
            | "-.INF" => {
                let one = Number::from(if text.starts_with('-') { -1 } else { 1 });
                let infinite = one.div(&Number::from(0));
                let wrong = || self.at("a number that is infinite is not supported");
                return infinite.map(Value::from).ok_or_else(wrong);
            }
            _ => {}
        }
        if let Some(value) = boolean(text) {
            return Ok(value.into());
        }
        if let Some(value) = number(text) {
            return Ok(value.into());
        }
        Ok(timestamp(text).map_or_else(|| text.into(), Value::from))
    }
}

fn full(tag: &Tag) -> String {
    match &*tag.handle {
        "!!" => format!("{PREFIX}{}", tag.suffix),
        handle => format!("{handle}{}", tag.suffix),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(false)
        }
        _ => None,
    }
}

fn number(text: &str) -> Option<Number> {
    let digits = |text: &str, radix: u32| {
        let base = Number::from(i64::from(radix));
        let valid = !text.is_empty();
        text.chars()
            .try_fold(Number::from(0), |total, digit| {
                Some(total.mul(&base).add(&i64::from(digit.to_digit(radix)?).into()))
            })
            .filter(|_| valid)
    };
    if let Some(octal) = text.strip_prefix("0o") {
        return digits(octal, 8);
    }
    if let Some(hexadecimal) = text.strip_prefix("0x") {
        return digits(hexadecimal, 16);
    }
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let power = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    if (whole.is_empty() && fraction.is_empty())
        || !all_digits(whole)
        || !all_digits(fraction)
        || power.is_empty()
        || !all_digits(power)
    {
        return None;
    }
    let exponent = exponent.strip_prefix('+').unwrap_or(exponent);
    let value = Number::parse(&format!("0{whole}.{fraction}0e{exponent}"))?;
    Some(if negative { value.neg() } else { value })
}

/// A date, or a date and a time, in RFC 3339.
fn timestamp(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if bytes.len() < 8 || !bytes[..4].iter().all(u8::is_ascii_digit) || bytes[4] != b'-' {
        return None;
    }
    super::time::Timestamp::lenient(text).map(|time| time.to_string())
}
