//! What is wrong with a line of JSON Lines.

/// Why a line is no record, or only a part of one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LineProblem {
    /// It is too long to be read.
    TooLong,
    /// It is not UTF-8; the place is the first byte that is not.
    NotUtf8,
    /// It is not JSON.
    Json(JsonProblem),
    /// It is JSON, but no object.
    NoObject,
    /// It has no member that names the owner.
    NoOwner,
    /// It has an owner, but neither `value` nor `strings`.
    NoValue,
    /// A member stands there a second time.
    Twice,
    /// A member is something else than it has to be.
    Kind(Shape),
    /// The name is no DNS name.
    Name,
    /// The type is none that DNS has.
    Type,
    /// A record of this type has no such data.
    Data,
}

/// What a member has to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A string.
    String,
    /// A list of strings.
    Strings,
    /// A number from 0 to 65535.
    Number,
}

/// Where and how a text stops to be JSON (RFC 8259).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JsonProblem {
    /// A value belongs here.
    Value,
    /// The name of a member belongs here, between quotes.
    Name,
    /// A colon belongs here.
    Colon,
    /// A comma belongs here, or the brace that closes the object.
    CommaOrBrace,
    /// A comma belongs here, or the bracket that closes the list.
    CommaOrBracket,
    /// Nothing more belongs here.
    Superfluous,
    /// A string that no quote closes; the place is the opening one.
    Unclosed,
    /// A control character in a string.
    Control,
    /// A backslash that starts no escape.
    Escape,
    /// A half of a character, without its other half.
    Surrogate,
    /// An object or a list inside too many others.
    Depth,
}
