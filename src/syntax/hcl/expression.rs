//! Expressions.

use super::{
    DEPTH, Expr, Operator, Step, What,
    structure::{Parsed, Parser, starts_word},
};

/// The operators with two sides, by how weakly they bind; the longer first.
const LEVELS: [&[(&[u8], Operator)]; 6] = [
    &[(b"||", Operator::Or)],
    &[(b"&&", Operator::And)],
    &[(b"==", Operator::Equal), (b"!=", Operator::NotEqual)],
    &[
        (b"<=", Operator::LessOrEqual),
        (b">=", Operator::GreaterOrEqual),
        (b"<", Operator::Less),
        (b">", Operator::Greater),
    ],
    &[(b"+", Operator::Add), (b"-", Operator::Subtract)],
    &[
        (b"*", Operator::Multiply),
        (b"/", Operator::Divide),
        (b"%", Operator::Modulo),
    ],
];

impl Parser<'_> {
    /// An expression; blanks before it are passed over already.
    pub(super) fn expression(&mut self) -> Parsed<Expr> {
        self.nested(Parser::choice)
    }

    /// `a ? b : c`, or just `a`.
    fn choice(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let condition = self.operators(0)?;
        self.skip();
        if self.peek() != Some(b'?') {
            return Ok(condition);
        }
        self.advance(1);
        self.skip();
        let yes = self.expression()?;
        self.skip();
        self.expect(b':', "`? ... :` has no `:`")?;
        self.skip();
        let no = self.expression()?;
        Ok(self.expr(start, What::If(Box::new([condition, yes, no]))))
    }

    /// Operators of this level, and what binds more tightly.
    fn operators(&mut self, level: usize) -> Parsed<Expr> {
        let Some(own) = LEVELS.get(level) else {
            return self.reached();
        };
        let start = self.at;
        let first = self.operators(level + 1)?;
        let mut rest = Vec::new();
        loop {
            self.skip();
            let Some((written, operator)) = own.iter().find(|(written, _)| self.starts_with(written)) else {
                break;
            };
            self.advance(written.len());
            self.skip();
            rest.push((*operator, self.operators(level + 1)?));
        }
        match rest.is_empty() {
            true => Ok(first),
            false => Ok(self.expr(start, What::Binary(Box::new(first), rest))),
        }
    }

    /// A term with what is reached from it.
    fn reached(&mut self) -> Parsed<Expr> {
        let start = self.at;
        let unary = match self.peek() {
            Some(b'!') => Some(Operator::Not),
            Some(b'-') => Some(Operator::Negate),
            _ => None,
        };
        if let Some(operator) = unary {
            self.advance(1);
            self.skip();
            let value = self.nested(Parser::reached)?;
            return Ok(self.expr(start, What::Unary(operator, Box::new(value))));
        }
        let term = self.term()?;
        let mut steps = Vec::new();
        loop {
            if steps.len() == DEPTH {
                return self.fail(&format!("more than {DEPTH} levels lie in one another"));
            }
            let before = self.at;
            self.skip();
            let rest = &self.bytes[self.at..];
            match rest {
                [b'.', b'.', ..] => {}
                [b'.', ..] => {
                    self.advance(1);
                    self.skip();
                    steps.push(self.name_step()?);
                    continue;
                }
                [b'[', ..] => {
                    self.advance(1);
                    steps.push(self.with_lines(true, Parser::index_step)?);
                    continue;
                }
                _ => {}
            }
            self.at = before;
            break;
        }
        match steps.is_empty() {
            true => Ok(term),
            false => Ok(self.expr(start, What::Reach(Box::new(term), steps))),
        }
    }

    fn name_step(&mut self) -> Parsed<Step> {
        match self.peek() {
            Some(b'*') => {
                self.advance(1);
                Ok(Step::EachName)
            }
            Some(byte) if byte.is_ascii_digit() => {
                let rest = &self.bytes[self.at..];
                let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let number = String::from_utf8_lossy(&rest[..len]).into_owned();
                self.advance(len);
                Ok(Step::Name(number))
            }
            Some(byte) if starts_word(byte) => Ok(Step::Name(self.word())),
            _ => self.fail("a name is missing behind `.`"),
        }
    }

    fn index_step(&mut self) -> Parsed<Step> {
        self.skip();
        let step = if self.peek() == Some(b'*') {
            self.advance(1);
            Step::Each
        } else {
            Step::Index(self.expression()?)
        };
        self.skip();
        self.expect(b']', "a `]` is missing here")?;
        Ok(step)
    }

    pub(super) fn expr(&self, start: usize, what: What) -> Expr {
        Expr {
            at: self.ground.span(start..self.last),
            what,
        }
    }
}
