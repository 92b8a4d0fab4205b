//! Rules about the tags of a DMARC record as a list: their names, what separates them, and which stand there twice.

use crate::{
    diagnostic::Safety,
    policy::dmarc::{
        Dmarc,
        tag::{Shape, Spelling, Tag, TagName},
        version::Kind,
    },
    rule::{Findings, Rule, rule},
    rules::{
        dmarc::wording::{record, removal, without},
        wording::quoted,
    },
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MISSING_SEPARATOR,
    MALFORMED_TAG,
    EMPTY_TAG,
    EMPTY_VALUE,
    DUPLICATE_TAG,
    UNKNOWN_TAG,
    TAG_CASE,
];

/// Where a tag is written, with what a template fills in at its end.
pub(super) fn span_of(dmarc: &Dmarc<'_>, tag: &Tag) -> Option<Span> {
    let span = dmarc.text.span(tag.at.clone())?;
    match dmarc.text.span(tag.at.end..tag.at.end) {
        Some(end) if !tag.is_known => Some(span.to(end)),
        _ => Some(span),
    }
}

/// What is lost with a tag that receivers do not understand.
fn loss(name: Option<TagName>) -> &'static str {
    match name {
        Some(TagName::P) => "receivers find no policy",
        Some(TagName::Sp | TagName::Np) => "receivers find no policy for subdomains in it",
        Some(TagName::Rua | TagName::Ruf) => "no reports are sent to it",
        _ => "receivers ignore it",
    }
}

rule! {
    /// Two tags of a DMARC record without a semicolon between them.
    ///
    /// Only a semicolon ends a tag. `p=reject rua=mailto:...` is one tag, whose value `reject rua=mailto:...` is no policy:
    /// receivers act as if the record said `p=none`, or not at all, and send no reports.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject, sp=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1;p=reject;rua=mailto:a@example.com, mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: no receiver reads it as two tags.
    /// # Source
    /// RFC 9989, section 4.8
    MISSING_SEPARATOR: "dmarc-missing-separator", [Error], Unsafe, Dmarc(missing_separator)
}

fn missing_separator(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for pair in dmarc.tags.windows(2) {
        let [before, tag] = pair else { continue };
        let Some(at) = &tag.missing else { continue };
        let Some(span) = dmarc.text.span(at.clone()) else {
            continue;
        };
        let name = quoted(&dmarc.text, &tag.name_at);
        let message = match before.name {
            Some(TagName::P | TagName::Sp | TagName::Np) => format!(
                "no `;` before {name}: receivers take it for a part of {}, which is then no policy",
                quoted(&dmarc.text, &before.at)
            ),
            _ => format!(
                "no `;` before {name}: receivers take it for a part of {}",
                quoted(&dmarc.text, &before.at)
            ),
        };
        findings
            .report(span, message, "a `;` is missing")
            .help("write `;` between two tags")
            .fix("write `; `", Safety::Unsafe, dmarc.text.replace(at.clone(), "; "));
    }
}

rule! {
    /// A part of a DMARC record that is not `name=value`.
    ///
    /// Between two semicolons stand a name of letters, `=`, and a value. Receivers ignore what has another form, so that
    /// `p:reject` is no policy.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p:reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; sub-domain=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p = reject; rua = mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: nobody reads it.
    /// # Source
    /// RFC 9989, section 4.8
    MALFORMED_TAG: "dmarc-malformed-tag", [Error], Unsafe, Dmarc(malformed_tag)
}

fn malformed_tag(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let text = &dmarc.text;
    for tag in &dmarc.tags {
        let label = match tag.shape {
            Shape::NoEquals => "no `=`",
            Shape::BadName if tag.name_at.is_empty() => "no name before the `=`",
            // Such a character is a fault of its own.
            Shape::BadName if text.get(tag.name_at.clone()).is_ascii() => "a name is letters alone",
            _ => continue,
        };
        let Some(span) = span_of(dmarc, tag) else { continue };
        let written = quoted(text, &tag.at);
        let edits = tag
            .name
            .filter(|_| tag.counts())
            .and_then(|name| text.replace(tag.name_at.start..tag.value_start, &format!("{}=", name.word())));
        let help = match tag.name {
            Some(name) => format!("write `=` behind `{}`", name.word()),
            None => "write tags as `name=value`, and `;` between them".to_string(),
        };
        findings
            .report(
                span,
                format!("{written} is not `name=value`, so {}", loss(tag.name)),
                label,
            )
            .help(help)
            .fix("write `=` behind the name", Safety::Unsafe, edits);
    }
}

rule! {
    /// Two semicolons of a DMARC record without a tag between them.
    ///
    /// The grammar has a tag between any two semicolons. Receivers ignore the gap, but a strict tool may refuse the record.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1;; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com;"
    /// ```
    /// # When to ignore
    /// If no tool that matters to you minds.
    /// # Source
    /// RFC 9989, section 4.8
    EMPTY_TAG: "dmarc-empty-tag", [Info], Safe, Dmarc(empty_tag), once_a_file
}

fn empty_tag(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let is_empty = |tag: &Tag| tag.shape == Shape::Empty;
    for run in dmarc.tags.chunk_by(|a, b| is_empty(a) && is_empty(b)) {
        let [first, ..] = run else { continue };
        let Some(last) = run.last().filter(|last| is_empty(last)) else {
            continue;
        };
        let end = last.whole.end + 1;
        let Some(span) = dmarc.text.span(first.whole.end..end) else {
            continue;
        };
        findings
            .report(
                span,
                format!(
                    "no tag before this `;` of the {}: strict tools may refuse it",
                    record(dmarc)
                ),
                "no tag before this",
            )
            .help("write one `;` between tags, and at most one at the end")
            .fix(
                "remove the extra `;`",
                Safety::Safe,
                dmarc.text.replace(first.whole.start..end, ""),
            );
    }
}

rule! {
    /// A tag of a DMARC record without a value.
    ///
    /// Receivers ignore the tag and use its default: no reports for `rua=`, relaxed alignment for `adkim=`. That is what
    /// they would do without the tag, so it is of no use, and mostly left over from a template. An empty `p`, `sp` or `np` is
    /// worse, and reported as an invalid policy.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; adkim=; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; adkim=r; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: without the tag the record says the same.
    /// # Source
    /// RFC 9989, section 4.8
    EMPTY_VALUE: "dmarc-empty-value", [Warning], Safe, Dmarc(empty_value)
}

fn empty_value(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for tag in &dmarc.tags {
        let is_policy = matches!(tag.name, Some(TagName::P | TagName::Sp | TagName::Np));
        if tag.shape != Shape::NoValue || is_policy || is_again(dmarc, tag) {
            continue;
        }
        let Some(span) = dmarc.text.span(tag.at.clone()) else {
            continue;
        };
        let (name, effect) = (quoted(&dmarc.text, &tag.name_at), loss(tag.name));
        findings
            .report(
                span,
                format!("{name} has no value, so {effect}"),
                "nothing behind the `=`",
            )
            .help("write a value, or remove the tag")
            .fix("remove the tag", removal(dmarc, tag), without(dmarc, tag));
    }
}

rule! {
    /// A tag that stands twice in a DMARC record.
    ///
    /// DMARC records have the syntax of DKIM's tag lists, in which a repeated tag makes the whole list invalid. Strict
    /// receivers pass over the record; of the others some use the first value and some the last. Several addresses for
    /// reports are one list, with commas.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com; rua=mailto:b@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:a@example.com,mailto:b@example.com"
    /// ```
    /// # When to ignore
    /// Never: nobody can tell what the record means.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 6376, section 3.2
    DUPLICATE_TAG: "dmarc-duplicate-tag", [Error], Unsafe, Dmarc(duplicate_tag)
}

/// Whether a tag stands there before, under the same name.
fn is_again(dmarc: &Dmarc<'_>, tag: &Tag) -> bool {
    tag.is_exact() && (tag.instead.is_some() || tag.name == Some(TagName::V) && dmarc.version.is_first())
}

fn duplicate_tag(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for tag in dmarc.tags.iter().filter(|tag| is_again(dmarc, tag)) {
        let first = tag.instead.and_then(|index| dmarc.tags.get(index));
        let version = || dmarc.text.span(dmarc.version.at.clone());
        let other = match first {
            Some(first) if !(tag.name == Some(TagName::V) && dmarc.version.is_first()) => span_of(dmarc, first),
            _ => version(),
        };
        let (Some(span), Some(other)) = (span_of(dmarc, tag), other) else {
            continue;
        };
        let name = quoted(&dmarc.text, &tag.name_at);
        let (title, edits) = join(dmarc, tag, first);
        findings
            .report(
                span,
                format!(
                    "{name} stands twice in the {}: strict receivers pass over it, others choose one of the two",
                    record(dmarc)
                ),
                "again",
            )
            .related(other, "the first one")
            .help(match tag.name {
                Some(TagName::Rua | TagName::Ruf) => "write all addresses in one list, with commas between them",
                _ => "keep one of the two",
            })
            .fix(title, Safety::Unsafe, edits);
    }
}

/// The edits that leave one of two tags, where it can be told what is meant.
fn join(dmarc: &Dmarc<'_>, tag: &Tag, first: Option<&Tag>) -> (&'static str, Option<Vec<Edit>>) {
    let remove = "remove the second one";
    let value = dmarc.text.get(tag.value.clone());
    let Some(first) = first else {
        let is_same = dmarc.version.kind == Kind::Right && value == b"DMARC1";
        return (remove, is_same.then(|| without(dmarc, tag)).flatten());
    };
    if !tag.is_known || !first.is_known {
        return ("", None);
    }
    if value == dmarc.text.get(first.value.clone()) {
        return (remove, without(dmarc, tag));
    }
    let is_list = matches!(tag.name, Some(TagName::Rua | TagName::Ruf)) && tag.has_value() && first.has_value();
    let edits = || {
        let more = format!(",{}", std::str::from_utf8(value).ok()?);
        let mut edits = dmarc.text.replace(first.value.end..first.value.end, &more)?;
        edits.extend(without(dmarc, tag)?);
        Some(edits)
    };
    ("write one list", is_list.then(edits).flatten())
}

rule! {
    /// A tag of a DMARC record that no standard defines.
    ///
    /// Receivers ignore it. Mostly it is a misspelt one, and then what it was to say is not said.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rau=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc TXT "v=DMARC1; policy=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If you know who reads the tag.
    /// # Source
    /// RFC 9989, section 4.7
    UNKNOWN_TAG: "dmarc-unknown-tag", [Warning], Unsafe, Dmarc(unknown_tag)
}

fn unknown_tag(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for tag in &dmarc.tags {
        let is_unknown = tag.name.is_none() || tag.spelling == Spelling::Word;
        if tag.shape != Shape::Right || !is_unknown || is_again(dmarc, tag) {
            continue;
        }
        let Some(span) = dmarc.text.span(tag.name_at.clone()) else {
            continue;
        };
        let written = quoted(&dmarc.text, &tag.name_at);
        let meant = meant(dmarc, tag);
        let help = match meant {
            Some(name) => format!("write `{}`", name.word()),
            None => "remove it, unless you know who reads it".to_string(),
        };
        let title = meant.map_or(String::new(), |name| format!("replace {written} by `{}`", name.word()));
        let edits = meant.and_then(|name| dmarc.text.replace(tag.name_at.clone(), name.word()));
        findings
            .report(
                span,
                format!("DMARC has no tag {written}, so {}", loss(meant)),
                "not defined",
            )
            .help(help)
            .fix(title, Safety::Unsafe, edits);
    }
}

/// The only tag that an unknown name can be a slip for, where the record has no such tag.
fn meant(dmarc: &Dmarc<'_>, tag: &Tag) -> Option<TagName> {
    if let Some(name) = tag.name {
        return Some(name).filter(|_| tag.counts());
    }
    let written = std::str::from_utf8(dmarc.text.get(tag.name_at.clone())).ok()?;
    // A single letter is as near to any other.
    if !(2..=6).contains(&written.len()) {
        return None;
    }
    let written = written.to_ascii_lowercase();
    let mut near = TagName::ALL
        .into_iter()
        .filter(|name| !name.is_removed() && strsim::osa_distance(&written, name.word()) == 1);
    match (near.next(), near.next()) {
        (Some(name), None) if dmarc.tag(name).is_none() => Some(name),
        _ => None,
    }
}

rule! {
    /// A tag of a DMARC record in capital letters.
    ///
    /// Names of tags are written in small letters, and their case counts: for a strict receiver `P=reject` is an unknown tag,
    /// which it ignores.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; P=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: small letters are understood by all.
    /// # Source
    /// RFC 6376, section 3.2
    TAG_CASE: "dmarc-tag-case", [Warning], Unsafe, Dmarc(tag_case)
}

fn tag_case(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    for tag in dmarc.tags.iter().filter(|tag| tag.spelling == Spelling::Case) {
        let (Some(name), Some(span)) = (tag.name, dmarc.text.span(tag.name_at.clone())) else {
            continue;
        };
        let written = quoted(&dmarc.text, &tag.name_at);
        // Beside the tag in small letters, it would stand there twice.
        let edits = tag
            .counts()
            .then(|| dmarc.text.replace(tag.name_at.clone(), name.word()))
            .flatten();
        findings
            .report(
                span,
                format!(
                    "strict receivers do not take {written} for `{}`, so that {} there",
                    name.word(),
                    loss(Some(name))
                ),
                "capital letters",
            )
            .help(match tag.counts() {
                true => format!("write `{}`", name.word()),
                false => format!("remove it: there is a `{}`", name.word()),
            })
            .fix(format!("replace {written} by `{}`", name.word()), Safety::Unsafe, edits);
    }
}
