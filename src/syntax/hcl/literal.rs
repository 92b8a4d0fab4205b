//! Literals in strings and here-documents, with their escapes.

use super::{
    structure::{Parsed, Parser},
    template::Style,
};
use crate::text::Text;

impl Parser<'_> {
    /// What stands there up to the next marker or the end; `None` if that is nothing.
    pub(super) fn literal(&mut self, open: usize, style: Style) -> Parsed<Option<Text>> {
        let start = self.at;
        let end = style.end.unwrap_or(self.bytes.len());
        let mut text = None;
        let mut plain = start;
        if style.indent > 0 && (start == open || self.bytes[start - 1] == b'\n') {
            let blanks = self.indentation(start, end, style);
            if blanks > 0 {
                text = Some(Text::new());
                self.at = start + blanks;
                plain = self.at;
            }
        }
        while let Some(&byte) = self.bytes[..end].get(self.at) {
            let next = self.bytes[..end].get(self.at + 1).copied();
            let behind = self.bytes[..end].get(self.at + 2).copied();
            match (byte, next, behind) {
                (b'$' | b'%', Some(second), Some(b'{')) if second == byte => {
                    self.spelled(&[byte, b'{'], 3, &mut plain, &mut text);
                }
                (b'$' | b'%', Some(b'{'), _) => break,
                (b'"' | b'\\' | b'\n' | b'\r', ..) if style.end.is_none() => match byte {
                    b'"' => break,
                    b'\\' => self.escape(&mut plain, &mut text)?,
                    _ => return self.fail_at(open..self.at, "a string ends with its line: a quote is missing"),
                },
                (b'\n', ..) if style.indent > 0 => {
                    let blanks = self.indentation(self.at + 1, end, style);
                    self.spelled(b"\n", 1 + blanks, &mut plain, &mut text);
                }
                _ => self.at += 1,
            }
        }
        if self.at == end && style.end.is_none() {
            return self.fail_at(open..open + 1, "a string is not closed: a quote is missing");
        }
        self.last = self.at;
        if self.at == start {
            return Ok(None);
        }
        let Some(mut text) = text else {
            return Ok(Some(self.ground.verbatim(start..self.at, style.spelling)));
        };
        text.push_verbatim(&self.bytes[plain..self.at], self.ground.place(plain..self.at));
        text.end_literal(self.ground.place(start..self.at), style.spelling);
        Ok(Some(self.ground.led_back(text)))
    }

    /// How many of the blanks from `at` on are indentation.
    fn indentation(&self, at: usize, end: usize, style: Style) -> usize {
        let line = &self.bytes[at.min(end)..end];
        let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        blanks.min(style.indent)
    }

    /// Bytes that are written otherwise, in the next `len`.
    fn spelled(&mut self, bytes: &[u8], len: usize, plain: &mut usize, text: &mut Option<Text>) {
        let text = text.get_or_insert_default();
        text.push_verbatim(&self.bytes[*plain..self.at], self.ground.place(*plain..self.at));
        text.push_spelled(bytes, self.ground.place(self.at..self.at + len));
        self.at += len;
        *plain = self.at;
    }

    fn escape(&mut self, plain: &mut usize, text: &mut Option<Text>) -> Parsed<()> {
        let simple: &[u8] = match self.bytes.get(self.at + 1) {
            Some(b'n') => b"\n",
            Some(b'r') => b"\r",
            Some(b't') => b"\t",
            Some(b'"') => b"\"",
            Some(b'\\') => b"\\",
            Some(b'u') => return self.code(4, plain, text),
            Some(b'U') => return self.code(8, plain, text),
            _ => {
                return self.fail_at(
                    self.at..self.at + 1,
                    "a backslash that starts no escape; itself it is `\\\\`",
                );
            }
        };
        self.spelled(simple, 2, plain, text);
        Ok(())
    }

    /// A character by its number.
    fn code(&mut self, digits: usize, plain: &mut usize, text: &mut Option<Text>) -> Parsed<()> {
        let number = self.bytes.get(self.at + 2..self.at + 2 + digits);
        let number = number
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        let Some(char) = number.and_then(char::from_u32) else {
            return self.fail_at(self.at..self.at + 2, "an escape that is the number of no character");
        };
        self.spelled(char.encode_utf8(&mut [0; 4]).as_bytes(), 2 + digits, plain, text);
        Ok(())
    }
}
