//! How values from files stand in messages.

/// How many characters of a value a message shows.
const LONGEST: usize = 60;

/// A value in backticks, on one line and not too long.
pub fn shown(value: &[u8]) -> String {
    let head = &value[..value.len().min(4 * LONGEST + 4)];
    let text = String::from_utf8_lossy(head);
    let mut shown = String::from("`");
    for (count, letter) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push_str("...");
            break;
        }
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown.push('`');
    shown
}

/// What a repair does that writes `new` for a value, or where there was none.
pub fn replacement(old: &[u8], new: &str) -> String {
    match old {
        b"" => format!("write `{new}`"),
        old => format!("replace {} by `{new}`", shown(old)),
    }
}
