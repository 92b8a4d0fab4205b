//! Rules about characters that may stand nowhere in an SPF record.

use crate::{
    diagnostic::{Safety, Severity},
    policy::spf::{
        Spf,
        characters::{Odd, What},
        term::Modifier,
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::wording::{at_all, outcome, outcome_of_name},
        wording::describe,
    },
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[NON_ASCII, CONTROL_CHAR, STRAY_QUOTE, STRAY_BACKSLASH];

/// The odd characters of a kind.
fn odd<'a>(spf: &'a Spf<'_>, what: What) -> impl Iterator<Item = &'a Odd> + Clone {
    spf.odd.iter().filter(move |odd| odd.what == what)
}

/// Where they are written.
fn places<'a>(spf: &'a Spf<'_>, what: What) -> impl Iterator<Item = Span> + 'a {
    odd(spf, what).filter_map(|odd| spf.published.span(odd.at.clone()))
}

/// The edits that put what is meant in the place of all of them; `None` if it cannot be told of each.
fn as_meant(spf: &Spf<'_>, what: What) -> Option<Vec<Edit>> {
    let mut edits = Vec::new();
    for odd in odd(spf, what) {
        edits.extend(spf.published.replace(odd.at.clone(), odd.meant?)?);
    }
    Some(edits)
}

rule! {
    /// Characters in an SPF record that are not ASCII.
    ///
    /// The grammar knows ASCII only. A typographic dash or a no-break space, as editors and web pages make them, looks right
    /// and makes the record an error; at its beginning, nothing takes the text for an SPF record. International domain names
    /// are written in the form that begins with `xn--`: `xn--mnchen-3ya.example`.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx –all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 include:m\195\188nchen.example -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:xn--mnchen-3ya.example -all"
    /// ```
    /// # When to ignore
    /// Never: write the record in ASCII.
    /// # Source
    /// RFC 7208, section 3.1
    /// RFC 7208, section 4.3
    /// RFC 8616, section 4
    NON_ASCII: "spf-non-ascii", [Error], Unsafe, Spf(non_ascii)
}

fn non_ascii(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some(first) = odd(spf, What::NonAscii).next() else {
        return;
    };
    let written = spf.published.get(first.at.clone());
    let char = std::str::from_utf8(written)
        .ok()
        .and_then(|written| written.chars().next());
    let message = format!(
        "{} in the SPF record is not ASCII, {}",
        describe(char, written),
        outcome(spf)
    );
    let Some(finding) = at_all(findings, places(spf, What::NonAscii), message, "not ASCII") else {
        return;
    };
    let help = match first.meant {
        Some("-") => "write a hyphen: `-`",
        Some(" ") => "write a blank",
        Some(_) => "remove it",
        None => "write the record in ASCII, and domains in the form that begins with `xn--`",
    };
    finding.help(help).fix(
        "write the record in ASCII",
        Safety::Unsafe,
        as_meant(spf, What::NonAscii),
    );
}

rule! {
    /// Tabs, line ends and other control characters in an SPF record.
    ///
    /// Only blanks separate terms. A tab, or a line end that was pasted into a form, makes the terms on both sides of it one
    /// that nobody knows, and the record an error.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx\009-all"
    /// ```
    /// ```zone
    /// @ TXT "v=spf1 mx -all\010"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx  -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.6.1
    /// RFC 7208, section 12
    CONTROL_CHAR: "spf-control-char", [Error], Unsafe, Spf(control_char)
}

fn control_char(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    let Some(first) = odd(spf, What::Control).next() else {
        return;
    };
    let what = match spf.published.get(first.at.clone()) {
        b"\t" => "a tab".to_string(),
        b"\n" => "a line feed".to_string(),
        b"\r" => "a carriage return".to_string(),
        other => format!(
            "a control character (byte {})",
            other.first().copied().unwrap_or_default()
        ),
    };
    let message = format!("{what} in the SPF record is no blank, {}", outcome(spf));
    let Some(finding) = at_all(
        findings,
        places(spf, What::Control),
        message,
        "only blanks separate terms",
    ) else {
        return;
    };
    finding.help("separate the terms with blanks").fix(
        "write blanks in place of control characters",
        Safety::Unsafe,
        as_meant(spf, What::Control),
    );
}

rule! {
    /// Quotes that are a part of an SPF record.
    ///
    /// The quotes around a text belong to the notation of the file. Quotes inside the text are published with it: at the
    /// beginning they hide `v=spf1`, elsewhere they mostly make the record an error. Inside a domain the grammar lets them
    /// stand, but no such domain is found.
    ///
    /// # Severity
    /// An error; a warning where the quote stands inside a value in which the grammar allows it.
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:\"_spf.example.net\" -all"
    /// ```
    /// ```zone
    /// @ TXT "'v=spf1 mx -all'"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net -all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.5
    /// RFC 7208, section 4.6
    STRAY_QUOTE: "spf-stray-quote", [Error, Warning], Unsafe, Spf(stray_quote)
}

fn stray_quote(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    published_sign(spf, What::Quote, "quote", findings);
}

/// Reports signs that belong to the notation of a file and are published with the text.
fn published_sign(spf: &Spf<'_>, what: What, sign: &str, findings: &mut Findings<'_>) {
    let Some(first) = odd(spf, what).next() else { return };
    let (severity, effect) = if is_harmless(spf, first) {
        (Severity::Warning, "so receivers read it as a part of a value")
    } else {
        (Severity::Error, outcome_of_name(spf))
    };
    let message = format!("a {sign} is a part of the SPF record, {effect}");
    let Some(finding) = at_all(findings, places(spf, what), message, "published with the text") else {
        return;
    };
    finding
        .severity(severity)
        .help(format!("remove each {sign} inside the text"))
        .fix(format!("remove each {sign}"), Safety::Unsafe, as_meant(spf, what));
}

/// Whether a sign stands in a modifier that receivers skip, in a record that is right for all they know, or in a word that the
/// file does not tell.
fn is_harmless(spf: &Spf<'_>, sign: &Odd) -> bool {
    if !spf.is_selected() || spf.has_syntax_error() {
        return false;
    }
    let bytes = spf.published.bytes();
    let is_blank = |byte: &u8| *byte == b' ';
    let start = bytes[..sign.at.start]
        .iter()
        .rposition(is_blank)
        .map_or(0, |blank| blank + 1);
    let end = bytes[sign.at.end..].iter().position(is_blank);
    let word = start..end.map_or(bytes.len(), |len| sign.at.end + len);
    if !spf.published.is_known(word.clone()) {
        return true;
    }
    let word = &bytes[word];
    let name = memchr::memchr3(b':', b'=', b'/', word).unwrap_or(word.len());
    word.get(name) == Some(&b'=') && !Modifier::named(&word[..name]).takes_domain()
}

rule! {
    /// Backslashes that are a part of an SPF record.
    ///
    /// One escape too many, or one that the file does not know: the backslash itself is published, and mostly makes the record
    /// an error. Inside a domain the grammar lets it stand, but no such domain is found.
    ///
    /// # Severity
    /// An error; a warning where the backslash stands inside a value in which the grammar allows it.
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all\\"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx \-all"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads such a record.
    /// # Source
    /// RFC 7208, section 4.6
    STRAY_BACKSLASH: "spf-stray-backslash", [Error, Warning], Unsafe, Spf(stray_backslash)
}

fn stray_backslash(spf: &Spf<'_>, findings: &mut Findings<'_>) {
    published_sign(spf, What::Backslash, "backslash", findings);
}
