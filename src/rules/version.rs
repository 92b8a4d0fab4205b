//! What the rules about `_mta-sts` and `_smtp._tls` share about whole records: which of them count, and how they begin.

use std::collections::BTreeSet;

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::{
        fields::Fields,
        kind, tags,
        version::{Dialect, How, Separator, Version, Wrong},
    },
    record::FaultKind,
    rule::Findings,
    rules::{
        fields::without,
        mail::takes_mail,
        wording::{self, Words},
    },
    slip,
    span::Span,
    text::{Edit, Text},
    zones::{Node, Wanted},
};

/// Reports a record that does not begin with its version.
pub(super) fn version_invalid(record: &Fields<'_>, words: &Words, findings: &mut Findings<'_>) {
    let Version::Wrong(wrong) = &record.version else {
        return;
    };
    let Some(span) = record.text.span(wrong.at.clone()) else {
        return;
    };
    let version = words.dialect.version;
    findings
        .report(
            span,
            format!("{} does not begin with `{version}`, so {}", words.record, words.lost),
            version_label(record.text, wrong, words),
        )
        .help(format!("begin the text with `{version};`"))
        .fix(
            format!("begin the record with `{version}`"),
            Safety::Unsafe,
            version_edits(record.text, wrong, words.dialect),
        );
}

/// What stands in place of the version.
pub(super) fn version_label(text: &Text, wrong: &Wrong, words: &Words) -> String {
    match wrong.how {
        How::Joined => "no `;` before the next field".to_string(),
        How::Case => "the case of the letters counts".to_string(),
        How::Blanks => "a blank or an invisible character that does not belong here".to_string(),
        How::Quotes(_) => "the quotes are part of the text".to_string(),
        How::NoTag => "`v=` is left out".to_string(),
        How::Late(_) => "the version has to come before this".to_string(),
        How::Absent => "no version before this".to_string(),
        How::Other => match kind::of_value(text.bytes()) {
            Some(kind) if kind != words.kind => format!("the version of {}", wording::name(kind)),
            _ => format!("not a version that {} know", words.readers),
        },
    }
}

/// The edits that put the version in place of what is wrong.
pub(super) fn version_edits(text: &Text, wrong: &Wrong, dialect: &Dialect) -> Option<Vec<Edit>> {
    let version = dialect.version;
    let mut edits = match &wrong.how {
        How::Late(_) | How::Absent => text.replace(0..0, &format!("{version}; "))?,
        how => {
            let has_field = || {
                let tags = tags::read(text, wrong.at.end..text.len());
                tags.iter().any(|tag| tag.is(text, dialect.required))
            };
            let equals = text.get(wrong.at.clone()).iter().filter(|byte| **byte == b'=').count();
            if *how == How::Other && (equals > 1 || !has_field()) {
                return None;
            }
            let rest = text.get(wrong.at.end..text.len());
            let junk = rest
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b','))
                .count();
            let separator = if matches!(rest.get(junk), None | Some(b';')) {
                ""
            } else {
                "; "
            };
            text.replace(wrong.at.start..wrong.at.end + junk, &format!("{version}{separator}"))?
        }
    };
    match &wrong.how {
        How::Late(tag) => edits.extend(without(text, tag)?),
        How::Quotes(Some(closing)) => edits.extend(text.replace(closing.clone(), "")?),
        _ => {}
    }
    Some(edits)
}

/// Reports a version that no semicolon follows at once.
pub(super) fn version_separator(record: &Fields<'_>, words: &Words, findings: &mut Findings<'_>) {
    let Version::Right(separator) = &record.version else {
        return;
    };
    let (text, version) = (record.text, words.dialect.version);
    let (at, label) = match separator {
        Separator::Right | Separator::Unknown => return,
        Separator::Blanks(at) => (at, "blanks"),
        Separator::Comma(at) => (at, "a comma does not separate fields"),
        Separator::Missing(at) => (at, "no `;`"),
    };
    let Some(span) = text.span(at.clone()) else { return };
    if let Separator::Blanks(_) = separator {
        let message = format!(
            "blanks before the first `;`: the grammar allows them, but {} that look for `{version};` skip the {}",
            words.readers, words.record
        );
        findings
            .report(span, message, label)
            .severity(Severity::Warning)
            .help(format!("write `{version};`"))
            // Beside another record it makes two, and of two none is used.
            .fix("remove the blanks", Safety::Unsafe, text.replace(at.clone(), ""));
        return;
    }
    let new = if text.get(at.end..at.end + 1) == b";" { "" } else { "; " };
    findings
        .report(
            span,
            format!("{} does not begin with `{version};`, so {}", words.record, words.lost),
            label,
        )
        .help(format!("write `{version};`"))
        .fix(
            "separate the version with `;`",
            Safety::Unsafe,
            text.replace(at.clone(), new),
        );
}

/// Reports each record at a name but the first, where more than one is of the kind.
pub(super) fn record_multiple<'a>(node: &Node<'a>, words: &Words, help: &'static str, findings: &mut Findings<'a>) {
    let has_several = node.records().filter(|record| record.txt().is_some()).nth(1).is_some();
    if has_several && kind::of_owner(node.name()) == Some(words.kind) {
        let start = format!("{};", words.dialect.version);
        let is_counted = |text: &Text| text.bytes().starts_with(start.as_bytes());
        several_records(node, words, is_counted, help, findings);
    }
}

/// Reports each record at a name but the first, of those that are counted.
pub(super) fn several_records<'a>(
    node: &Node<'a>,
    words: &Words,
    is_counted: impl Fn(&Text) -> bool,
    help: &'static str,
    findings: &mut Findings<'a>,
) {
    let mut first: Option<Span> = None;
    let mut seen = BTreeSet::new();
    for record in node.records() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        let text = slip::meant_text(record, txt);
        // With a hole, it may be equal to another.
        if record.many || !text.is_complete() || !is_counted(&text) {
            continue;
        }
        // One text in other character-strings is another record.
        let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
        if !seen.insert(strings) {
            continue;
        }
        let Some(first) = first else {
            first = Some(record.span);
            continue;
        };
        if may_be_alternatives(node, first, record.span) {
            continue;
        }
        findings.about(record);
        findings
            .report(
                record.span,
                format!("more than one {} at `{}`, so {}", words.record, node.name(), words.lost),
                format!("also begins with `{};`", words.dialect.version),
            )
            .help(help)
            .related(first, "the first one");
    }
}

/// Whether something stands between two records that lets a template choose one of them.
pub(super) fn may_be_alternatives(node: &Node<'_>, first: Span, second: Span) -> bool {
    node.scan.faults.iter().any(|fault| {
        fault.kind == FaultKind::Template
            && fault.span.source == first.source
            && (first.end..second.start).contains(&fault.span.start)
    })
}

/// Reports a record that is of another kind.
pub(super) fn record_foreign(record: &Fields<'_>, words: &Words, findings: &mut Findings<'_>) {
    if record.version == Version::Foreign {
        foreign_text(record.text, words, findings);
    }
}

/// Reports a text that is of another kind than those at its name.
pub(super) fn foreign_text(text: &Text, words: &Words, findings: &mut Findings<'_>) {
    let is_blank = tags::trim(text.bytes(), 0..text.len()).is_empty();
    let Some(span) = text.whole().filter(|_| !is_blank) else {
        return;
    };
    let label = kind::of_value(text.bytes()).map_or("something else", wording::name);
    findings
        .report(
            span,
            format!(
                "TXT record at `{}` is not {}, so {} skip it",
                words.owner,
                wording::name(words.kind),
                words.readers
            ),
            label,
        )
        .help("move it to the name that it is for, or remove it");
}

/// Reports a domain that takes mail, and for which its zone, which is stated whole, has nothing at the name of the record:
/// neither records nor a delegation. `lost`: what happens to mail.
pub(super) fn record_missing<'a>(
    node: &Node<'a>,
    words: &Words,
    lost: &str,
    help: &'static str,
    findings: &mut Findings<'a>,
) {
    let Some(mx) = node.records().find(|record| takes_mail(record)) else {
        return;
    };
    if !node.is_apex()
        || !node
            .ask(
                &Name::from_labels(words.owner.split('.').map(Some), Some(node.name())),
                Wanted::Any,
            )
            .is_absent()
    {
        return;
    }
    let name = node.name();
    findings.about(mx);
    findings
        .report(
            mx.span,
            format!("`{name}` has no {}: {lost}", words.record),
            "the domain takes mail",
        )
        .help(help);
}
