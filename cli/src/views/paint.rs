//! Colour, or none.

/// Colours text where a person looks at a terminal that wants it.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    /// Whether to colour.
    pub(crate) colour: bool,
    /// Whether sensitive values are shown.
    pub(crate) sensitive: bool,
    /// Columns at which sentences are wrapped.
    pub(crate) width: usize,
}

impl Paint {
    fn wrap(self, code: &str, text: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    pub(crate) fn green(self, text: &str) -> String {
        self.wrap("32", text)
    }

    pub(crate) fn red(self, text: &str) -> String {
        self.wrap("31", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.wrap("33", text)
    }

    pub(crate) fn cyan(self, text: &str) -> String {
        self.wrap("36", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.wrap("90", text)
    }

    /// A paragraph.
    pub(crate) fn paragraph(self, text: &str) -> String {
        format!("{}\n", infra_engine::diag::render::wrapped(text, self.width).join("\n"))
    }

    /// The symbol of a change in its colour.
    pub(crate) fn symbol(self, symbol: &str) -> String {
        match symbol {
            "+" => self.green("+"),
            "-" => self.red("-"),
            "~" => self.yellow("~"),
            "-/+" => format!("{}/{}", self.red("-"), self.green("+")),
            "+/-" => format!("{}/{}", self.green("+"), self.red("-")),
            "<=" => self.cyan("<="),
            other => other.to_owned(),
        }
    }
}
