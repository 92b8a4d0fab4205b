//! Rules about the records of one name and type: that they are different, and live equally long.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    diagnostic::Safety,
    name::Name,
    record::{Data, Other, Record, Written},
    rule::{self, Findings, Rule, rule},
    span::Span,
    text::Edit,
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[DUPLICATE_RECORD, RRSET_TTL_MISMATCH];

rule! {
    /// The same record twice.
    ///
    /// Two records with the same name, type and data are one record in the DNS. Nothing is wrong with it, but whoever
    /// changes one of the lines will leave the other, and then there are two.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none"
    /// _dmarc TXT "v=DMARC1; p=none"
    /// ```
    /// # Good
    /// ```zone
    /// @ MX 10 mx1.example.net.
    /// @ MX 20 mx1.example.net.
    /// ```
    /// # When to ignore
    /// When the lines are made by a program.
    /// # Source
    /// RFC 2181, section 5
    DUPLICATE_RECORD: "zone-duplicate-record", [Info], Safe, Node(Holds::SEVERAL, duplicate_record)
}

fn duplicate_record<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    if !may_repeat(node) {
        return;
    }
    let mut seen: BTreeMap<Vec<u8>, &Record> = BTreeMap::new();
    for (record, next) in node.followed().filter(|(record, _)| !record.many) {
        let Some(data) = data(record, findings) else { continue };
        let first = *seen.entry(data).or_insert(record);
        // A file that is included twice, or a directive that makes several records, is no repetition.
        if first.span == record.span {
            continue;
        }
        findings.about(record);
        let edits = without(record, next, findings);
        let kind = rule::kind(record, findings.sources());
        findings
            .report(
                record.span,
                format!("the same {kind} record stands here twice, and is one for the DNS"),
                "says the same again",
            )
            .related(first.span, "said here before")
            .help("remove one of the two")
            .fix("remove the second", Safety::Safe, edits);
    }
}

/// Whether two records of a name may say the same: false is certain, and cheap to tell.
fn may_repeat(node: &Node<'_>) -> bool {
    const FEW: usize = 8;
    let mut pairs = node.records().enumerate().take(FEW).flat_map(|(index, record)| {
        let others = node.records().skip(index + 1).take(FEW);
        others.map(move |other| (&record.data, &other.data))
    });
    pairs.any(|(a, b)| may_be_same(a, b)) || node.records().nth(FEW).is_some()
}

fn may_be_same(a: &Data, b: &Data) -> bool {
    match (a, b) {
        (Data::Txt(a), Data::Txt(b)) => a.text.bytes() == b.text.bytes(),
        (Data::A(a), Data::A(b)) => a == b,
        (Data::Aaaa(a), Data::Aaaa(b)) => a == b,
        (Data::Mx(a), Data::Mx(b)) => a.preference == b.preference && a.host.name.key() == b.host.name.key(),
        (Data::Ns(a), Data::Ns(b)) => a.name.key() == b.name.key(),
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    }
}

/// Type and data of a record, equal for equal records. `None` where the file does not tell all of it.
fn data(record: &Record, findings: &Findings<'_>) -> Option<Vec<u8>> {
    let mut data = rule::kind(record, findings.sources()).into_owned().into_bytes();
    data.push(0);
    match &record.data {
        Data::Txt(txt) if txt.text.is_complete() => {
            for string in txt.strings() {
                data.extend((string.len() as u32).to_be_bytes());
                data.extend(txt.text.get(string));
            }
        }
        Data::A(address) => data.extend(address.octets()),
        Data::Aaaa(address) => data.extend(address.octets()),
        Data::Mx(mx) => {
            data.extend(mx.preference.to_be_bytes());
            push_name(&mut data, &mx.host.name)?;
        }
        Data::Cname(_) | Data::Dname(_) | Data::Ns(_) | Data::Ptr(_) => push_name(&mut data, &record.target()?.name)?,
        Data::Srv(_) => {
            let target = record.target()?;
            push_numbers(
                &mut data,
                findings.source(Span {
                    end: target.at.start.max(record.span.start),
                    ..record.span
                }),
            )?;
            push_name(&mut data, &target.name)?;
        }
        Data::Tlsa(tlsa) => {
            for text in tlsa.fields.iter().chain([&tlsa.digits]) {
                data.extend(text.is_complete().then(|| text.bytes().to_ascii_lowercase())?);
                data.push(b' ');
            }
        }
        Data::Other(other) => push_words(&mut data, other, record, findings)?,
        Data::Txt(_) | Data::Soa(_) | Data::Unknown => return None,
    }
    Some(data)
}

fn push_name(data: &mut Vec<u8>, name: &Name) -> Option<()> {
    for label in name.labels() {
        let label = label?;
        data.push(label.len() as u8);
        data.extend(label.to_ascii_lowercase());
    }
    Some(())
}

/// The three numbers that end what is written before the target of an SRV record.
fn push_numbers(data: &mut Vec<u8>, written: &[u8]) -> Option<()> {
    let mut words = written.rsplit(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    for _ in 0..3 {
        let number: u16 = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
        data.extend(number.to_be_bytes());
    }
    Some(())
}

/// Data that is not looked into, as it is written, with one blank for any number of them.
fn push_words(data: &mut Vec<u8>, other: &Other, record: &Record, findings: &Findings<'_>) -> Option<()> {
    let written = findings.source(other.data_span(record));
    let words = written.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    for word in words {
        data.extend(word);
        data.push(b' ');
    }
    (!written.is_empty()).then_some(())
}

/// The edit that removes the line of a record. `None` where other lines depend on it, or where it has no line of its own.
pub(in crate::rules) fn without(record: &Record, next: Option<&Record>, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    // Names in it may have been completed with another origin than those of its twin.
    let is_opaque = matches!(record.data, Data::Other(_));
    let inherits = next.is_some_and(|next| {
        let may_have_ttl = next.ttl_span().is_none() && next.ttl() == record.ttl();
        next.written == Written::Inherited
            || next.span.source != record.span.source
            || record.ttl_span().is_some() && may_have_ttl
    });
    if is_opaque || inherits {
        return None;
    }
    let source = findings.sources().get(record.span.source);
    let bytes = source.bytes();
    let (start, end) = (record.span.start as usize, record.span.end as usize);
    let entry = bytes.get(start..end)?;
    let line = memchr::memrchr2(b'\n', b'\r', &bytes[..start]).map_or(0, |before| before + 1);
    let behind = memchr::memchr2(b'\n', b'\r', &bytes[end..]).map_or(bytes.len(), |after| end + after);
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let rest = bytes[end..behind].trim_ascii_start();
    let alone = bytes[line..start].iter().all(is_blank) && matches!(rest.first(), None | Some(b';'));
    // A parenthesis, or a directive, is more than this line.
    let plain = !entry.iter().any(|byte| matches!(byte, b'\n' | b'\r' | b'(')) && entry.first() != Some(&b'$');
    let after = match bytes[behind..] {
        [b'\r', b'\n', ..] => 2,
        [] => 0,
        _ => 1,
    };
    (alone && plain).then(|| {
        vec![Edit {
            span: Span::new(source.id, line..behind + after),
            new: String::new(),
        }]
    })
}

rule! {
    /// Records of one set with different TTLs.
    ///
    /// The records of one name and type are cached and forgotten together, so they have one TTL. Of several, BIND takes the
    /// first; other servers publish each with its own, and resolvers take the lowest or refuse the answer.
    ///
    /// # Bad
    /// ```zone
    /// @ 60 TXT "v=spf1 -all"
    /// @ 3600 TXT "site-verification=abc_123"
    /// ```
    /// # Good
    /// ```zone
    /// @ 3600 TXT "v=spf1 -all"
    /// @ 3600 TXT "site-verification=abc_123"
    /// @ 60 A 192.0.2.1
    /// ```
    /// # When to ignore
    /// When the server is known to publish the TTL that was meant.
    /// # Source
    /// RFC 2181, section 5.2
    RRSET_TTL_MISMATCH: "zone-rrset-ttl-mismatch", [Warning], Unsafe, Node(Holds::SEVERAL, rrset_ttl_mismatch)
}

fn rrset_ttl_mismatch<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let mut ttls = node.records().map(Record::ttl);
    let first = ttls.next();
    if ttls.all(|ttl| Some(ttl) == first) {
        return;
    }
    let mut sets: BTreeMap<Cow<'static, str>, Vec<&'a Record>> = BTreeMap::new();
    for record in node.records() {
        let is_set = match &record.data {
            Data::Unknown => false,
            // What these compute are several sets.
            Data::Other(other) => other.is_registered,
            _ => true,
        };
        if is_set && !record.many && record.ttl().is_some() {
            sets.entry(rule::kind(record, findings.sources()))
                .or_default()
                .push(record);
        }
    }
    for (kind, set) in sets {
        // A signature has the TTL of what it signs (RFC 4034, section 3).
        if kind != "RRSIG" && kind != "TYPE46" {
            compare_ttls(&kind, &set, findings);
        }
    }
}

fn compare_ttls<'a>(kind: &str, set: &[&'a Record], findings: &mut Findings<'a>) {
    let Some((first, others)) = set.split_first() else {
        return;
    };
    let differs = |record: &&&'a Record| record.ttl() != first.ttl() && record.span != first.span;
    let Some(second) = others.iter().find(differs) else {
        return;
    };
    let (at, other) = match (second.ttl_span(), first.ttl_span()) {
        (None, Some(_)) => (first, second),
        _ => (second, first),
    };
    let place = |record: &Record| record.ttl_span().unwrap_or(record.span);
    let seconds = |record: &Record| record.ttl().unwrap_or_default();
    let message = format!(
        "the {kind} records of `{}` have different TTLs, {} and {} seconds, and servers differ in which they publish",
        first.owner,
        seconds(first),
        seconds(second)
    );
    let edits = lowest(set, findings);
    findings.about(at);
    findings
        .report(place(at), message, format!("{} seconds", seconds(at)))
        .related(place(other), format!("{} seconds", seconds(other)))
        .help("give all of them the same TTL")
        .fix("give all of them the lowest TTL", Safety::Unsafe, edits);
}

/// The edits that give all records of a set the lowest TTL, as it is written. `None` where it would have to be added.
fn lowest(set: &[&Record], findings: &Findings<'_>) -> Option<Vec<Edit>> {
    let lowest = set.iter().min_by_key(|record| record.ttl())?;
    let written = match lowest.ttl_span() {
        Some(span) => std::str::from_utf8(findings.source(span)).ok()?.to_string(),
        None => lowest.ttl()?.to_string(),
    };
    let higher = set.iter().filter(|record| record.ttl() != lowest.ttl());
    let edit = |record: &&Record| {
        Some(Edit {
            span: record.ttl_span()?,
            new: written.clone(),
        })
    };
    let mut edits: Vec<Edit> = higher.map(edit).collect::<Option<_>>()?;
    edits.sort();
    edits.dedup();
    Some(edits)
}
