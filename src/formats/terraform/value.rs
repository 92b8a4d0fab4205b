//! What an expression comes to.

use std::{collections::BTreeMap, rc::Rc};

use crate::{
    formats::terraform::frame::Reference,
    span::Span,
    spelling::Spelling,
    text::{Text, Why},
};

/// A value, and where it is written.
#[derive(Clone, Debug)]
pub(super) struct Value<'f> {
    pub(super) at: Span,
    pub(super) is: Is<'f>,
    /// How many lists and maps lie in one another.
    depth: u8,
}

/// How many parts of two values are compared.
const COMPARISONS: usize = 10_000;

/// How many lists and maps may lie in one another.
const DEPTH: u8 = 64;

#[derive(Clone, Debug)]
pub(super) enum Is<'f> {
    /// Nobody here can say; but perhaps that it stands for a zone, and which.
    Unknown(Option<Rc<Text>>),
    /// What a map has no entry for.
    Missing,
    Null,
    Bool(bool),
    /// A number, and how it is written.
    Number(f64, Text),
    Text(Text),
    List(Rc<Vec<Value<'f>>>),
    Map(Rc<Map<'f>>),
    /// A resource, or what is read of one.
    Block(Rc<Reference<'f>>),
}

/// A map or an object.
#[derive(Clone, Default, Debug)]
pub(super) struct Map<'f> {
    /// By key, which is the order that Terraform goes through them in.
    pub(super) entries: BTreeMap<Vec<u8>, (Text, Value<'f>)>,
    /// Whether there may be more.
    pub(super) is_open: bool,
}

impl<'f> Value<'f> {
    pub(super) fn new(at: Span, is: Is<'f>) -> Value<'f> {
        Value { at, is, depth: 0 }
    }

    pub(super) fn unknown(at: Span) -> Value<'f> {
        Value::new(at, Is::Unknown(None))
    }

    pub(super) fn of_text(text: Text, at: Span) -> Value<'f> {
        Value::new(text.whole().unwrap_or(at), Is::Text(text))
    }

    pub(super) fn number(number: f64, at: Span) -> Value<'f> {
        Value::new(at, Is::Number(number, computed(format!("{number}").as_bytes(), at)))
    }

    pub(super) fn list(items: Vec<Value<'f>>, at: Span) -> Value<'f> {
        let depth = items.iter().map(|item| item.depth).max();
        Value::holding(depth, Is::List(Rc::new(items)), at)
    }

    pub(super) fn map(map: Map<'f>, at: Span) -> Value<'f> {
        let depth = map.entries.values().map(|(_, value)| value.depth).max();
        Value::holding(depth, Is::Map(Rc::new(map)), at)
    }

    /// A list or a map, if it is not too deep.
    fn holding(depth: Option<u8>, is: Is<'f>, at: Span) -> Value<'f> {
        match depth.unwrap_or(0) + 1 {
            depth if depth > DEPTH => Value::unknown(at),
            depth => Value { at, is, depth },
        }
    }

    /// As a string, if it can be one: with a hole for what is unknown.
    pub(super) fn text(&self) -> Option<Text> {
        match &self.is {
            Is::Text(text) | Is::Number(_, text) => Some(text.clone()),
            Is::Bool(value) => Some(computed(value.to_string().as_bytes(), self.at)),
            Is::Unknown(_) | Is::Missing | Is::Block(_) => Some(hole(self.at)),
            Is::Null | Is::List(_) | Is::Map(_) => None,
        }
    }

    /// As a string of which all is known.
    pub(super) fn known_text(&self) -> Option<Text> {
        match &self.is {
            Is::Unknown(_) | Is::Missing | Is::Block(_) => None,
            _ => self.text().filter(Text::is_complete),
        }
    }

    /// As a string of which all is known.
    pub(super) fn word(&self) -> Option<String> {
        String::from_utf8(self.known_text()?.bytes().to_vec()).ok()
    }

    pub(super) fn as_number(&self) -> Option<f64> {
        match &self.is {
            Is::Number(number, _) => Some(*number),
            Is::Text(_) => self.word()?.trim().parse().ok(),
            _ => None,
        }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        match &self.is {
            Is::Bool(value) => Some(*value),
            Is::Text(_) => self.word()?.parse().ok(),
            _ => None,
        }
    }

    pub(super) fn as_list(&self) -> Option<&[Value<'f>]> {
        match &self.is {
            Is::List(items) => Some(items),
            _ => None,
        }
    }

    pub(super) fn as_map(&self) -> Option<&Map<'f>> {
        match &self.is {
            Is::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self.is, Is::Null)
    }

    pub(super) fn is_unknown(&self) -> bool {
        matches!(self.is, Is::Unknown(_) | Is::Missing | Is::Block(_))
    }

    /// What stands under a key of a map.
    pub(super) fn get(&self, key: &str) -> Option<&Value<'f>> {
        self.as_map()?.get(key.as_bytes())
    }

    /// Whether two values are equal; `None` if that can't be told, or not soon.
    pub(super) fn equals(&self, other: &Value<'f>) -> Option<bool> {
        self.equals_within(other, &mut { COMPARISONS })
    }

    fn equals_within(&self, other: &Value<'f>, left: &mut usize) -> Option<bool> {
        *left = left.checked_sub(1)?;
        match (&self.is, &other.is) {
            _ if self.is_unknown() || other.is_unknown() => None,
            (Is::Null, Is::Null) => Some(true),
            (Is::Null, _) | (_, Is::Null) => Some(false),
            (Is::List(a), Is::List(b)) => {
                if a.len() != b.len() {
                    return Some(false);
                }
                let pairs = a.iter().zip(b.iter());
                pairs
                    .map(|(a, b)| a.equals_within(b, left))
                    .try_fold(true, |all, one| Some(all && one?))
            }
            (Is::Map(a), Is::Map(b)) if a.is_open || b.is_open => None,
            (Is::Map(a), Is::Map(b)) => {
                if !a.entries.keys().eq(b.entries.keys()) {
                    return Some(false);
                }
                let pairs = a.entries.values().zip(b.entries.values());
                pairs
                    .map(|((_, a), (_, b))| a.equals_within(b, left))
                    .try_fold(true, |all, one| Some(all && one?))
            }
            (Is::Text(a), Is::Text(b)) => (a.is_complete() && b.is_complete()).then(|| a.bytes() == b.bytes()),
            (Is::Number(a, _), Is::Number(b, _)) => Some(a == b),
            (Is::Bool(a), Is::Bool(b)) => Some(a == b),
            _ => Some(false),
        }
    }
}

impl<'f> Map<'f> {
    pub(super) fn get(&self, key: &[u8]) -> Option<&Value<'f>> {
        self.entries.get(key).map(|(_, value)| value)
    }

    pub(super) fn insert(&mut self, key: Text, value: Value<'f>) {
        match key.is_complete() {
            true => _ = self.entries.insert(key.bytes().to_vec(), (key, value)),
            false => self.is_open = true,
        }
    }
}

/// A value that an expression makes.
pub(super) fn computed(bytes: &[u8], at: Span) -> Text {
    let mut text = Text::new();
    text.push_spelled(bytes, at);
    text.end_literal(at, Spelling::Computed);
    text
}

/// Nothing but something unknown.
pub(super) fn hole(at: Span) -> Text {
    let mut text = Text::new();
    text.push_hole(at, Why::Template);
    text
}

/// A text behind another.
pub(super) fn append(whole: &mut Text, part: &Text) {
    whole.append(part, 0..part.len());
}
