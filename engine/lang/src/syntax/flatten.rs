//! Templates as a row of tokens, on which indentation and strip markers are carried out, and then as parts.
//!
//! Both look at one line at a time, across directives: `~` takes the white space up to the end of one line, and the
//! indentation of a `<<-` heredoc is that of all its lines, whatever is nested in what.
//! Source: the HCL native syntax specification, "Template Literals" and "Template Interpolation and Directive".

use hcl_edit::Span as _;
use hcl_edit::template as tpl;
use infra_value::Str;

use super::Part;
use super::compile::Compiler;

/// How the text of literals is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// In quotes: one literal, with escapes that the parser has read.
    Quoted,
    /// As it is, line by line: a heredoc or a template file.
    Plain,
    /// As `Plain`, and indented: a `<<-` heredoc.
    Indented,
}

enum Token<'t> {
    Literal(String),
    Interpolation(&'t tpl::Interpolation),
    If(&'t tpl::IfDirective),
    Else(&'t tpl::ElseTemplateExpr),
    EndIf(&'t tpl::IfDirective),
    For(&'t tpl::ForDirective),
    EndFor(&'t tpl::ForDirective),
}

impl Token<'_> {
    fn strip(&self) -> tpl::Strip {
        match self {
            Self::Literal(_) => tpl::Strip::None,
            Self::Interpolation(found) => found.strip,
            Self::If(found) => found.if_expr.strip,
            Self::Else(found) => found.strip,
            Self::EndIf(found) => found.endif_expr.strip,
            Self::For(found) => found.for_expr.strip,
            Self::EndFor(found) => found.endfor_expr.strip,
        }
    }
}

impl Compiler<'_> {
    /// The parts of a template.
    pub(super) fn template(&mut self, template: &tpl::Template, written: Written) -> Vec<Part> {
        let mut tokens = Vec::new();
        self.flatten(template, written, &mut tokens);
        if written == Written::Indented {
            dedent(&mut tokens);
        }
        strip(&mut tokens);
        self.parts(&mut tokens.into_iter())
    }

    fn flatten<'t>(
        &self,
        template: &'t tpl::Template,
        written: Written,
        tokens: &mut Vec<Token<'t>>,
    ) {
        for element in template {
            match element {
                tpl::Element::Literal(text) if written == Written::Quoted => {
                    tokens.push(Token::Literal(text.as_str().to_owned()));
                }
                tpl::Element::Literal(text) => {
                    // The parser has removed indentation by a rule of its own: the source still has it.
                    let source = text.span().and_then(|span| self.source_text(span));
                    let source =
                        source.map(|source| source.replace("$${", "${").replace("%%{", "%{"));
                    let text = source.unwrap_or_else(|| text.as_str().to_owned());
                    tokens.extend(
                        text.split_inclusive('\n').map(|line| Token::Literal(line.to_owned())),
                    );
                }
                tpl::Element::Interpolation(found) => tokens.push(Token::Interpolation(found)),
                tpl::Element::Directive(directive) => match &**directive {
                    tpl::Directive::If(found) => {
                        tokens.push(Token::If(found));
                        self.flatten(&found.if_expr.template, written, tokens);
                        if let Some(otherwise) = &found.else_expr {
                            tokens.push(Token::Else(otherwise));
                            self.flatten(&otherwise.template, written, tokens);
                        }
                        tokens.push(Token::EndIf(found));
                    }
                    tpl::Directive::For(found) => {
                        tokens.push(Token::For(found));
                        self.flatten(&found.for_expr.template, written, tokens);
                        tokens.push(Token::EndFor(found));
                    }
                },
            }
        }
    }

    /// The parts up to the end of what the tokens are inside of.
    fn parts<'t>(&mut self, tokens: &mut impl Iterator<Item = Token<'t>>) -> Vec<Part> {
        self.parts_until_else(tokens).0
    }

    /// The parts, and whether an `else` ended them.
    fn parts_until_else<'t>(
        &mut self,
        tokens: &mut impl Iterator<Item = Token<'t>>,
    ) -> (Vec<Part>, bool) {
        let mut parts: Vec<Part> = Vec::new();
        let mut text = String::new();
        let flush = |text: &mut String, parts: &mut Vec<Part>| {
            if !text.is_empty() {
                parts.push(Part::Literal(std::mem::take(text).into()));
            }
        };
        let mut otherwise = false;
        while let Some(token) = tokens.next() {
            if let Token::Literal(line) = &token {
                text.push_str(line);
                continue;
            }
            flush(&mut text, &mut parts);
            match token {
                Token::Literal(_) => {}
                Token::Interpolation(found) => {
                    parts.push(Part::Interpolation(self.expr(&found.expr)));
                }
                Token::If(found) => {
                    let condition = self.expr(&found.if_expr.cond_expr);
                    let (then, has_else) = self.parts_until_else(tokens);
                    let otherwise = if has_else { self.parts(tokens) } else { Vec::new() };
                    parts.push(Part::If { condition, then, otherwise });
                }
                Token::For(found) => parts.push(self.for_directive(found, tokens)),
                Token::Else(_) => {
                    otherwise = true;
                    break;
                }
                Token::EndIf(_) | Token::EndFor(_) => break,
            }
        }
        flush(&mut text, &mut parts);
        (parts, otherwise)
    }

    fn for_directive<'t>(
        &mut self,
        found: &tpl::ForDirective,
        tokens: &mut impl Iterator<Item = Token<'t>>,
    ) -> Part {
        let head = &found.for_expr;
        let collection = self.expr(&head.collection_expr);
        let key_name: Option<Str> = head.key_var.as_ref().map(|name| name.as_str().into());
        let value_name: Str = head.value_var.as_str().into();
        let count = self.names.len();
        self.names.extend(key_name.clone());
        self.names.push(value_name.clone());
        let body = self.parts(tokens);
        self.names.truncate(count);
        Part::For { key_name, value_name, collection, body, span: self.span(found.span()) }
    }
}

/// Removes the indentation that all lines share. A line that starts with something else than text has none, a blank line
/// does not count.
fn dedent(tokens: &mut [Token<'_>]) {
    let mut indentation = usize::MAX;
    let mut starts = Vec::new();
    let mut at_start = true;
    for (at, token) in tokens.iter().enumerate() {
        if at_start {
            match token {
                Token::Literal(line) if line.trim_start().is_empty() && line.ends_with('\n') => {}
                Token::Literal(line) => {
                    let spaces =
                        line.chars().take_while(|character| character.is_whitespace()).count();
                    indentation = indentation.min(spaces);
                    starts.push(at);
                }
                _ => indentation = 0,
            }
        }
        at_start = matches!(token, Token::Literal(line) if line.ends_with('\n'));
    }
    for at in starts {
        if let Token::Literal(line) = &mut tokens[at] {
            *line = line.chars().skip(indentation).collect();
        }
    }
}

/// Removes white space where a `~` says so: of the text just before or after, no further than its line.
fn strip(tokens: &mut [Token<'_>]) {
    for at in 0..tokens.len() {
        let strip = tokens[at].strip();
        if strip.strip_start()
            && let Some(Token::Literal(before)) =
                at.checked_sub(1).and_then(|before| tokens.get_mut(before))
        {
            before.truncate(before.trim_end().len());
        }
        if strip.strip_end()
            && let Some(Token::Literal(after)) = tokens.get_mut(at + 1)
        {
            *after = after.trim_start().to_owned();
        }
    }
}
