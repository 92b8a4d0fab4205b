//! Terms: literals, names, calls, lists, objects, `for`.

use super::{
    Expr, For, What,
    structure::{Parsed, Parser, starts_word},
};
use crate::spelling::Spelling;

impl Parser<'_> {
    /// What operators stand between.
    pub(super) fn term(&mut self) -> Parsed<Expr> {
        let start = self.at;
        match self.peek() {
            Some(b'"') => {
                let what = self.quoted()?;
                let at = self.ground.span(start + 1..self.last - 1);
                Ok(Expr { at, what })
            }
            Some(b'<') if self.starts_with(b"<<") => self.heredoc(),
            Some(byte) if byte.is_ascii_digit() => self.number(),
            Some(b'(') => {
                self.advance(1);
                let inner = self.with_lines(true, |parser| {
                    parser.skip();
                    let inner = parser.expression()?;
                    parser.skip();
                    Ok(inner)
                })?;
                self.expect(b')', "a `)` is missing here")?;
                Ok(inner)
            }
            Some(b'[') => {
                self.advance(1);
                let what = self.with_lines(true, Parser::list)?;
                Ok(self.expr(start, what))
            }
            Some(b'{') => {
                self.advance(1);
                let what = self.object()?;
                Ok(self.expr(start, what))
            }
            Some(byte) if starts_word(byte) => self.named(),
            _ => self.fail("a value is missing here"),
        }
    }

    fn number(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let rest = &self.bytes[start..];
        let digits = |at: usize| rest[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut len = digits(0);
        if rest.get(len) == Some(&b'.') && digits(len + 1) > 0 {
            len += 1 + digits(len + 1);
        }
        if matches!(rest.get(len), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(rest.get(len + 1), Some(b'+' | b'-')));
            if digits((len + 1 + sign).min(rest.len())) > 0 {
                len += 1 + sign + digits(len + 1 + sign);
            }
        }
        let written = String::from_utf8_lossy(&rest[..len]);
        let number = written.parse().unwrap_or(f64::INFINITY);
        self.advance(len);
        let text = self.ground.verbatim(start..self.at, Spelling::Computed);
        Ok(self.expr(start, What::Number(number, text)))
    }

    /// A word: a literal, a function with its arguments, or the name of something.
    fn named(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let mut name = self.word();
        while self.starts_with(b"::") {
            self.advance(2);
            name = format!("{name}::{}", self.word());
        }
        let before = self.at;
        self.skip();
        if self.peek() == Some(b'(') {
            self.advance(1);
            let (arguments, spreads) = self.with_lines(true, Parser::arguments)?;
            return Ok(self.expr(start, What::Call(name, arguments, spreads)));
        }
        self.at = before;
        let what = match name.as_str() {
            "true" => What::Bool(true),
            "false" => What::Bool(false),
            "null" => What::Null,
            _ => What::Name(name),
        };
        Ok(self.expr(start, what))
    }

    fn arguments(&mut self) -> Parsed<(Vec<Expr>, bool)> {
        let mut arguments = Vec::new();
        let mut spreads = false;
        loop {
            self.skip();
            if self.peek() == Some(b')') {
                break;
            }
            arguments.push(self.expression()?);
            self.skip();
            if self.starts_with(b"...") {
                self.advance(3);
                self.skip();
                spreads = true;
            }
            match self.peek() {
                Some(b',') => self.advance(1),
                Some(b')') => break,
                _ => return self.fail("a `,` or `)` is missing here"),
            }
        }
        self.advance(1);
        Ok((arguments, spreads))
    }

    fn list(&mut self) -> Parsed<What> {
        self.skip();
        if self.is_at_for() {
            return self.for_expression(b']');
        }
        let mut items = Vec::new();
        loop {
            self.skip();
            if self.peek() == Some(b']') {
                break;
            }
            items.push(self.expression()?);
            self.skip();
            match self.peek() {
                Some(b',') => self.advance(1),
                Some(b']') => break,
                _ => return self.fail("a `,` or `]` is missing here"),
            }
        }
        self.advance(1);
        Ok(What::List(items))
    }

    fn object(&mut self) -> Parsed<What> {
        self.skip_lines();
        if self.is_at_for() {
            return self.with_lines(true, |parser| parser.for_expression(b'}'));
        }
        self.with_lines(false, |parser| {
            let mut items = Vec::new();
            loop {
                parser.skip_lines();
                if parser.peek() == Some(b'}') {
                    break;
                }
                items.push(parser.entry()?);
                parser.skip();
                match parser.peek() {
                    Some(b',') => parser.advance(1),
                    Some(b'\n' | b'\r' | b'}') => {}
                    _ => return parser.fail("a `,`, a new line or `}` is missing here"),
                }
            }
            parser.advance(1);
            Ok(What::Object(items))
        })
    }

    /// `key = value` or `key: value`
    fn entry(&mut self) -> Parsed<(Expr, Expr)> {
        let start = self.at;
        let is_bare = self.peek().is_some_and(starts_word);
        let mut key = self.expression()?;
        if is_bare && matches!(key.what, What::Name(_) | What::Bool(_) | What::Null) {
            key.what = What::Text(self.ground.verbatim(start..self.last, Spelling::Computed));
        }
        self.skip();
        match self.peek() {
            Some(b'=' | b':') => self.advance(1),
            _ => return self.fail("a `=` is missing here"),
        }
        self.skip();
        let value = self.expression()?;
        Ok((key, value))
    }

    fn is_at_for(&self) -> bool {
        let behind = self.bytes.get(self.at + 3);
        self.is_at_word("for")
            && behind.is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'/' | b'#'))
            && !self.is_for_a_key()
    }

    /// Whether `for` is the key of an entry.
    fn is_for_a_key(&self) -> bool {
        let rest = &self.bytes[self.at + 3..];
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        matches!(rest.get(blanks), Some(b'=' | b':'))
    }

    fn for_expression(&mut self, close: u8) -> Parsed<What> {
        self.advance(3);
        self.skip();
        let (names, list) = self.for_intro()?;
        self.skip();
        self.expect(b':', "a `:` is missing behind the list of `for`")?;
        self.skip();
        let mut key = None;
        let mut value = self.expression()?;
        self.skip();
        if close == b'}' {
            if !self.starts_with(b"=>") {
                return self.fail("a `=>` is missing here");
            }
            self.advance(2);
            self.skip();
            key = Some(std::mem::replace(&mut value, self.expression()?));
            self.skip();
        }
        let groups = self.starts_with(b"...");
        if groups {
            self.advance(3);
            self.skip();
        }
        let mut condition = None;
        if self.is_at_word("if") {
            self.advance(2);
            self.skip();
            condition = Some(self.expression()?);
            self.skip();
        }
        let why = if close == b']' {
            "a `]` is missing here"
        } else {
            "a `}` is missing here"
        };
        self.expect(close, why)?;
        Ok(What::For(Box::new(For {
            names,
            list,
            key,
            value,
            groups,
            condition,
        })))
    }

    /// `key, value in list`
    pub(super) fn for_intro(&mut self) -> Parsed<([Option<String>; 2], Expr)> {
        let first = self.word();
        self.skip();
        let mut names = [None, Some(first)];
        if self.peek() == Some(b',') {
            self.advance(1);
            self.skip();
            let second = self.word();
            names = [names[1].take(), Some(second)];
            self.skip();
        }
        if !self.is_at_word("in") {
            return self.fail("`in` is missing in `for`");
        }
        self.advance(2);
        self.skip();
        Ok((names, self.expression()?))
    }
}
