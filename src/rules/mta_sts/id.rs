//! Rules about the `id` of the TXT record at `_mta-sts`.

use crate::{
    diagnostic::Safety,
    policy::{
        fields::{Malformed, Shape, is_odd},
        mta_sts::MtaSts,
    },
    rule::{Findings, Rule, rule},
    rules::{
        fields,
        wording::{MTA_STS, quoted},
    },
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[ID_MISSING, ID_INVALID, ID_TOO_LONG, ID_DUPLICATE, ID_SAMPLE];

/// The longest `id` in octets (RFC 8461, section 3.1).
const LONGEST: usize = 32;

rule! {
    /// An MTA-STS record without `id`.
    ///
    /// The `id` tells senders whether they have the policy already, and no record is valid without it: senders ignore the
    /// record and take the domain for one without MTA-STS. The name is written in small letters; `ID` is another field.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1;"
    /// ```
    /// ```zone
    /// _mta-sts TXT "v=STSv1; ID=20240102T0304"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # When to ignore
    /// Never: no sender accepts such a record.
    /// # Source
    /// RFC 8461, section 3.1
    ID_MISSING: "mta-sts-id-missing", [Error], Unsafe, MtaSts(id_missing)
}

fn id_missing(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    if !sts.record.is_read() || !sts.ids.is_empty() || !text.is_complete() {
        return;
    }
    let message = format!("MTA-STS record has no `id`, so {}", MTA_STS.lost);
    let meant = sts.meant.and_then(|index| sts.record.fields.get(index));
    if let Some(field) = meant {
        if field.shape != Shape::Malformed(Malformed::NoEquals)
            && let Some(span) = fields::span_of(text, &field.tag)
        {
            let name = quoted(text, &field.tag.name);
            findings
                .report(span, message, format!("{name} is another field"))
                .help("write `id` in small letters")
                .fix(
                    format!("write `id` in place of {name}"),
                    Safety::Unsafe,
                    text.replace(field.tag.name.clone(), "id"),
                );
        }
    } else if let Some(span) = text.span(text.len()..text.len()) {
        findings
            .report(span, message, "`id=` is missing")
            .help("add `; id=` and up to 32 letters and digits that change with each change of the policy, such as a date")
            .fix("add an `id`", Safety::Unsafe, added(sts));
    }
}

/// The edits that add an `id` at the end.
fn added(sts: &MtaSts<'_>) -> Option<Vec<Edit>> {
    let text = sts.record.text;
    let version = MTA_STS.dialect.version.len();
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let rest = text.get(version..text.len());
    let end = if rest.iter().all(|byte| is_blank(byte) || *byte == b',') {
        version
    } else {
        text.len() - rest.iter().rev().take_while(|byte| is_blank(byte)).count()
    };
    let new = if text.get(0..end).ends_with(b";") {
        " id=1"
    } else {
        "; id=1"
    };
    text.replace(end..text.len(), new)
}

rule! {
    /// An `id` with something other than letters and digits, or an empty one.
    ///
    /// An `id` is 1 to 32 ASCII letters and digits. With a hyphen, a dot, a colon or an underscore the record has no valid
    /// `id`, so senders ignore it and take the domain for one without MTA-STS.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=2024-01-02T03:04Z"
    /// ```
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id="
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102T0304Z"
    /// ```
    /// # When to ignore
    /// Never: no sender accepts such a record.
    /// # Source
    /// RFC 8461, section 3.1
    ID_INVALID: "mta-sts-id-invalid", [Error], Unsafe, MtaSts(id_invalid)
}

fn id_invalid(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    let Some(at) = sts.id() else { return };
    let value = text.get(at.clone());
    let is_wrong = |byte: &u8| !byte.is_ascii_alphanumeric() && !is_odd(*byte);
    if value.is_empty() {
        if let Some(span) = text.span(at) {
            findings
                .report(
                    span,
                    format!("`id` is empty, so {}", MTA_STS.malformed),
                    "nothing after `=`",
                )
                .help("write up to 32 letters and digits, such as a date");
        }
        return;
    }
    let Some(first) = value.iter().position(is_wrong) else {
        return;
    };
    let Some(span) = text.span(at.start + first..at.end) else {
        return;
    };
    let wrong = match value[first] {
        b' ' | b'\t' => "a blank".to_string(),
        byte => format!("`{}`", byte as char),
    };
    let kept: String = value
        .iter()
        .filter(|byte| byte.is_ascii_alphanumeric())
        .map(|byte| *byte as char)
        .collect();
    // Where another field is glued to the value, no letter of it belongs to the `id`.
    let is_id = !value.iter().any(|byte| matches!(byte, b'=' | b',') || is_odd(*byte));
    let fits = is_id && (1..=LONGEST).contains(&kept.len());
    let message = format!(
        "`id` has {wrong} in it, but only letters and digits are allowed, so {}",
        MTA_STS.malformed
    );
    findings
        .report(span, message, format!("begins with {wrong}"))
        .help("use letters and digits only, as in `20240102T030405Z`")
        .fix(
            format!("replace the `id` by `{kept}`"),
            Safety::Unsafe,
            fits.then(|| text.replace(at, &kept)).flatten(),
        );
}

rule! {
    /// An `id` of more than 32 characters.
    ///
    /// A commit hash, a SHA-256 or a UUID does not fit. The record has no valid `id` then, so senders ignore it and take the
    /// domain for one without MTA-STS. An MD5 in hexadecimal digits is exactly 32 characters long.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=0123456789abcdef0123456789abcdef0"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=0123456789abcdef0123456789abcdef"
    /// ```
    /// # When to ignore
    /// Never: no sender accepts such a record.
    /// # Source
    /// RFC 8461, section 3.1
    ID_TOO_LONG: "mta-sts-id-too-long", [Error], Unsafe, MtaSts(id_too_long)
}

fn id_too_long(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    let Some(at) = sts.id() else { return };
    let value = text.get(at.clone());
    if value.len() <= LONGEST || !value.iter().all(u8::is_ascii_alphanumeric) {
        return;
    }
    let over = at.start + LONGEST..at.end;
    let Some(span) = text.span(over.clone()) else { return };
    let message = format!(
        "`id` has {} characters, but at most {LONGEST} are allowed, so {}",
        value.len(),
        MTA_STS.malformed
    );
    findings
        .report(span, message, format!("beyond the {LONGEST} that are allowed"))
        .help("use a shorter one, such as a date")
        .fix(
            format!("keep the first {LONGEST} characters"),
            Safety::Unsafe,
            text.replace(over, ""),
        );
}

rule! {
    /// A second `id`.
    ///
    /// By the RFC the first one counts and later ones are ignored, so changing the second one tells senders nothing: they
    /// keep using the policy that they have. Some senders refuse a record with two.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102; id=20240506"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240506"
    /// ```
    /// # When to ignore
    /// Never: one of them is of no use.
    /// # Source
    /// RFC 8461, section 3.1
    /// RFC 8461, section 3.2
    ID_DUPLICATE: "mta-sts-id-duplicate", [Warning], None, MtaSts(id_duplicate)
}

fn id_duplicate(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    let tag = |index: &usize| sts.record.fields.get(*index).map(|field| &field.tag);
    let [first, later @ ..] = &sts.ids[..] else { return };
    let first = tag(first).and_then(|tag| fields::span_of(text, tag));
    for span in later
        .iter()
        .filter_map(tag)
        .filter_map(|tag| fields::span_of(text, tag))
    {
        let message =
            "MTA-STS record has more than one `id`: by the RFC the first counts, and some senders refuse the record";
        let finding = findings
            .report(span, message, "not the first")
            .help("keep the one that you change with the policy");
        if let Some(first) = first {
            finding.related(first, "this one counts");
        }
    }
}

/// Values that stand in documentation.
const SAMPLES: [&str; 4] = ["20160831085700Z", "20190429T010101", "20220101000000Z", "1234567890"];

rule! {
    /// An `id` that was copied from documentation.
    ///
    /// It works as any other. But senders fetch a policy anew only when the `id` changes, and a copied one may be a sign that
    /// nobody changes it: then a new policy is not noticed until the old one expires.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20160831085700Z;"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102030405Z;"
    /// ```
    /// # When to ignore
    /// If the policy has never been changed.
    /// # Source
    /// Practice: the values are those of the RFC's example and of widely read guides.
    ID_SAMPLE: "mta-sts-id-sample", [Info], None, MtaSts(id_sample), once_a_file
}

fn id_sample(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    let text = sts.record.text;
    let Some(at) = sts.id() else { return };
    if SAMPLES.iter().any(|sample| sample.as_bytes() == text.get(at.clone()))
        && let Some(span) = text.span(at.clone())
    {
        let message = format!(
            "`id` is {}, a value from documentation: senders notice a new policy only if the `id` changes with it",
            quoted(text, &at)
        );
        findings
            .report(span, message, "copied from an example")
            .help("write the date and time of the last change of the policy");
    }
}
