//! Source files and positions in them.

use std::collections::HashMap;
use std::sync::Arc;

/// A source file in a [`Sources`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SourceId(u32);

/// A range of bytes in a source file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Span {
    /// The file.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// No place in any file, where there should be one: of words that nobody wrote.
    pub const NOWHERE: Self = Self { source: SourceId(u32::MAX), start: 0, end: 1 };

    /// The first byte of it.
    #[must_use]
    pub fn first(self) -> Self {
        Self { end: self.start + 1, ..self }
    }

    /// With the byte that follows: a name and its parenthesis.
    #[must_use]
    pub fn and_next(self) -> Self {
        Self { end: self.end + 1, ..self }
    }

    /// The span from the beginning of this one to the end of `other`, which is in the same file.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { end: other.end.max(self.end), ..self }
    }
}

/// A place as people count it: from one; columns in characters (Unicode scalar values).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Offset in bytes, from 0.
    pub byte: u32,
}

/// A file that was read.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Its path as shown to people, relative to the working directory.
    pub path: String,
    /// Its text.
    pub text: Arc<str>,
    /// Byte offsets at which lines begin.
    lines: Vec<u32>,
}

/// All the source files of a configuration.
#[derive(Clone, Default, Debug)]
pub struct Sources {
    files: Vec<SourceFile>,
    by_path: HashMap<String, SourceId>,
}

impl Sources {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file, or replaces the text of one that has the same path (its id stays).
    pub fn add(&mut self, path: &str, text: impl Into<Arc<str>>) -> SourceId {
        let text = text.into();
        let starts = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(starts).collect();
        let file = SourceFile { path: path.to_owned(), text, lines };
        if let Some(id) = self.by_path.get(path) {
            self.files[id.0 as usize] = file;
            return *id;
        }
        let id = SourceId(self.files.len() as u32);
        self.files.push(file);
        self.by_path.insert(path.to_owned(), id);
        id
    }

    /// The file of an id made by this collection.
    pub fn get(&self, id: SourceId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// All files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// The text of a span; empty when the span is not of these sources.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.source)
            .and_then(|file| file.text.get(span.start as usize..span.end as usize))
            .unwrap_or_default()
    }
}

impl SourceFile {
    /// Line and column of a byte offset. The lines of a text in JSON count, as they do in Terraform, though all of it stands
    /// on one line of the file.
    pub fn position(&self, byte: u32) -> Position {
        let byte = (byte as usize).min(self.text.len()) as u32;
        let row = self.row(byte);
        let before = self.text.get(self.lines[row] as usize..byte as usize).unwrap_or_default();
        let further = if self.path.ends_with(".json") { lines_of_text(before) } else { 0 };
        let line = row as u32 + 1 + further;
        Position { line, column: before.chars().count() as u32 + 1, byte }
    }

    /// The lines of the file in which a span stands, without the end of the last.
    pub fn lines(&self, span: Span) -> Vec<&str> {
        let first = self.row(span.start);
        // What ends at the end of a line is on that line.
        let last = self.row(span.end.max(span.start + 1) - 1);
        (first..=last).map(|row| self.line(row)).collect()
    }

    /// The line of a byte, from zero.
    fn row(&self, byte: u32) -> usize {
        self.lines.partition_point(|start| *start <= byte) - 1
    }

    /// The text of a line, counted from zero, without its end.
    fn line(&self, row: usize) -> &str {
        let start = self.lines[row] as usize;
        let end = self.lines.get(row + 1).map_or(self.text.len(), |next| *next as usize);
        self.text.get(start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }
}

/// How many ends of lines are escaped in the JSON text in which a line of a file ends; none if it ends outside any.
fn lines_of_text(before: &str) -> u32 {
    let (mut quoted, mut escaped, mut count) = (false, false, 0);
    for byte in before.bytes() {
        match byte {
            _ if escaped => {
                count += u32::from(byte == b'n');
                escaped = false;
            }
            b'\\' => escaped = quoted,
            b'"' => {
                quoted = !quoted;
                count = 0;
            }
            _ => {}
        }
    }
    if quoted { count } else { 0 }
}
