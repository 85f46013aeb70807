//! Lines of tokens: their cells, indentation and alignment.

use super::Piece;
use super::spacing::space_between;
use crate::syntax::TokenKind;

/// A line in three cells. A heredoc, and a bracket that stays open, go on in the line where they begin.
#[derive(Default)]
pub(super) struct Line<'t> {
    /// What stands before an equals sign, or everything.
    lead: Vec<Piece<'t>>,
    /// The equals sign and what follows, if all brackets are closed in it.
    assign: Vec<Piece<'t>>,
    /// A comment after other tokens.
    comment: Vec<Piece<'t>>,
}

impl<'t> Line<'t> {
    pub(super) fn pieces(&self) -> impl Iterator<Item = &Piece<'t>> {
        self.lead.iter().chain(&self.assign).chain(&self.comment)
    }

    fn new(mut lead: Vec<Piece<'t>>) -> Self {
        let mut comment = Vec::new();
        if lead.len() > 1 {
            comment.extend(lead.pop_if(|last| last.kind == TokenKind::Comment));
        }
        let equals = lead.iter().skip(1).position(|piece| piece.kind == TokenKind::Assign);
        let mut assign = Vec::new();
        if let Some(at) = equals.map(|at| at + 1)
            && lead[at..].iter().map(Piece::brackets).sum::<isize>() == 0
        {
            assign = lead.split_off(at);
        }
        Self { lead, assign, comment }
    }
}

/// Cuts a file into lines.
pub(super) fn split(pieces: Vec<Piece<'_>>) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut line = Vec::new();
    for piece in pieces {
        let last = piece.ends_line();
        if piece.kind != TokenKind::EndOfFile {
            line.push(piece);
        }
        if last {
            lines.push(Line::new(std::mem::take(&mut line)));
        }
    }
    lines.push(Line::new(line));
    lines
}

/// Indents every line by the brackets that are open before it. Several brackets that a line opens count as one step.
pub(super) fn indent(lines: &mut [Line<'_>]) {
    let mut steps: Vec<usize> = Vec::new();
    for line in lines {
        let brackets = brackets(&line.lead) + brackets(&line.assign);
        let Some(first) = line.lead.first_mut() else { continue };
        if first.kind == TokenKind::Newline {
            first.spaces = 0;
            continue;
        }
        let mut closed = if brackets < 0 { brackets.unsigned_abs() } else { 0 };
        while closed > 0
            && let Some(last) = steps.last_mut()
        {
            let taken = closed.min(*last);
            *last -= taken;
            closed -= taken;
            if *last == 0 {
                steps.pop();
            }
        }
        first.spaces = 2 * steps.len();
        if brackets > 0 {
            steps.push(brackets.unsigned_abs());
        }
    }
}

/// The brackets that stay open at the end of a cell; what is inside a heredoc does not count.
fn brackets(cell: &[Piece<'_>]) -> isize {
    let heredoc = |piece: &Piece<'_>| piece.kind == TokenKind::OpenHeredoc;
    cell.iter().take_while(|piece| !heredoc(piece)).map(Piece::brackets).sum()
}

/// Puts spaces between the tokens of each cell.
pub(super) fn space(lines: &mut [Line<'_>]) {
    for line in lines {
        for cell in [&mut line.lead, &mut line.assign] {
            for at in 1..cell.len() {
                let before = at.checked_sub(2).map(|before| cell[before].kind);
                let spaced = space_between(before, &cell[at - 1], &cell[at]);
                cell[at].spaces = usize::from(spaced);
            }
        }
    }
}

/// Aligns the equals signs, and then the comments, of lines that follow each other.
pub(super) fn align(lines: &mut [Line<'_>]) {
    let columns = |cell: &[Piece<'_>]| cell.iter().map(Piece::columns).sum::<usize>();
    runs(lines, |line| columns(&line.lead), |line| &line.assign, |line| &mut line.assign);
    let before_comment = |line: &Line<'_>| columns(&line.lead) + columns(&line.assign);
    runs(lines, before_comment, |line| &line.comment, |line| &mut line.comment);
}

/// In each run of lines that have a cell: puts the cell one space after the widest of what is before it.
fn runs<'t>(
    lines: &mut [Line<'t>],
    width: impl Fn(&Line<'t>) -> usize,
    cell: for<'l> fn(&'l Line<'t>) -> &'l Vec<Piece<'t>>,
    cell_mut: for<'l> fn(&'l mut Line<'t>) -> &'l mut Vec<Piece<'t>>,
) {
    for run in lines.chunk_by_mut(|one, next| !cell(one).is_empty() && !cell(next).is_empty()) {
        if cell(&run[0]).is_empty() {
            continue;
        }
        let widths: Vec<usize> = run.iter().map(&width).collect();
        let widest = widths.iter().copied().max().unwrap_or(0);
        for (line, width) in run.iter_mut().zip(widths) {
            if let Some(first) = cell_mut(line).first_mut() {
                first.spaces = widest - width + 1;
            }
        }
    }
}
