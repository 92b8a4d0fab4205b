//! Files, blocks and attributes, and what all of the parser needs.

use std::ops::Range;

use super::{Attribute, Block, Body, DEPTH, Error, Expr, Tree, What, ground::Ground};

/// What could not be read: where, and why.
pub(super) struct Problem {
    at: Range<usize>,
    why: String,
}

pub(super) type Parsed<T> = Result<T, Problem>;

pub(super) struct Parser<'a> {
    pub(super) ground: &'a Ground,
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// Where the last token ended.
    pub(super) last: usize,
    /// Whether the end of a line is a blank like any other: between parentheses.
    pub(super) lines_are_blanks: bool,
    /// Where comments stand, if that is wanted.
    pub(super) comments: Option<Vec<Range<usize>>>,
    depth: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(ground: &'a Ground, at: usize) -> Parser<'a> {
        let bytes: &[u8] = &ground.octets;
        let mark = if at == 0 && bytes.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        Parser {
            ground,
            bytes,
            at: at + mark,
            last: at,
            lines_are_blanks: false,
            comments: None,
            depth: 0,
        }
    }

    /// All of a file.
    pub(super) fn file(self) -> Tree {
        self.file_with_comments().0
    }

    /// All of a file, and where its comments stand, if that is wanted.
    pub(super) fn file_with_comments(mut self) -> (Tree, Vec<Range<usize>>) {
        let mut tree = Tree::default();
        if let Err(problem) = self.body(&mut tree.body, false) {
            tree.error = Some(Error {
                span: self.ground.span(problem.at),
                message: Some(problem.why),
            });
        }
        (tree, self.comments.unwrap_or_default())
    }

    /// All of a file as a template.
    pub(super) fn whole_template(mut self) -> Expr {
        let end = self.bytes.len();
        let at = self.ground.span(self.at..end);
        let what = match self.unquoted(end, None) {
            Ok(what) => what,
            Err(_) => What::Unknown,
        };
        Expr { at, what }
    }

    /// Attributes and blocks, up to the end of the file or the brace that closes a block.
    fn body(&mut self, body: &mut Body, is_block: bool) -> Parsed<()> {
        loop {
            self.skip_lines();
            match self.peek() {
                None if is_block => return self.fail("a block is not closed: a `}` is missing"),
                None => return Ok(()),
                Some(b'}') if is_block => return Ok(()),
                Some(byte) if starts_word(byte) => self.item(body)?,
                Some(_) => return self.fail("neither an attribute nor a block starts here"),
            }
            self.skip();
            match self.peek() {
                None | Some(b'\n' | b'\r') => {}
                Some(b'}') if is_block => {}
                Some(_) => return self.fail("a new line is missing here"),
            }
        }
    }

    /// One attribute or block.
    fn item(&mut self, body: &mut Body) -> Parsed<()> {
        let start = self.at;
        let name = self.word();
        let name_at = self.ground.span(start..self.at);
        self.skip();
        if self.peek() == Some(b'=') && self.bytes.get(self.at + 1) != Some(&b'=') {
            self.advance(1);
            self.skip();
            let value = self.expression()?;
            body.attributes.push(Attribute { name, name_at, value });
            return Ok(());
        }
        let mut labels = Vec::new();
        let mut head = start..self.last;
        loop {
            match self.peek() {
                Some(b'"') => labels.push(self.label()?),
                Some(byte) if starts_word(byte) => labels.push(self.word()),
                Some(b'{') => break,
                _ => return self.fail("an attribute has `=` here, and a block `{`"),
            }
            head.end = self.last;
            self.skip();
        }
        let mut inner = Body::default();
        self.advance(1);
        self.nested(|parser| parser.body(&mut inner, true))?;
        self.advance(1);
        body.blocks.push(Block {
            kind: name,
            labels,
            head: self.ground.span(head),
            span: self.ground.span(start..self.last),
            body: inner,
        });
        Ok(())
    }

    /// A label in quotes.
    fn label(&mut self) -> Parsed<String> {
        match self.quoted()? {
            What::Text(text) => Ok(String::from_utf8_lossy(text.bytes()).into_owned()),
            _ => self.fail("a label holds no template"),
        }
    }

    /// Does something one level deeper.
    pub(super) fn nested<T>(&mut self, work: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH {
            return self.fail(&format!("more than {DEPTH} levels lie in one another"));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }

    /// Does something where the ends of lines are blanks, or are not.
    pub(super) fn with_lines<T>(&mut self, are_blanks: bool, work: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let before = std::mem::replace(&mut self.lines_are_blanks, are_blanks);
        let done = work(self);
        self.lines_are_blanks = before;
        done
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    pub(super) fn starts_with(&self, word: &[u8]) -> bool {
        self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word))
    }

    /// Passes over a token, or a part of one.
    pub(super) fn advance(&mut self, len: usize) {
        self.at = (self.at + len).min(self.bytes.len());
        self.last = self.at;
    }

    /// Passes over a byte that has to be here.
    pub(super) fn expect(&mut self, byte: u8, why: &str) -> Parsed<()> {
        if self.peek() != Some(byte) {
            return self.fail(why);
        }
        self.advance(1);
        Ok(())
    }

    pub(super) fn fail<T>(&self, why: &str) -> Parsed<T> {
        // What is missing at the end of a line is missing behind its last word.
        let at = match self.peek() {
            None | Some(b'\n' | b'\r') => self.last..self.last,
            Some(_) => self.at..self.at,
        };
        self.fail_at(at, why)
    }

    pub(super) fn fail_at<T>(&self, at: Range<usize>, why: &str) -> Parsed<T> {
        Err(Problem {
            at,
            why: why.to_string(),
        })
    }

    /// Passes over blanks and comments; over the ends of lines only where they are blanks.
    pub(super) fn skip(&mut self) {
        self.skip_blanks(self.lines_are_blanks);
    }

    /// Passes over blanks, comments and the ends of lines.
    pub(super) fn skip_lines(&mut self) {
        self.skip_blanks(true);
    }

    fn skip_blanks(&mut self, lines: bool) {
        loop {
            let rest = &self.bytes[self.at..];
            let comment = match rest {
                [b' ' | b'\t', ..] => {
                    self.at += 1;
                    continue;
                }
                [b'\n' | b'\r', ..] if lines => {
                    self.at += 1;
                    continue;
                }
                [b'#', ..] | [b'/', b'/', ..] => memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
                [b'/', b'*', ..] => match memchr::memmem::find(&rest[2..], b"*/") {
                    Some(len) => len + 4,
                    None => return,
                },
                _ => return,
            };
            let start = self.at;
            self.at += comment;
            if let Some(comments) = &mut self.comments {
                comments.push(start..self.at);
            }
        }
    }

    /// The word that starts here; empty if none does.
    pub(super) fn word(&mut self) -> String {
        let rest = &self.bytes[self.at..];
        let len = rest.iter().take_while(|byte| is_of_word(**byte)).count();
        let word = String::from_utf8_lossy(&rest[..len]).into_owned();
        self.advance(len);
        word
    }

    /// Whether this word stands here.
    pub(super) fn is_at_word(&self, word: &str) -> bool {
        let behind = self.bytes.get(self.at + word.len());
        self.starts_with(word.as_bytes()) && behind.is_none_or(|byte| !is_of_word(*byte))
    }
}

pub(super) fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(super) fn is_of_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit() || byte == b'-'
}
