//! A label in other letters as DNS has it: `xn--` and its Punycode (RFC 3492).

use crate::name::LABEL_MAX;

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const FIRST_BIAS: u32 = 72;
const FIRST_CODE: u32 = 0x80;

/// The A-label of a label; `None` if it has other characters than letters, digits and hyphens, or gets too long. Letters
/// that are written with several code points are taken as they are.
pub fn a_label(label: &str) -> Option<String> {
    let label = label.to_lowercase();
    if label.chars().count() > LABEL_MAX || !label.chars().all(|letter| letter.is_alphanumeric() || letter == '-') {
        return None;
    }
    let encoded = format!("xn--{}", encode(&label)?);
    (encoded.len() <= LABEL_MAX).then_some(encoded)
}

/// RFC 3492, section 6.3.
fn encode(label: &str) -> Option<String> {
    let mut output: String = label.chars().filter(char::is_ascii).collect();
    let basic = output.len() as u32;
    let mut done = basic;
    if basic > 0 {
        output.push('-');
    }
    let (mut code, mut delta, mut bias) = (FIRST_CODE, 0_u32, FIRST_BIAS);
    let total = u32::try_from(label.chars().count()).ok()?;
    while done < total {
        let next = label.chars().map(u32::from).filter(|letter| *letter >= code).min()?;
        delta = delta.checked_add((next - code).checked_mul(done + 1)?)?;
        code = next;
        for letter in label.chars().map(u32::from) {
            if letter < code {
                delta = delta.checked_add(1)?;
            }
            if letter == code {
                push_number(&mut output, delta, bias);
                bias = adapt(delta, done + 1, done == basic);
                delta = 0;
                done += 1;
            }
        }
        delta = delta.checked_add(1)?;
        code += 1;
    }
    Some(output)
}

/// A number of variable length, the least digit first.
fn push_number(output: &mut String, number: u32, bias: u32) {
    let mut rest = number;
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if rest < threshold {
            output.push(digit(rest));
            return;
        }
        output.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
        rest = (rest - threshold) / (BASE - threshold);
        k += BASE;
    }
}

fn digit(value: u32) -> char {
    let value = value as u8;
    char::from(if value < 26 { b'a' + value } else { b'0' + value - 26 })
}

/// RFC 3492, section 6.1.
fn adapt(delta: u32, points: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > (BASE - T_MIN) * T_MAX / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}
