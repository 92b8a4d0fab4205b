//! Names that are not ASCII, as DNS has them (RFC 3492 and 5891).

/// The label that resolvers ask for in place of `label`, such as `xn--mller-kva`. `None` if it is ASCII already, or if its
/// letters are not among those whose form is beyond doubt: of others, more would have to be known than stands here.
pub fn to_ascii(label: &str) -> Option<String> {
    let lower: Vec<char> = label.chars().map(lower_case).collect::<Option<_>>()?;
    let encoded = format!("xn--{}", encode(&lower)?);
    (!lower.iter().all(char::is_ascii) && encoded.len() <= 63).then_some(encoded)
}

/// The character in lower case, if it is a letter, a digit or a hyphen that RFC 5892 allows and that has no other form.
fn lower_case(letter: char) -> Option<char> {
    let mut lower = letter.to_lowercase();
    let (Some(lower), None) = (lower.next(), lower.next()) else {
        return None;
    };
    let known = match lower {
        'a'..='z' | '0'..='9' | '-' => true,
        // Latin letters; older software reads `ß` as `ss`, and some of these are two characters to others.
        'ß' | '÷' | 'ĳ' | 'ŀ' | 'ŉ' | 'ſ' => false,
        '\u{e0}'..='\u{17f}' => true,
        // Greek; older software takes the final sigma for the other one.
        'ς' => false,
        'ά'..='ώ' => true,
        // Cyrillic.
        'а'..='џ' => true,
        // Kana without marks that stand alone, and Chinese characters.
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' => true,
        _ => false,
    };
    known.then_some(lower)
}

const BASE: u32 = 36;
const T_MIN: u32 = 1;
const T_MAX: u32 = 26;
const SKEW: u32 = 38;
const DAMP: u32 = 700;
const INITIAL_BIAS: u32 = 72;
const INITIAL_N: u32 = 128;

/// RFC 3492, section 6.3. `None` where a number would overflow.
fn encode(input: &[char]) -> Option<String> {
    let mut output: String = input.iter().filter(|letter| letter.is_ascii()).collect();
    let basic = output.len() as u32;
    if basic > 0 {
        output.push('-');
    }
    let (mut n, mut delta, mut bias, mut handled) = (INITIAL_N, 0u32, INITIAL_BIAS, basic);
    while (handled as usize) < input.len() {
        let next = input
            .iter()
            .map(|letter| *letter as u32)
            .filter(|code| *code >= n)
            .min()?;
        delta = delta.checked_add((next - n).checked_mul(handled + 1)?)?;
        n = next;
        for letter in input {
            let code = *letter as u32;
            if code < n {
                delta = delta.checked_add(1)?;
            }
            if code == n {
                push_number(&mut output, delta, bias);
                bias = adapt(delta, handled + 1, handled == basic);
                delta = 0;
                handled += 1;
            }
        }
        delta = delta.checked_add(1)?;
        n += 1;
    }
    Some(output)
}

/// A number of variable length, the lowest digit first (RFC 3492, section 3.3).
fn push_number(output: &mut String, mut number: u32, bias: u32) {
    let mut k = BASE;
    loop {
        let threshold = k.saturating_sub(bias).clamp(T_MIN, T_MAX);
        if number < threshold {
            output.push(digit(number));
            return;
        }
        output.push(digit(threshold + (number - threshold) % (BASE - threshold)));
        number = (number - threshold) / (BASE - threshold);
        k += BASE;
    }
}

fn digit(value: u32) -> char {
    let value = value as u8;
    char::from(if value < 26 { b'a' + value } else { b'0' + value - 26 })
}

/// RFC 3492, section 6.1.
fn adapt(delta: u32, points: u32, first: bool) -> u32 {
    let mut delta = if first { delta / DAMP } else { delta / 2 };
    delta += delta / points;
    let mut k = 0;
    while delta > ((BASE - T_MIN) * T_MAX) / 2 {
        delta /= BASE - T_MIN;
        k += BASE;
    }
    k + (BASE - T_MIN + 1) * delta / (delta + SKEW)
}

#[cfg(test)]
mod tests {
    use super::to_ascii;

    #[test]
    fn labels_become_what_resolvers_ask_for() {
        assert_eq!(to_ascii("müller").as_deref(), Some("xn--mller-kva"));
        assert_eq!(to_ascii("Bücher").as_deref(), Some("xn--bcher-kva"));
        assert_eq!(to_ascii("почта").as_deref(), Some("xn--80a1acny"));
        assert_eq!(to_ascii("例").as_deref(), Some("xn--fsq"));
    }

    #[test]
    fn doubtful_labels_stay() {
        for label in ["mail", "straße", "u\u{308}ber", "_dmärc", "\u{200b}mail"] {
            assert_eq!(to_ascii(label), None, "{label}");
        }
    }
}
