//! Rules about TTLs: how long records are kept in caches.

use crate::{
    diagnostic::Safety,
    policy::kind,
    record::{Data, FaultKind, Record, Scan},
    rule::{Findings, Rule, rule},
    slip,
    source::Source,
    span::Span,
    spelling::Spelling,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[TOO_LARGE, MISSING, NOT_SET, AFTER_TYPE, ZERO];

rule! {
    /// A TTL that is too large.
    ///
    /// A TTL has 31 bits, so the largest is 2147483647 seconds, some 68 years. BIND takes a larger one for 0, so that
    /// resolvers ask for the record again and again; NSD takes its default.
    ///
    /// # Bad
    /// ```zone
    /// @ 2147483648 TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ 86400 TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// Never: no server publishes such a TTL.
    /// # Source
    /// RFC 2181, section 8
    TOO_LARGE: "zone-ttl-too-large", [Error], None, File(too_large)
}

fn too_large(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::TtlTooLarge {
            let written = String::from_utf8_lossy(findings.source(fault.span)).into_owned();
            findings
                .report(
                    fault.span,
                    format!("the TTL `{written}` is over 2147483647 seconds: BIND takes it for 0, NSD for its default"),
                    "too large",
                )
                .help("write what was meant, such as `86400` for a day");
        }
    }
}

rule! {
    /// A record without any TTL.
    ///
    /// A record without a TTL has that of `$TTL`, or of the record before, or else the last number of the SOA. Here there
    /// is none of them yet: BIND refuses the whole zone, and others take a TTL of their own.
    ///
    /// # Bad
    /// ```zone
    /// @ NS ns.example.net.
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// ```
    /// # Good
    /// ```zone
    /// $TTL 3600
    /// @ NS ns.example.net.
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// ```
    /// # When to ignore
    /// When no server reads the zone that minds.
    /// # Source
    /// RFC 2308, section 4
    MISSING: "zone-ttl-missing", [Error], Unsafe, File(missing)
}

fn missing(source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::TtlMissing {
            findings
                .report(
                    fault.span,
                    "nothing gives this record a TTL, so BIND refuses the whole zone",
                    "neither here nor before is there a TTL",
                )
                .help("start the file with `$TTL 3600`")
                .fix(
                    "start the file with `$TTL 3600`",
                    Safety::Unsafe,
                    Some(vec![first_line(source)]),
                );
        }
    }
}

/// The edit that puts a `$TTL` before everything else in a file.
fn first_line(source: &Source) -> Edit {
    let bytes = source.bytes();
    let start = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
    let end = match memchr::memmem::find(bytes, b"\r\n") {
        Some(_) => "\r\n",
        None => "\n",
    };
    Edit {
        span: Span::new(source.id, start..start),
        new: format!("$TTL 3600{end}"),
    }
}

rule! {
    /// A zone file without `$TTL`, some of whose records have no TTL.
    ///
    /// Such records have the TTL of the one before, or the last number of the SOA; servers differ in which. A line that is moved
    /// then changes the TTL of others.
    ///
    /// # Bad
    /// ```zone
    /// @ 3600 SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// $TTL 3600
    /// @ SOA ns.example.net. hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// When one server reads the zone, and takes the TTL that is meant.
    /// # Source
    /// RFC 2308, section 4
    NOT_SET: "zone-ttl-not-set", [Info], None, File(not_set), once_a_file
}

fn not_set(_source: &Source, scan: &Scan, findings: &mut Findings<'_>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::TtlInherited {
            findings
                .report(
                    fault.span,
                    "this record has its TTL from one before it, since there is no `$TTL`: servers differ in which",
                    "no TTL of its own",
                )
                .help("start the file with a `$TTL`");
        }
    }
}

rule! {
    /// A TTL or a class behind the type.
    ///
    /// Both belong before the type. Behind it they are data: in a TXT record they become the first string, so that the text
    /// no longer starts with what receivers look for; in other records the data no longer has the right form, and servers
    /// refuse the whole zone.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT 300 "v=DMARC1; p=none"
    /// ```
    /// ```zone
    /// @ MX IN 10 mx.example.net.
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc 300 TXT "v=DMARC1; p=none"
    /// ```
    /// # When to ignore
    /// When the text really starts with a number without quotes.
    /// # Source
    /// RFC 1035, section 5.1
    AFTER_TYPE: "zone-ttl-after-type", [Error], Safe, File(after_type)
}

fn after_type<'a>(_source: &Source, scan: &'a Scan, findings: &mut Findings<'a>) {
    for fault in &scan.faults {
        if fault.kind == FaultKind::TtlAfterType {
            let message = "behind the type this is data, and servers refuse the whole zone";
            report_after_type(fault.span, message.to_string(), Safety::Safe, findings);
        }
    }
    for record in &scan.records {
        let Some(txt) = record.txt() else { continue };
        if !txt.text.has_literal(Spelling::ZoneBare) {
            continue;
        }
        let Some(meant) = slip::of(record, txt).filter(|meant| meant.slips.field) else {
            continue;
        };
        let Some(span) = txt.literal_span(0) else { continue };
        findings.about(record);
        let (message, safety) = match meant.slips.kind {
            Some(kind) => (
                format!(
                    "behind the type this is a part of the text, so receivers do not find the {} record",
                    kind.name()
                ),
                Safety::Unsafe,
            ),
            None => (
                "behind the type this is a part of the text, and is published with it".to_string(),
                Safety::Safe,
            ),
        };
        report_after_type(span, message, safety, findings);
    }
}

fn report_after_type(field: Span, message: String, safety: Safety, findings: &mut Findings<'_>) {
    let is_ttl = findings.source(field).first().is_some_and(u8::is_ascii_digit);
    let what = if is_ttl { "the TTL" } else { "the class" };
    let edits = before_type(field, is_ttl, findings);
    findings
        .report(field, message, format!("{what}, if it stood before the type"))
        .help(format!("put {what} before the type"))
        .fix(format!("put {what} before the type"), safety, edits);
}

/// The edit that swaps a field and the type before it. `None` if there is such a field already, or if more than blanks
/// stands between the two.
fn before_type(field: Span, is_ttl: bool, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    let bytes = findings.sources().get(field.source).bytes();
    let start = field.start as usize;
    let line = memchr::memrchr2(b'\n', b'\r', bytes.get(..start)?).map_or(0, |before| before + 1);
    let before = &bytes[line..start];
    let head = before.trim_ascii_end();
    let kind = head.rsplit(|byte| matches!(byte, b' ' | b'\t')).next()?;
    let rest = &head[..head.len() - kind.len()];
    let owner = rest.iter().take_while(|byte| !matches!(byte, b' ' | b'\t')).count();
    let mut words = rest[owner..]
        .split(|byte| matches!(byte, b' ' | b'\t'))
        .filter(|word| !word.is_empty());
    let is_same = |word: &[u8]| word[0].is_ascii_digit() == is_ttl;
    if kind.is_empty() || !kind.iter().all(u8::is_ascii_alphanumeric) || words.any(is_same) {
        return None;
    }
    let gap = &before[head.len()..];
    let new = [findings.source(field), gap, kind].concat();
    Some(vec![Edit {
        span: Span {
            start: field.start - (gap.len() + kind.len()) as u32,
            ..field
        },
        new: String::from_utf8(new).ok()?,
    }])
}

rule! {
    /// A mail record with a TTL of 0.
    ///
    /// Nobody keeps it, so each mail costs look-ups anew, and each of them may fail. Some resolvers keep such records for a
    /// while all the same.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc 0 TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc 3600 TXT "v=DMARC1; p=none"
    /// www 0 A 192.0.2.1
    /// ```
    /// # When to ignore
    /// During a change that has to be seen at once.
    /// # Source
    /// RFC 1035, section 3.2.1
    ZERO: "zone-ttl-zero", [Info], None, Record(zero), once_a_file
}

fn zero(record: &Record, _scan: &Scan, findings: &mut Findings<'_>) {
    if record.ttl() != Some(0) || !is_for_mail(record) {
        return;
    }
    findings
        .report(
            record.ttl_span().unwrap_or(record.span),
            "a TTL of 0: nobody keeps this mail record, so that each mail costs look-ups that may fail",
            "0 seconds",
        )
        .help("write some minutes at least, such as `3600` for an hour");
}

fn is_for_mail(record: &Record) -> bool {
    match &record.data {
        Data::Mx(_) | Data::Tlsa(_) => true,
        Data::Txt(txt) => slip::kind(&txt.text, &record.owner).is_some() || kind::of_owner(&record.owner).is_some(),
        Data::Cname(_) => kind::of_owner(&record.owner).is_some(),
        _ => false,
    }
}
