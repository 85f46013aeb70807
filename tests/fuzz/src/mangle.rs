//! Texts that are nearly right.

/// Pieces of the language that are put into texts.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    "\"",
    "\\",
    "${",
    "%{",
    "~}",
    "}",
    "$${",
    "<<EOT\n",
    "<<-EOT\n",
    "\nEOT\n",
    "\n",
    "\r\n",
    "#",
    "//",
    "/*",
    "*/",
    ",",
    ":",
    "=",
    "=>",
    "...",
    "?",
    "==",
    "&&",
    "||",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    ".",
    ".*",
    "[*]",
    ".0",
    "::",
    "for x in ",
    " if ",
    "%{ if x }",
    "%{ else }",
    "%{ endif }",
    "%{ for a, b in c }",
    "%{ endfor }",
    "null",
    "true",
    "1e9",
    "1.5",
    "-0",
    "é",
    "\u{feff}",
    "\u{0}",
    "\u{2028}",
    "😀",
    "e\u{301}",
    "\t",
    " ",
    "dynamic \"x\" {\n",
    "content {\n",
    "each.value",
    "var.a",
    "local.b",
    "[for a in b : a]",
    "{for a, b in c : a => b...}",
    "\\u0041",
    "\\U0001F600",
    "\\ud800",
    "99999999999999999999",
    "1e99999",
    "'",
    "`",
    ";",
    "&",
    "^",
    "f(",
    "a ? b : c",
    "optional(string, 1)",
    "object({ a = string })",
];

/// Makes texts; the same seed gives the same ones.
pub(crate) struct Mangler {
    seeds: Vec<String>,
    state: u64,
}

impl Mangler {
    pub(crate) fn new(seeds: Vec<String>, seed: u64) -> Self {
        Self { seeds, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// A number below a limit.
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state % limit.max(1) as u64) as usize
    }

    /// A place between two characters.
    fn place(&mut self, text: &str) -> usize {
        let mut at = self.below(text.len() + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    }

    fn range(&mut self, text: &str) -> std::ops::Range<usize> {
        let (one, other) = (self.place(text), self.place(text));
        let (start, mut end) = (one.min(other), one.max(other));
        if end - start > 200 {
            end = start + 200;
            while !text.is_char_boundary(end) {
                end -= 1;
            }
        }
        start..end
    }

    pub(crate) fn next(&mut self) -> String {
        let first = self.below(self.seeds.len());
        let mut text = self.seeds[first].clone();
        if text.len() > 1500 && self.below(4) != 0 {
            let start = self.place(&text);
            text.drain(..start);
            let end = self.range(&text).end;
            if end > 0 {
                text.truncate(end);
            }
        }
        for _ in 0..=self.below(6) {
            self.change(&mut text);
        }
        text
    }

    fn change(&mut self, text: &mut String) {
        match self.below(8) {
            0 => {
                let range = self.range(text);
                text.drain(range);
            }
            1 => {
                let range = self.range(text);
                let piece = text[range].to_owned();
                let at = self.place(text);
                text.insert_str(at, &piece);
            }
            2 => {
                let other = self.below(self.seeds.len());
                let other = self.seeds[other].clone();
                let range = self.range(&other);
                let at = self.place(text);
                text.insert_str(at, &other[range]);
            }
            3 => {
                let end = self.place(text);
                text.truncate(end);
            }
            4 => {
                // Deep nesting.
                let piece = PIECES[self.below(PIECES.len())];
                let times = 1 << self.below(13);
                let at = self.place(text);
                text.insert_str(at, &piece.repeat(times));
            }
            _ => {
                let piece = PIECES[self.below(PIECES.len())];
                let at = self.place(text);
                text.insert_str(at, piece);
            }
        }
    }
}
