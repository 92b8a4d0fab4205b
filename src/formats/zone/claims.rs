//! Which files are zone files, and for which zones, as far as something else than their entries tells.

use crate::{
    formats::{rdata, server},
    name::Name,
    source::{self, Source, Sources},
    suffix,
};

/// How a file of records looks from outside: a first line that is a record or a directive, and enough of them.
pub(super) fn claims(source: &Source) -> bool {
    let bytes = source.bytes();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let named = has_zone_name(source);
    if named && (bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff")) {
        return true;
    }
    let never = [
        ".md",
        ".markdown",
        ".rst",
        ".adoc",
        ".html",
        ".htm",
        ".xml",
        ".json",
        ".yaml",
        ".yml",
        ".tf",
        ".svg",
    ];
    let start = bytes
        .iter()
        .position(|byte| !byte.is_ascii_whitespace())
        .and_then(|at| bytes.get(at..))
        .unwrap_or_default();
    if never.iter().any(|end| source.path.ends_with(end))
        || start.is_empty()
        || matches!(start[0], b'<' | b'[')
        || start.starts_with(b"#!")
    {
        return false;
    }
    let (mut seen, mut records, mut sure) = (0, 0, false);
    let mut depth = 0;
    for line in bytes[..bytes.len().min(64 << 10)]
        .split(|byte| matches!(byte, b'\n' | b'\r'))
        .take(2000)
    {
        let line = &line[..line.len().min(1000)];
        let inside = depth > 0;
        let text = match line.iter().position(|byte| *byte == b';') {
            // A comment may hold anything, a quoted string too; either way what stands before it is enough.
            Some(end) => &line[..end],
            None => line,
        };
        if !text.contains(&b'"') {
            depth += text.iter().filter(|byte| **byte == b'(').count();
            depth = depth.saturating_sub(text.iter().filter(|byte| **byte == b')').count());
        } else if text.contains(&b')') {
            depth = 0;
        }
        if inside || text.trim_ascii().is_empty() || text.trim_ascii_start().starts_with(b"{") {
            continue;
        }
        let hash = matches!(text.trim_ascii_start(), [b'#', ..] | [b'/', b'/', ..]);
        if hash && named {
            continue;
        }
        seen += 1;
        match look(text) {
            Look::Directive => {
                records += 1;
                sure = true;
            }
            Look::Soa => {
                records += 1;
                sure = true;
            }
            Look::Record => records += 1,
            Look::Else if seen == 1 && !named => return false,
            Look::Else => {}
        }
        if seen >= 60 {
            break;
        }
    }
    records * 2 >= seen && (sure || records >= 2 || records == 1 && named)
}

enum Look {
    Directive,
    Soa,
    Record,
    Else,
}

/// What a line seems to be, by its words.
fn look(line: &[u8]) -> Look {
    let mut words = line
        .split(|byte| matches!(byte, b' ' | b'\t' | b'(' | b')'))
        .filter(|word| !word.is_empty());
    let Some(first) = words.clone().next() else {
        return Look::Else;
    };
    if line[0] == b'$' {
        let known = [b"$ORIGIN".as_slice(), b"$TTL", b"$INCLUDE", b"$GENERATE"];
        let assigns = words.nth(1).is_none_or(|second| second.starts_with(b"="));
        return if known.iter().any(|name| first.eq_ignore_ascii_case(name)) && !assigns {
            Look::Directive
        } else {
            Look::Else
        };
    }
    if !matches!(line[0], b' ' | b'\t') {
        words.next();
    }
    let mut class = false;
    for word in words.by_ref() {
        if [b"IN", b"CH", b"HS"]
            .iter()
            .any(|name| word.eq_ignore_ascii_case(*name))
        {
            class = true;
        } else if rdata::ttl(word).is_some() {
            continue;
        } else {
            let known = matches!(
                word.to_ascii_uppercase().as_slice(),
                b"A" | b"AAAA"
                    | b"CNAME"
                    | b"MX"
                    | b"TXT"
                    | b"NS"
                    | b"SOA"
                    | b"SRV"
                    | b"PTR"
                    | b"CAA"
                    | b"TLSA"
                    | b"SPF"
                    | b"SSHFP"
                    | b"DS"
                    | b"LUA"
                    | b"ALIAS"
                    | b"HTTPS"
            ) || rdata::type_number(word).is_some();
            let loud = class || word.iter().all(|byte| !byte.is_ascii_lowercase());
            return match known && loud && words.next().is_some() {
                true if word.eq_ignore_ascii_case(b"SOA") => Look::Soa,
                true => Look::Record,
                false => Look::Else,
            };
        }
    }
    Look::Else
}

fn has_zone_name(source: &Source) -> bool {
    let name = source.file_name();
    name.starts_with("db.")
        || [".zone", ".db", ".hosts", ".dns", ".rpz"]
            .iter()
            .any(|end| name.ends_with(end))
        || zone_of_file_name(name).is_some()
}

/// The zone that a file's name tells: without the usual prefixes and suffixes, if the rest looks like a domain.
fn zone_of_file_name(name: &str) -> Option<Name> {
    // Far more files called so are included by others than hold a zone of that top-level domain.
    if name.ends_with(".inc") {
        return None;
    }
    let mut rest = name;
    for prefix in ["db.", "zone.", "named.", "pri.", "master."] {
        rest = rest.strip_prefix(prefix).unwrap_or(rest);
    }
    while let Some(shorter) = [
        ".zone", ".db", ".hosts", ".txt", ".dns", ".in", ".j2", ".tmpl", ".tpl", ".", ".signed",
    ]
    .iter()
    .find_map(|end| rest.strip_suffix(end))
    {
        rest = shorter;
    }
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'/');
    let name = Name::parse(rest).filter(|name| name.label_count() > 1)?;
    (rest.bytes().all(plain) && suffix::has_known_tld(&name)).then_some(name)
}

/// The zones that a file is for, as far as something else than its content tells.
pub(super) fn zones_from_outside(source: &Source, sources: &Sources) -> Vec<Name> {
    if let Some(origin) = sources.told(source, |told| told.origin.clone()) {
        return vec![origin];
    }
    let configured: Vec<Name> = server::zones_of(source, sources)
        .iter()
        .filter_map(|zone| Name::parse(zone))
        .collect();
    if !configured.is_empty() {
        return configured;
    }
    let links: Vec<Name> = source
        .links
        .iter()
        .filter_map(|link| zone_of_file_name(source::file_name(link)))
        .collect();
    if !links.is_empty() {
        return links;
    }
    let by_name = zone_of_file_name(source.file_name());
    by_name
        .or_else(|| source.folder().rsplit('/').find_map(zone_of_file_name))
        .into_iter()
        .collect()
}
