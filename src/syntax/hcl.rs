//! HCL, as Terraform and OpenTofu use it, and the JSON that stands for it, as one tree: blocks, attributes, expressions and
//! templates. Nothing is evaluated here.
//!
//! Literals are [`Text`]s, so whatever is computed from them knows the way back to the file.

mod comments;
mod expression;
mod ground;
mod json;
mod literal;
mod structure;
mod template;
mod term;

pub use self::comments::comments;
use self::{ground::Ground, structure::Parser};
use crate::{source::Source, span::Span, text::Text};

/// How deep blocks, expressions and templates may lie in one another.
const DEPTH: usize = 64;

/// What a file says.
#[derive(Default, Debug)]
pub struct Tree {
    /// Its blocks and attributes; those that stand before an error.
    pub body: Body,
    /// Why the rest of the file could not be read.
    pub error: Option<Error>,
}

/// Why a file could not be read to its end.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Error {
    /// Where it stopped making sense.
    pub span: Span,
    /// What is the matter; `None` if the file is not in UTF-8.
    pub message: Option<String>,
}

/// What stands between the braces of a block, or in a file.
#[derive(Default, Debug)]
pub struct Body {
    /// `name = value`
    pub attributes: Vec<Attribute>,
    /// `kind "label" { ... }`
    pub blocks: Vec<Block>,
}

/// `name = value`
#[derive(Debug)]
pub struct Attribute {
    /// What it is called.
    pub name: String,
    /// Where that is written.
    pub name_at: Span,
    /// Its value.
    pub value: Expr,
}

/// `kind "label" { ... }`
#[derive(Debug)]
pub struct Block {
    /// What it is.
    pub kind: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Where its kind and labels are written.
    pub head: Span,
    /// The whole block.
    pub span: Span,
    /// What is in it.
    pub body: Body,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// Where it is written: a string without its quotes.
    pub at: Span,
    /// What it is.
    pub what: What,
}

/// Kinds of expressions.
#[derive(Debug)]
pub enum What {
    /// A string without templates in it.
    Text(Text),
    /// A string with templates.
    Template(Vec<Part>),
    /// A number, and how it is written.
    Number(f64, Text),
    /// `true` or `false`
    Bool(bool),
    /// `null`
    Null,
    /// The name of something.
    Name(String),
    /// What is reached from something.
    Reach(Box<Expr>, Vec<Step>),
    /// `f(a, b)`; whether the last argument is a list of further ones.
    Call(String, Vec<Expr>, bool),
    /// `[a, b]`
    List(Vec<Expr>),
    /// `{ a = b }`
    Object(Vec<(Expr, Expr)>),
    /// `[for x in y : z]`
    For(Box<For>),
    /// `a ? b : c`
    If(Box<[Expr; 3]>),
    /// `!a`, `-a`
    Unary(Operator, Box<Expr>),
    /// `a + b + c`: operators of one precedence, from the left.
    Binary(Box<Expr>, Vec<(Operator, Expr)>),
    /// Something that lies too deep.
    Unknown,
}

/// One step from a value to what is in it.
#[derive(Debug)]
pub enum Step {
    /// `.name`, `.0`
    Name(String),
    /// `[expression]`
    Index(Expr),
    /// `[*]`: all that follows is done with each element.
    Each,
    /// `.*`: the names that follow are reached from each element.
    EachName,
}

/// A part of a template.
#[derive(Debug)]
pub enum Part {
    /// What stands there.
    Text(Text),
    /// `${expression}`
    Expr(Expr),
    /// `%{ if a }...%{ else }...%{ endif }`
    If(Expr, Vec<Part>, Vec<Part>),
    /// `%{ for x in y }...%{ endfor }`
    For(Expr, [Option<String>; 2], Vec<Part>),
}

/// `[for key, value in list : result if condition]`, or the same in braces.
#[derive(Debug)]
pub struct For {
    /// What the key is called, if it is wanted, and the value.
    pub names: [Option<String>; 2],
    /// What is gone through.
    pub list: Expr,
    /// The key of a result; `None` where the results are a list.
    pub key: Option<Expr>,
    /// A result.
    pub value: Expr,
    /// Whether results with one key become a list.
    pub groups: bool,
    /// Which of them are wanted.
    pub condition: Option<Expr>,
}

/// Operators.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "they are called what they are")]
pub enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Not,
    Negate,
}

impl Body {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&Expr> {
        let mut named = self.attributes.iter().filter(|attribute| attribute.name == name);
        named.next().map(|attribute| &attribute.value)
    }

    /// The blocks of a kind.
    pub fn blocks<'a, 'k>(&'a self, kind: &'k str) -> impl Iterator<Item = &'a Block> + use<'a, 'k> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }
}

/// Reads a file with blocks and attributes.
pub fn read(source: &Source) -> Tree {
    if source.path.ends_with(".json") {
        return json::read(source);
    }
    let ground = Ground::of(source);
    if let Err(error) = std::str::from_utf8(source.bytes()) {
        let at = error.valid_up_to();
        return Tree {
            error: Some(Error {
                span: ground.span(at..(at + 1).min(source.bytes().len())),
                message: None,
            }),
            ..Tree::default()
        };
    }
    Parser::new(&ground, 0).file()
}

/// Reads a file as a template; what could not be read is unknown.
pub fn read_template(source: &Source) -> Expr {
    let ground = Ground::of(source);
    Parser::new(&ground, 0).whole_template()
}
