//! Strings and here-documents, with the templates in them.

use std::ops::Range;

use super::{
    Expr, Part, What,
    structure::{Parsed, Parser, starts_word},
};
use crate::spelling::Spelling;

/// How a template is written.
#[derive(Clone, Copy)]
pub(super) struct Style {
    pub(super) spelling: Spelling,
    /// Where it ends; `None` at the closing quote.
    pub(super) end: Option<usize>,
    /// How many blanks are left out at the start of each line.
    pub(super) indent: usize,
}

/// What ended a list of parts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Ended {
    End,
    Else,
    EndIf,
    EndFor,
}

impl Parser<'_> {
    /// A string between quotes.
    pub(super) fn quoted(&mut self) -> Parsed<What> {
        let open = self.at;
        self.advance(1);
        let style = Style {
            spelling: Spelling::HclQuoted,
            end: None,
            indent: 0,
        };
        let what = self.template(open, style)?;
        self.expect(b'"', "a quote is missing here")?;
        Ok(what)
    }

    /// A template without quotes, up to `end`. `indent`: whether the blanks that all lines start with are left out.
    pub(super) fn unquoted(&mut self, end: usize, indent: Option<usize>) -> Parsed<What> {
        let style = Style {
            spelling: if indent.is_some() {
                Spelling::HclHeredoc
            } else {
                Spelling::HclTemplate
            },
            end: Some(end),
            indent: indent.unwrap_or(0),
        };
        self.template(self.at, style)
    }

    /// `<<EOT ... EOT`
    pub(super) fn heredoc(&mut self) -> Parsed<Expr> {
        let open = self.at;
        self.advance(2);
        let is_flush = self.peek() == Some(b'-');
        self.advance(usize::from(is_flush));
        let name_at = self.at;
        if self.peek().is_some_and(starts_word) {
            self.word();
        }
        let name = name_at..self.at;
        let rest = &self.bytes[self.at..];
        let line_end = match rest {
            [b'\n', ..] => 1,
            [b'\r', b'\n', ..] => 2,
            _ => 0,
        };
        if name.is_empty() || line_end == 0 {
            return self.fail("a here-document starts with `<<` and a word, alone at the end of a line");
        }
        let start = self.at + line_end;
        let Some(close) = self.closing_line(start, &name) else {
            return self.fail_at(
                open..name.end,
                "a here-document is not closed: no line holds its word alone",
            );
        };
        let indent = if is_flush { self.indent(start..close.start) } else { 0 };
        self.at = start;
        let what = self.unquoted(close.start, Some(indent))?;
        self.at = close.end;
        self.last = close.end;
        let at = self.ground.span(start..close.start);
        Ok(Expr { at, what })
    }

    /// Where the line is that closes a here-document: from its start to the end of the word in it.
    fn closing_line(&self, start: usize, name: &Range<usize>) -> Option<Range<usize>> {
        let word = &self.bytes[name.clone()];
        let mut at = start;
        while at < self.bytes.len() {
            let rest = &self.bytes[at..];
            let len = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let line = rest[..len].trim_ascii();
            if line == word {
                let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
                return Some(at..at + blanks + word.len());
            }
            at += len + 1;
        }
        None
    }

    /// How many blanks all lines start with that hold anything else.
    fn indent(&self, lines: Range<usize>) -> usize {
        let lines = self.bytes[lines].split(|byte| *byte == b'\n');
        let blanks = |line: &[u8]| line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        lines
            .filter(|line| !line.trim_ascii().is_empty())
            .map(blanks)
            .min()
            .unwrap_or(0)
    }

    fn template(&mut self, open: usize, style: Style) -> Parsed<What> {
        let start = self.at;
        let (mut parts, ended) = self.nested(|parser| parser.parts(open, style))?;
        if ended != Ended::End {
            return self.fail("this ends nothing that was begun");
        }
        Ok(match (parts.len(), parts.pop()) {
            (1, Some(Part::Text(text))) => What::Text(text),
            (_, Some(last)) => {
                parts.push(last);
                What::Template(parts)
            }
            (_, None) => What::Text(self.ground.verbatim(start..start, style.spelling)),
        })
    }

    /// Literals and what is between them. `open`: where the string begins.
    fn parts(&mut self, open: usize, style: Style) -> Parsed<(Vec<Part>, Ended)> {
        let mut parts = Vec::new();
        // Whether `~` takes the blanks from the start of what follows.
        let mut trims = false;
        loop {
            if let Some(text) = self.literal(open, style)? {
                let blanks = text
                    .bytes()
                    .iter()
                    .take_while(|byte| byte.is_ascii_whitespace())
                    .count();
                let from = if trims { blanks } else { 0 };
                if from < text.len() {
                    parts.push(Part::Text(text.slice(from..text.len())));
                }
            }
            if self.is_at_end(style) {
                return Ok((parts, Ended::End));
            }
            let is_directive = self.peek() == Some(b'%');
            self.advance(2);
            if self.peek() == Some(b'~') {
                self.advance(1);
                trim_last(&mut parts);
            }
            if is_directive {
                if let Some(ended) = self.directive(open, style, &mut parts)? {
                    return Ok((parts, ended));
                }
            } else {
                let value = self.with_lines(true, |parser| {
                    parser.skip();
                    let value = parser.expression()?;
                    parser.skip();
                    Ok(value)
                })?;
                parts.push(Part::Expr(value));
            }
            trims = self.close_marker()?;
        }
    }

    /// Passes over the end of a marker; whether it takes the blanks behind it.
    fn close_marker(&mut self) -> Parsed<bool> {
        let trims = self.peek() == Some(b'~');
        self.advance(usize::from(trims));
        self.expect(b'}', "a template is not closed: a `}` is missing here")?;
        Ok(trims)
    }

    /// What stands behind `%{`: a condition or a loop is read to its end but for the brace of that; else what it ends.
    fn directive(&mut self, open: usize, style: Style, parts: &mut Vec<Part>) -> Parsed<Option<Ended>> {
        self.with_lines(true, |parser| {
            parser.skip();
            let at = parser.at;
            let word = parser.word();
            parser.skip();
            match word.as_str() {
                "if" => parser.condition(open, style, parts)?,
                "for" => parser.repetition(open, style, parts)?,
                "else" => return Ok(Some(Ended::Else)),
                "endif" => return Ok(Some(Ended::EndIf)),
                "endfor" => return Ok(Some(Ended::EndFor)),
                _ => {
                    let why = "`%{` begins a condition or a loop; `%{` itself is written `%%{`";
                    return parser.fail_at(at.saturating_sub(2)..parser.at.max(at), why);
                }
            }
            Ok(None)
        })
    }

    fn condition(&mut self, open: usize, style: Style, parts: &mut Vec<Part>) -> Parsed<()> {
        let condition = self.expression()?;
        self.skip();
        let (yes, mut ended) = self.block(open, style)?;
        let mut no = Vec::new();
        if ended == Ended::Else {
            (no, ended) = self.block(open, style)?;
        }
        if ended != Ended::EndIf {
            return self.fail("`%{ endif }` is missing here");
        }
        parts.push(Part::If(condition, yes, no));
        Ok(())
    }

    fn repetition(&mut self, open: usize, style: Style, parts: &mut Vec<Part>) -> Parsed<()> {
        let (names, list) = self.for_intro()?;
        self.skip();
        let (inner, ended) = self.block(open, style)?;
        if ended != Ended::EndFor {
            return self.fail("`%{ endfor }` is missing here");
        }
        parts.push(Part::For(list, names, inner));
        Ok(())
    }

    /// The parts between two directives, up to the word in the second.
    fn block(&mut self, open: usize, style: Style) -> Parsed<(Vec<Part>, Ended)> {
        let trims = self.close_marker()?;
        let (mut parts, ended) = self.nested(|parser| parser.parts(open, style))?;
        if trims {
            trim_first(&mut parts);
        }
        Ok((parts, ended))
    }

    fn is_at_end(&self, style: Style) -> bool {
        match style.end {
            Some(end) => self.at >= end,
            None => self.peek() == Some(b'"'),
        }
    }
}

/// Takes the blanks from the end of the last part, if that is a literal.
fn trim_last(parts: &mut Vec<Part>) {
    let Some(Part::Text(text)) = parts.last_mut() else {
        return;
    };
    let len = text.bytes().trim_ascii_end().len();
    match len {
        0 => _ = parts.pop(),
        _ => *text = text.slice(0..len),
    }
}

/// Takes the blanks from the start of the first part, if that is a literal.
fn trim_first(parts: &mut Vec<Part>) {
    let Some(Part::Text(text)) = parts.first_mut() else {
        return;
    };
    let start = text.len() - text.bytes().trim_ascii_start().len();
    match start == text.len() {
        true => _ = parts.remove(0),
        false => *text = text.slice(start..text.len()),
    }
}

/// The template in the value of a JSON string.
pub(super) fn in_json(parser: &mut Parser<'_>) -> Parsed<What> {
    let end = parser.bytes.len();
    parser.unquoted(end, None)
}
