//! Functions of texts. What they leave as it is keeps its place in the file.

use super::Call;
use crate::{
    formats::terraform::{
        eval::LENGTH,
        value::{Is, Value, append, computed, hole},
    },
    span::Span,
    spelling::Spelling,
    text::Text,
};

impl<'f> Call<'_, 'f> {
    /// An argument as a text, with holes.
    pub(super) fn text(&self, index: usize) -> Option<Text> {
        self.argument(index)?.text()
    }

    /// An argument as a text of which all is known.
    pub(super) fn known(&self, index: usize) -> Option<Text> {
        self.argument(index)?.known_text()
    }

    /// The same as a text that changes when what it was made of does: nothing is written back through it.
    pub(super) fn result_of(&self, text: Text) -> Option<Value<'f>> {
        self.result(text.holding(Spelling::Computed))
    }

    pub(super) fn result(&self, mut text: Text) -> Option<Value<'f>> {
        text.put_together_at(self.at);
        let is_affordable = text.len() <= LENGTH && self.evaluator.spend(text.len() / 64);
        is_affordable.then(|| Value::of_text(text, self.at))
    }

    /// Whether a text is known at its start, or at its end, as far as these bytes reach.
    pub(super) fn affix(&self, index: usize) -> Option<(Text, Text)> {
        Some((self.text(0)?, self.known(index)?))
    }
}

pub(super) fn text<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    match call.argument(0)? {
        value if value.is_unknown() || value.is_null() => Some(value.clone()),
        value => call.result(value.text()?),
    }
}

pub(super) fn join<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let separator = call.text(0)?;
    let mut whole = Text::new();
    let lists = call.arguments.iter().skip(1);
    let mut is_first = true;
    for list in lists {
        for item in list.as_list()? {
            if !std::mem::take(&mut is_first) {
                append(&mut whole, &separator);
            }
            append(&mut whole, &item.text()?);
            if whole.len() > LENGTH || !call.evaluator.spend(1) {
                return None;
            }
        }
    }
    call.result(whole)
}

/// `format`, with `%s`, `%v`, `%d`, `%q` and `%%`.
pub(super) fn format<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    call.result(formatted(&call.known(0)?, call.arguments.get(1..)?, call.at)?)
}

fn formatted(pattern: &Text, arguments: &[Value<'_>], at: Span) -> Option<Text> {
    let pattern = &pattern.clone().holding(Spelling::Computed);
    let bytes = pattern.bytes();
    let mut whole = Text::new();
    let mut arguments = arguments.iter();
    let mut plain = 0;
    while let Some(len) = memchr::memchr(b'%', &bytes[plain..]) {
        let mark = plain + len;
        whole.append(pattern, plain..mark);
        match bytes.get(mark + 1)? {
            b'%' => whole.append(pattern, mark..mark + 1),
            b's' | b'v' | b'd' => append(&mut whole, &arguments.next()?.text()?),
            b'q' => append(&mut whole, &json_text(&arguments.next()?.text()?, at)),
            _ => return None,
        }
        plain = mark + 2;
    }
    whole.append(pattern, plain..bytes.len());
    Some(whole)
}

pub(super) fn format_list<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let pattern = call.known(0)?;
    let arguments = call.arguments.get(1..)?;
    let counts = arguments.iter().filter_map(|argument| Some(argument.as_list()?.len()));
    let count = counts.min()?;
    let items = (0..count).map(|index| {
        let each: Option<Vec<Value<'f>>> = arguments
            .iter()
            .map(|argument| match argument.as_list() {
                Some(items) => items.get(index).cloned(),
                None => Some(argument.clone()),
            })
            .collect();
        Some(Value::of_text(formatted(&pattern, &each?, call.at)?, call.at))
    });
    call.result_list(items.collect::<Option<Vec<_>>>()?)
}

pub(super) fn starts_with<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (text, prefix) = (call.known(0)?, call.known(1)?);
    call.result_bool(text.bytes().starts_with(prefix.bytes()))
}

pub(super) fn ends_with<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let (text, suffix) = (call.known(0)?, call.known(1)?);
    call.result_bool(text.bytes().ends_with(suffix.bytes()))
}

pub(super) fn lower<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    cased(call, str::to_lowercase)
}

pub(super) fn upper<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    cased(call, str::to_uppercase)
}

fn cased<'f>(call: &Call<'_, 'f>, change: fn(&str) -> String) -> Option<Value<'f>> {
    let text = call.known(0)?;
    let changed = change(std::str::from_utf8(text.bytes()).ok()?);
    match changed.as_bytes() == text.bytes() {
        true => call.result_of(text),
        false => call.result(computed(changed.as_bytes(), text.whole().unwrap_or(call.at))),
    }
}

pub(super) fn json<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let argument = call.argument(0)?;
    match &argument.is {
        Is::Text(text) => call.result(json_text(text, call.at)),
        Is::Bool(_) | Is::Number(..) => call.result(argument.text()?),
        _ => None,
    }
}

/// A text as a string of JSON.
fn json_text(text: &Text, at: Span) -> Text {
    let quote = computed(b"\"", at);
    let mut whole = Text::new();
    append(&mut whole, &quote);
    escaped(text, |byte| matches!(byte, b'"' | b'\\'), at, &mut whole);
    append(&mut whole, &quote);
    whole
}

/// Adds a text with a backslash before some of its bytes.
fn escaped(text: &Text, is_special: impl Fn(u8) -> bool, at: Span, whole: &mut Text) {
    let backslash = computed(b"\\", at);
    let text = &text.clone().holding(Spelling::Encoded);
    let mut plain = 0;
    for (index, byte) in text.bytes().iter().enumerate() {
        if is_special(*byte) {
            whole.append(text, plain..index);
            append(whole, &backslash);
            plain = index;
        }
    }
    whole.append(text, plain..text.len());
}

/// `provider::hcloud::txt_record(text)`: character-strings between quotes.
pub(super) fn quoted_strings<'f>(call: &Call<'_, 'f>) -> Option<Value<'f>> {
    let argument = call.argument(0)?;
    if argument.is_unknown() {
        return call.result(hole(argument.at));
    }
    let text = argument.text()?;
    let mut whole = Text::new();
    let mut start = 0;
    loop {
        let end = (start + 255).min(text.len());
        let quote: &[u8] = if start == 0 { b"\"" } else { b" \"" };
        append(&mut whole, &computed(quote, call.at));
        escaped(
            &text.slice(start..end),
            |byte| matches!(byte, b'"' | b'\\'),
            call.at,
            &mut whole,
        );
        append(&mut whole, &computed(b"\"", call.at));
        start = end;
        if start == text.len() {
            break;
        }
    }
    call.result(whole)
}
