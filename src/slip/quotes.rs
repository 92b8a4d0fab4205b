//! Characters that people, or their word processors, take for quotes.

/// A character that zone files do not know as a quote, at the start of a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Wrong {
    /// The character.
    pub open: &'static str,
    /// The character that closes the text; `None` if nothing does.
    pub close: Option<&'static str>,
}

/// Characters that open, each with those that may close.
const PAIRS: [(&str, &[&str]); 8] = [
    ("'", &["'", "\u{2019}"]),
    ("`", &["`", "'"]),
    ("\u{2018}", &["\u{2019}", "\u{2018}"]),
    ("\u{2019}", &["\u{2019}", "\u{2018}"]),
    ("\u{201c}", &["\u{201d}", "\u{201c}"]),
    ("\u{201d}", &["\u{201d}", "\u{201c}"]),
    ("\u{ab}", &["\u{bb}"]),
    ("\u{bb}", &["\u{ab}", "\u{bb}"]),
];

impl Wrong {
    /// The wrong quote that a text starts with; nothing closes it yet.
    pub(super) fn at_start(text: &[u8]) -> Option<Wrong> {
        PAIRS
            .iter()
            .find(|(open, _)| text.starts_with(open.as_bytes()))
            .map(|(open, _)| Wrong { open, close: None })
    }

    /// The character that may close it and that `text` ends with.
    pub(super) fn at_end(self, text: &[u8]) -> Option<&'static str> {
        let (_, closers) = PAIRS.iter().find(|(open, _)| *open == self.open)?;
        closers.iter().find(|close| text.ends_with(close.as_bytes())).copied()
    }
}
