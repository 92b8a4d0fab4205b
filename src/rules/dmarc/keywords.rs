//! Rules about tags of a DMARC record whose values are a few letters: `adkim`, `aspf`, `fo`, `t`, `psd`.

use crate::{
    diagnostic::Safety,
    policy::{
        dmarc::{Dmarc, tag::TagName, value::Word},
        uri,
    },
    rule::{Findings, Rule, rule},
    rules::{
        dmarc::{
            tags::span_of,
            wording::{removal, without},
        },
        wording::quoted,
    },
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[INVALID_VALUE, FO_INVALID, VALUE_CASE, FO_WITHOUT_RUF];

rule! {
    /// A value of `adkim`, `aspf`, `t` or `psd` that the tag cannot have.
    ///
    /// Each takes one letter: `adkim` and `aspf` take `r` or `s`, `t` takes `y` or `n`, `psd` takes `y`, `n` or `u`. Receivers
    /// ignore any other value and use the default: `adkim=strict` is relaxed, and a policy with `t=yes` is no test.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; adkim=strict; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; t=yes; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; adkim=s; aspf=r; t=n; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: the value is not read.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.8
    INVALID_VALUE: "dmarc-invalid-value", [Error], Unsafe, Dmarc(invalid_value)
}

/// What a tag of one letter may be.
struct Letters {
    name: TagName,
    words: &'static str,
    /// What receivers do without the tag.
    default: &'static str,
    /// What people write for a letter, in small letters.
    meant: &'static [(&'static str, &'static [&'static str])],
}

const ALIGNMENT: &[(&str, &[&str])] = &[("s", &["strict"]), ("r", &["relaxed", "relax"])];
const YES_OR_NO: &[(&str, &[&str])] = &[("y", &["yes", "1", "true"]), ("n", &["no", "0", "false"])];

static LETTERS: [Letters; 4] = [
    Letters {
        name: TagName::Adkim,
        words: "`r` or `s`",
        default: "accept a DKIM signature of any domain of the organization, as for `adkim=r`",
        meant: ALIGNMENT,
    },
    Letters {
        name: TagName::Aspf,
        words: "`r` or `s`",
        default: "accept an SPF result for any domain of the organization, as for `aspf=r`",
        meant: ALIGNMENT,
    },
    Letters {
        name: TagName::T,
        words: "`y` or `n`",
        default: "apply the policy in full, as for `t=n`",
        meant: YES_OR_NO,
    },
    Letters {
        name: TagName::Psd,
        words: "`y`, `n` or `u`",
        default: "find out by themselves where the organization begins, as for `psd=u`",
        meant: YES_OR_NO,
    },
];

fn invalid_value(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_policy() {
        return;
    }
    for letters in &LETTERS {
        let is_invalid = match letters.name {
            TagName::T => dmarc.test() == Some(Word::Invalid),
            TagName::Psd => dmarc.psd() == Some(Word::Invalid),
            name => dmarc.alignment(name) == Some(Word::Invalid),
        };
        let Some(tag) = dmarc.tag(letters.name).filter(|_| is_invalid) else {
            continue;
        };
        let Some(span) = dmarc.text.span(tag.value.clone()) else {
            continue;
        };
        let written = dmarc.text.get(tag.value.clone()).to_ascii_lowercase();
        let is_meant = |words: &&[&str]| words.iter().any(|word| word.as_bytes() == written);
        let meant = letters.meant.iter().find(|(_, words)| is_meant(words));
        let meant = meant.map(|(letter, _)| *letter);
        let help = match meant {
            Some(meant) => format!("write `{}={meant}`", letters.name.word()),
            None => format!("write {} behind the `=`", letters.words),
        };
        let edits = meant.and_then(|meant| dmarc.text.replace(tag.value.clone(), meant));
        findings
            .report(
                span,
                format!(
                    "receivers do not know {}: they {}",
                    quoted(&dmarc.text, &tag.at),
                    letters.default
                ),
                format!("not {}", letters.words),
            )
            .help(help)
            .fix(
                format!("replace it by `{}`", meant.unwrap_or_default()),
                Safety::Unsafe,
                edits,
            );
    }
}

rule! {
    /// A value of `fo` that the tag cannot have.
    ///
    /// `fo` says when failure reports are sent: `0` or `1`, `d`, `s`, each once, with colons between them and no blanks. `0`
    /// and `1` exclude each other. Receivers that follow RFC 9989 ignore any other value and use `fo=0`: they report only
    /// mail for which both SPF and DKIM fail. RFC 7489 still allowed `0:1:d:s`, blanks and repeats.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; fo=0:1:d:s; rua=mailto:dmarc@example.com; ruf=mailto:fail@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; fo=d,s; rua=mailto:dmarc@example.com; ruf=mailto:fail@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; fo=1:d:s; rua=mailto:dmarc@example.com; ruf=mailto:fail@example.com"
    /// ```
    /// # When to ignore
    /// Never: `fo=1` asks for all failures in a form that all receivers read.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.8
    /// RFC 7489, section 6.4
    FO_INVALID: "dmarc-fo-invalid", [Error], Unsafe, Dmarc(fo_invalid)
}

fn fo_invalid(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    // Without `ruf` the value does not matter.
    if !dmarc.is_policy() || dmarc.options() != Some(Word::Invalid) || sends_no_failures(dmarc) {
        return;
    }
    let Some(tag) = dmarc.tag(TagName::Fo) else { return };
    let Some(span) = dmarc.text.span(tag.value.clone()) else {
        return;
    };
    let written = dmarc.text.get(tag.value.clone());
    let meant = meant_options(written);
    let others = match was_allowed(written) {
        true => ", those that follow RFC 7489 accept it",
        false => "",
    };
    let help = match &meant {
        Some(meant) => format!("write `fo={meant}`"),
        None => "write `0` or `1`, `d` and `s`, with colons between them".to_string(),
    };
    let edits = meant
        .as_ref()
        .and_then(|meant| dmarc.text.replace(tag.value.clone(), meant));
    findings
        .report(
            span,
            format!(
                "receivers that follow RFC 9989 ignore {} and report only mail that fails both SPF and DKIM{others}",
                quoted(&dmarc.text, &tag.at)
            ),
            "not a list of `0` or `1`, `d`, `s`",
        )
        .help(help)
        .fix(
            format!("replace it by `{}`", meant.unwrap_or_default()),
            Safety::Unsafe,
            edits,
        );
}

/// The options that a list is meant to hold: `1` takes in `0`. `None` if one of them is no option.
fn meant_options(written: &[u8]) -> Option<String> {
    let is_separator = |byte: &u8| matches!(byte, b':' | b',' | b' ' | b'\t');
    let mut options = Vec::new();
    for option in written.split(is_separator).filter(|option| !option.is_empty()) {
        let [option] = option.to_ascii_lowercase()[..] else {
            return None;
        };
        let option = Some(option).filter(|option| matches!(option, b'0' | b'1' | b'd' | b's'))?;
        if !options.contains(&option) {
            options.push(option);
        }
    }
    if options.contains(&b'1') {
        options.retain(|option| *option != b'0');
    }
    let options: Vec<String> = options
        .into_iter()
        .map(|option| char::from(option).to_string())
        .collect();
    Some(options.join(":")).filter(|options| !options.is_empty())
}

/// Whether RFC 7489 (section 6.4) allowed a value: options in any number, with colons between them and blanks beside those.
fn was_allowed(written: &[u8]) -> bool {
    written.split(|byte| *byte == b':').all(|option| {
        let option = option.trim_ascii().to_ascii_lowercase();
        matches!(option[..], [b'0' | b'1' | b'd' | b's'])
    })
}

/// Whether there certainly is no `ruf` with anything in it.
fn sends_no_failures(dmarc: &Dmarc<'_>) -> bool {
    let mut uris = dmarc.uris(TagName::Ruf);
    dmarc.text.is_complete() && uris.all(|uri| uri.kind == uri::Kind::Empty)
}

rule! {
    /// A word of a DMARC record in capital letters.
    ///
    /// By the grammar the case of `reject`, `s` or `y` does not matter. Some receivers compare letter by letter all the same,
    /// and for them `p=Reject` is no policy.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=Reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=MAILTO:Dmarc@Example.com"
    /// ```
    /// # When to ignore
    /// If you know that no receiver minds.
    /// # Source
    /// RFC 9989, section 4.8
    /// RFC 5234, section 2.3
    VALUE_CASE: "dmarc-value-case", [Info], Safe, Dmarc(value_case), once_a_file
}

fn value_case(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if !dmarc.is_policy() {
        return;
    }
    for tag in dmarc.tags.iter().filter(|tag| tag.counts()) {
        let Some(name) = tag.name.filter(|name| is_in_capitals(dmarc, *name)) else {
            continue;
        };
        let Some(span) = dmarc.text.span(tag.value.clone()) else {
            continue;
        };
        let written = dmarc.text.get(tag.value.clone());
        let small = String::from_utf8_lossy(written).to_ascii_lowercase();
        let edits = dmarc.text.replace(tag.value.clone(), &small);
        findings
            .report(
                span,
                format!(
                    "the case of {} does not matter, but receivers that compare letter by letter do not know it",
                    quoted(&dmarc.text, &tag.at)
                ),
                "capital letters",
            )
            .help(format!("write `{}={small}`", name.word()))
            .fix(format!("replace it by `{small}`"), Safety::Safe, edits);
    }
}

/// Whether the value of a tag is right but for its case.
fn is_in_capitals(dmarc: &Dmarc<'_>, name: TagName) -> bool {
    match name {
        TagName::P | TagName::Sp | TagName::Np => matches!(dmarc.policy(name), Some(Word::Case(_))),
        TagName::Adkim | TagName::Aspf => matches!(dmarc.alignment(name), Some(Word::Case(_))),
        TagName::T => matches!(dmarc.test(), Some(Word::Case(_))),
        TagName::Psd => matches!(dmarc.psd(), Some(Word::Case(_))),
        TagName::Fo => matches!(dmarc.options(), Some(Word::Case(_))),
        _ => false,
    }
}

rule! {
    /// `fo` without `ruf`.
    ///
    /// `fo` says when failure reports are sent, `ruf` to whom. Without `ruf` none are sent, and receivers ignore `fo`.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; fo=1; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; fo=1; rua=mailto:dmarc@example.com; ruf=mailto:fail@example.com"
    /// ```
    /// # When to ignore
    /// Never: the tag does nothing.
    /// # Source
    /// RFC 9989, section 4.7
    FO_WITHOUT_RUF: "dmarc-fo-without-ruf", [Warning], Safe, Dmarc(fo_without_ruf), once_a_file
}

fn fo_without_ruf(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if dmarc.is_policy()
        && sends_no_failures(dmarc)
        && let Some(tag) = dmarc.tag(TagName::Fo).filter(|tag| tag.has_value())
        && let Some(span) = span_of(dmarc, tag)
    {
        findings
            .report(
                span,
                "`fo` does nothing without `ruf`: there is no address for failure reports",
                "ignored",
            )
            .help("remove it, or add `ruf=mailto:` and an address for failure reports")
            .fix("remove `fo`", removal(dmarc, tag), without(dmarc, tag));
    }
}
