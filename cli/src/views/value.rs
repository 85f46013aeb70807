//! Two values side by side: what is, and what will be.

use infra_engine::value::{Data, Path, Value, print};

use super::difference;
use super::paint::Paint;

/// Writes the right-hand sides of attributes; nested lines are indented from `indent`.
pub(crate) struct Values<'a> {
    pub(crate) paint: Paint,
    /// Paths whose change needs a new object.
    pub(crate) replace: &'a [Path],
}

/// What became of one part.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Change {
    None,
    Add,
    Remove,
    Update,
}

impl Change {
    pub(crate) fn of(before: Option<&Value>, after: Option<&Value>) -> Self {
        let there = |value: Option<&Value>| value.is_some_and(|value| !value.is_null());
        match (there(before), there(after)) {
            (false, false) => Self::None,
            (false, true) => Self::Add,
            (true, false) => Self::Remove,
            (true, true) if before == after => Self::None,
            (true, true) => Self::Update,
        }
    }

    pub(crate) fn symbol(self) -> &'static str {
        match self {
            Self::None => " ",
            Self::Add => "+",
            Self::Remove => "-",
            Self::Update => "~",
        }
    }
}

impl Values<'_> {
    /// The right-hand side of an attribute.
    pub(crate) fn pair(
        &self,
        before: Option<&Value>,
        after: Option<&Value>,
        path: &Path,
        indent: usize,
    ) -> String {
        let before = before.filter(|value| !value.is_null());
        let after = after.filter(|value| !value.is_null());
        let text = match (before, after) {
            (None, None) => "null".to_owned(),
            (None, Some(after)) => self.single(after, "+", indent),
            (Some(before), None) => {
                format!("{} {}", self.single(before, "-", indent), self.paint.dim("-> null"))
            }
            (Some(before), Some(after)) if before == after => self.single(before, " ", indent),
            (Some(before), Some(after)) => self.both(before, after, path, indent),
        };
        self.noted(text, path)
    }

    /// The right-hand side of an attribute that goes away, and is another one in each of several objects.
    pub(crate) fn varying(&self, after: Option<&Value>, path: &Path) -> String {
        let text = match after.filter(|value| !value.is_null()) {
            None => format!("(varies) {}", self.paint.dim("-> null")),
            Some(_) => format!("(varies) {} (known after apply)", self.paint.yellow("->")),
        };
        self.noted(text, path)
    }

    /// The text, with a note if the change of that path needs a new object.
    fn noted(&self, text: String, path: &Path) -> String {
        if self.replace.contains(path) {
            format!("{text} {}", self.paint.red("# forces replacement"))
        } else {
            text
        }
    }

    /// A value alone, its parts with the symbol of the whole.
    pub(crate) fn single(&self, value: &Value, symbol: &str, indent: usize) -> String {
        if value.is_sensitive() && !self.paint.sensitive {
            return "(sensitive value)".to_owned();
        }
        let pad = " ".repeat(indent + 4);
        let sign = self.sign(symbol);
        let line = |text: String| format!("{pad}{sign}{text}\n");
        let close = " ".repeat(indent + 2);
        let gone = |item: &Value| {
            if symbol == "-" && is_simple(item) {
                self.paint.dim(" -> null")
            } else {
                String::new()
            }
        };
        match value.data() {
            Data::Null(_) => "null".to_owned(),
            Data::Unknown(..) => "(known after apply)".to_owned(),
            Data::Bool(value) => value.to_string(),
            Data::Number(value) => value.to_string(),
            Data::String(text) => self.text(text, indent),
            Data::List(_, items) | Data::Set(_, items) | Data::Tuple(items) => {
                if items.is_empty() {
                    return "[]".to_owned();
                }
                let lines = items
                    .iter()
                    .map(|item| line(format!("{},", self.single(item, symbol, indent + 4))));
                format!("[\n{}{close}]", lines.collect::<String>())
            }
            Data::Map(_, items) => {
                if items.is_empty() {
                    return "{}".to_owned();
                }
                let names: Vec<String> = items.keys().map(|key| print::quoted(key)).collect();
                let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
                let lines = names.iter().zip(items.values()).map(|(name, item)| {
                    line(format!(
                        "{} = {}{}",
                        print::widened(name, width),
                        self.single(item, symbol, indent + 4),
                        gone(item)
                    ))
                });
                format!("{{\n{}{close}}}", lines.collect::<String>())
            }
            Data::Object(items) => {
                let items: Vec<_> = items.iter().filter(|(_, item)| !item.is_null()).collect();
                if items.is_empty() {
                    return "{}".to_owned();
                }
                let width = items.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
                let lines = items.iter().map(|(name, item)| {
                    line(format!(
                        "{} = {}{}",
                        print::widened(name, width),
                        self.single(item, symbol, indent + 4),
                        gone(item)
                    ))
                });
                format!("{{\n{}{close}}}", lines.collect::<String>())
            }
        }
    }

    fn sign(&self, symbol: &str) -> String {
        if symbol == " " { "  ".to_owned() } else { format!("{} ", self.paint.symbol(symbol)) }
    }

    /// A string: quoted, or as a heredoc if it has several lines, or as what it encodes if it is JSON.
    fn text(&self, text: &str, indent: usize) -> String {
        if let Some(value) = document(text) {
            return format!("jsonencode({})", self.nested_document(&value, indent));
        }
        if !text.trim_end_matches('\n').contains('\n') {
            return print::quoted(text);
        }
        let pad = " ".repeat(indent + 6);
        let lines: String =
            text.trim_end_matches('\n').lines().map(|line| format!("{pad}{line}\n")).collect();
        format!("<<-EOT\n{lines}{}EOT", " ".repeat(indent + 2))
    }

    fn nested_document(&self, value: &Value, indent: usize) -> String {
        let pad = " ".repeat(indent + 2);
        format!("\n{pad}    {}\n{pad}", self.single(value, " ", indent + 4))
    }

    fn both(&self, before: &Value, after: &Value, path: &Path, indent: usize) -> String {
        let arrow = self.paint.yellow("->");
        if (before.is_sensitive() || after.is_sensitive()) && !self.paint.sensitive {
            let (plain_before, _) = before.unmarked_deep();
            let (plain_after, _) = after.unmarked_deep();
            let same = plain_before == plain_after;
            return if same {
                "(sensitive value) # value is unchanged".to_owned()
            } else {
                "(sensitive value)".to_owned()
            };
        }
        match (before.data(), after.data()) {
            (Data::Set(_, old), Data::Set(_, new)) => {
                let removed =
                    old.iter().filter(|item| !new.contains(item)).map(|item| (Some(item), None));
                let added =
                    new.iter().filter(|item| !old.contains(item)).map(|item| (None, Some(item)));
                let same = old.iter().filter(|item| new.contains(item)).count();
                self.elements(removed.chain(added).collect(), same, path, indent)
            }
            (Data::List(_, old) | Data::Tuple(old), Data::List(_, new) | Data::Tuple(new)) => {
                let (pairs, same) = aligned(old, new);
                self.elements(pairs, same, path, indent)
            }
            (Data::Map(_, old) | Data::Object(old), Data::Map(_, new) | Data::Object(new)) => {
                let quoted = matches!(after.data(), Data::Map(..));
                let mut names: Vec<_> = old.keys().chain(new.keys()).collect();
                names.sort();
                names.dedup();
                let shown = |name: &str| if quoted { print::quoted(name) } else { name.to_owned() };
                let changed: Vec<_> = names
                    .iter()
                    .filter(|name| Change::of(old.get(**name), new.get(**name)) != Change::None)
                    .collect();
                let hidden = names
                    .iter()
                    .filter(|name| {
                        Change::of(old.get(**name), new.get(**name)) == Change::None
                            && old.get(**name).is_some_and(|value| !value.is_null())
                    })
                    .count();
                let width =
                    changed.iter().map(|name| shown(name).chars().count()).max().unwrap_or(0);
                let pad = " ".repeat(indent + 4);
                let mut text = String::from("{\n");
                for name in changed {
                    let (old, new) = (old.get(*name), new.get(*name));
                    let sign = self.sign(Change::of(old, new).symbol());
                    let inner = if quoted { path.index(&***name) } else { path.attr(name) };
                    let value = self.pair(old, new, &inner, indent + 4);
                    let name = print::widened(&shown(name), width);
                    text.push_str(&format!("{pad}{sign}{name} = {value}\n"));
                }
                text.push_str(&self.hidden(
                    hidden,
                    if quoted { "element" } else { "attribute" },
                    indent + 4,
                ));
                format!("{text}{}}}", " ".repeat(indent + 2))
            }
            (Data::String(old), Data::String(new)) => match (document(old), document(new)) {
                (Some(old), Some(new)) => {
                    let pad = " ".repeat(indent + 2);
                    format!(
                        "jsonencode(\n{pad}  ~ {}\n{pad})",
                        self.both(&old, &new, path, indent + 4)
                    )
                }
                _ if old.contains('\n') || new.contains('\n') => self.lines(old, new, indent),
                _ if self.is_long(old, indent) || self.is_long(new, indent) => {
                    difference::long(old, new, indent, self.paint)
                }
                _ => format!("{} {arrow} {}", print::quoted(old), print::quoted(new)),
            },
            // What it was matters little beside that it becomes something unknown.
            (Data::List(..) | Data::Set(..) | Data::Tuple(_), Data::Unknown(..)) => {
                format!("[ … ] {arrow} (known after apply)")
            }
            (Data::Map(..) | Data::Object(_), Data::Unknown(..)) => {
                format!("{{ … }} {arrow} (known after apply)")
            }
            _ => format!(
                "{} {arrow} {}",
                self.single(before, " ", indent),
                self.single(after, " ", indent)
            ),
        }
    }

    /// Whether a text alone takes more than a line.
    fn is_long(&self, text: &str, indent: usize) -> bool {
        console::measure_text_width(text) + indent + 4 > self.paint.width
    }

    /// Texts of several lines: only what changed, with a little of what is around it.
    fn lines(&self, old: &str, new: &str, indent: usize) -> String {
        let pad = " ".repeat(indent + 4);
        let difference = similar::TextDiff::from_lines(old, new);
        let mut text = String::from("<<-EOT\n");
        let mut told = 0;
        for group in difference.grouped_ops(2) {
            let begin = group.first().map_or(0, |operation| operation.old_range().start);
            text.push_str(&self.hidden(begin - told, "line", indent + 4));
            told = group.last().map_or(begin, |operation| operation.old_range().end);
            for change in group.iter().flat_map(|operation| difference.iter_changes(operation)) {
                let sign = match change.tag() {
                    similar::ChangeTag::Delete => self.sign("-"),
                    similar::ChangeTag::Insert => self.sign("+"),
                    similar::ChangeTag::Equal => self.sign(" "),
                };
                text.push_str(&format!("{pad}{sign}{}\n", change.value().trim_end_matches('\n')));
            }
        }
        let all = old.lines().count();
        text.push_str(&self.hidden(all.saturating_sub(told), "line", indent + 4));
        format!("{text}{}EOT", " ".repeat(indent + 2))
    }

    fn elements(
        &self,
        pairs: Vec<(Option<&Value>, Option<&Value>)>,
        same: usize,
        path: &Path,
        indent: usize,
    ) -> String {
        let pad = " ".repeat(indent + 4);
        let mut text = String::from("[\n");
        for (old, new) in pairs {
            let change = Change::of(old, new);
            let value = match (old, new) {
                (Some(old), Some(new)) if old != new => self.both(old, new, path, indent + 4),
                (Some(only), _) | (None, Some(only)) => {
                    self.single(only, change.symbol(), indent + 4)
                }
                (None, None) => continue,
            };
            text.push_str(&format!("{pad}{}{value},\n", self.sign(change.symbol())));
        }
        text.push_str(&self.hidden(same, "element", indent + 4));
        format!("{text}{}]", " ".repeat(indent + 2))
    }

    /// `# (2 unchanged elements hidden)`, if there are any.
    pub(crate) fn hidden(&self, count: usize, what: &str, indent: usize) -> String {
        if count == 0 {
            return String::new();
        }
        let plural = if count == 1 { "" } else { "s" };
        let note = format!("# ({count} unchanged {what}{plural} hidden)");
        format!("{}  {}\n", " ".repeat(indent), self.paint.dim(&note))
    }
}

fn is_simple(value: &Value) -> bool {
    value.is_sensitive() || (value.as_sequence().is_none() && value.as_map().is_none())
}

/// The object or list that a string encodes as JSON.
fn document(text: &str) -> Option<Value> {
    let trimmed = text.trim_start();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let json: serde_json::Value = serde_json::from_str(text).ok()?;
    let empty = match &json {
        serde_json::Value::Object(items) => items.is_empty(),
        serde_json::Value::Array(items) => items.is_empty(),
        _ => true,
    };
    (!empty).then(|| infra_engine::value::json::implied(&json))
}

/// The element of the old list and the one of the new list that took its place.
type Pair<'v> = (Option<&'v Value>, Option<&'v Value>);

/// Elements of two lists, aligned so that the least is different; and how many are the same.
fn aligned<'v>(old: &'v [Value], new: &'v [Value]) -> (Vec<Pair<'v>>, usize) {
    let (mut pairs, mut same) = (Vec::new(), 0);
    let texts = |items: &[Value]| items.iter().map(print::redacted).collect::<Vec<_>>();
    let (old_texts, new_texts) = (texts(old), texts(new));
    for operation in similar::capture_diff_slices(similar::Algorithm::Myers, &old_texts, &new_texts)
    {
        let (old_range, new_range) = (operation.old_range(), operation.new_range());
        match operation.tag() {
            similar::DiffTag::Equal => same += old_range.len(),
            similar::DiffTag::Replace if old_range.len() == new_range.len() => {
                pairs.extend(old[old_range].iter().map(Some).zip(new[new_range].iter().map(Some)));
            }
            _ => {
                pairs.extend(old[old_range].iter().map(|item| (Some(item), None)));
                pairs.extend(new[new_range].iter().map(|item| (None, Some(item))));
            }
        }
    }
    (pairs, same)
}
