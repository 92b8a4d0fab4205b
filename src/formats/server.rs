//! What server configurations in the repository say of zone files: which zone a file holds, and which server reads it.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Configured, Server, Source, Sources};

/// Reads all server configurations, and what zone files themselves betray of their server.
pub fn survey(sources: &mut Sources) {
    let mut configured = Vec::new();
    let mut servers: BTreeMap<String, BTreeSet<Server>> = BTreeMap::new();
    let mut add = |source: &Source, server| {
        servers.entry(source.folder().to_string()).or_default().insert(server);
    };
    for source in sources.all() {
        if let Some(server) = configuration(source) {
            configured.extend(zones(source, server));
            add(source, dialect(source, server));
        } else if let Some(server) = betrayed(source) {
            add(source, server);
        }
    }
    sources.configured = configured;
    sources.servers = servers;
}

/// The server whose configuration this file is, by its name.
pub fn configuration(source: &Source) -> Option<Server> {
    let name = source.file_name();
    if name.starts_with("named.conf") || name.starts_with("named") && name.ends_with(".conf") {
        Some(Server::Bind)
    } else if name == "pdns.conf" || name == "pdns" {
        Some(Server::PowerDns)
    } else if name == "nsd.conf" {
        Some(Server::Nsd)
    } else if name == "knot.conf" {
        Some(Server::Knot)
    } else {
        None
    }
}

/// PowerDNS reads BIND's configuration with its own types of zone.
fn dialect(source: &Source, server: Server) -> Server {
    let words = words(source.bytes());
    let native = words
        .windows(2)
        .any(|pair| pair[0] == b"type" && matches!(pair[1], b"native" | b"producer"));
    if server == Server::Bind && native {
        Server::PowerDns
    } else {
        server
    }
}

/// Record types that one server alone computes.
fn betrayed(source: &Source) -> Option<Server> {
    /// Few enough bytes to stay at hand while they are looked through for each word.
    const NEAR: usize = 64 << 10;
    let bytes = source.bytes();
    let words = [b"LUA".as_slice(), b"DYNA", b"DYNC"].map(memchr::memmem::Finder::new);
    let blank = |at: Option<&u8>| matches!(at, Some(b' ' | b'\t'));
    let mut found = [false; 3];
    for start in (0..bytes.len()).step_by(NEAR) {
        let near = &bytes[start..bytes.len().min(start + NEAR + 3)];
        for (word, found) in words.iter().zip(&mut found) {
            let is_type = |at: usize| {
                let before = at.checked_sub(1).and_then(|before| bytes.get(before));
                blank(before) && blank(bytes.get(at + word.needle().len()))
            };
            *found |= word.find_iter(near).any(|at| is_type(start + at));
        }
    }
    match found {
        [true, ..] => Some(Server::PowerDns),
        [false, false, false] => None,
        _ => Some(Server::Gdnsd),
    }
}

fn zones(source: &Source, server: Server) -> Vec<Configured> {
    let words = words(source.bytes());
    let folder = source.folder().to_string();
    let text = |word: &[u8]| String::from_utf8_lossy(word).into_owned();
    let mut found = Vec::new();
    let mut zone: Option<String> = None;
    for pair in words.windows(2) {
        match (server, pair[0], pair[1]) {
            (Server::Bind | Server::PowerDns, b"zone", name) => zone = Some(text(name)),
            (Server::Nsd, b"name:", name) | (Server::Knot, b"domain:", name) => zone = Some(text(name)),
            (Server::Bind | Server::PowerDns, b"file", file)
            | (Server::Nsd, b"zonefile:", file)
            | (Server::Knot, b"file:", file) => {
                if let Some(zone) = &zone {
                    found.push(Configured {
                        folder: folder.clone(),
                        zone: zone.clone(),
                        file: text(file),
                    });
                }
            }
            _ => {}
        }
    }
    found
}

/// The words of a configuration, without comments, quotes and punctuation; braces end a word.
fn words(bytes: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        match rest {
            [b'#', ..] | [b'/', b'/', ..] => at += memchr::memchr(b'\n', rest).unwrap_or(rest.len()),
            [b'/', b'*', ..] => at += memchr::memmem::find(rest, b"*/").map_or(rest.len(), |end| end + 2),
            [b'"', inside @ ..] => {
                let len = inside
                    .iter()
                    .position(|byte| matches!(byte, b'"' | b'\n'))
                    .unwrap_or(inside.len());
                words.push(&inside[..len]);
                at += len + 2;
            }
            [byte, ..] if byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b';' | b'-') => at += 1,
            _ => {
                let len = rest
                    .iter()
                    .position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'{' | b'}' | b';' | b'"'))
                    .unwrap_or(rest.len());
                words.push(&rest[..len]);
                at += len;
            }
        }
    }
    words
}

/// The zones that configurations say a file holds: those whose file name fits the end of its path best.
pub fn zones_of(source: &Source, sources: &Sources) -> Vec<String> {
    let mut best = 1;
    let mut zones: Vec<String> = Vec::new();
    for path in std::iter::once(&source.path).chain(&source.links) {
        for configured in &sources.configured {
            let common = common_tail(path, &configured.file);
            // By far the most configured files have another name.
            if common == 0 {
                continue;
            }
            let whole = configured
                .file
                .split('/')
                .filter(|part| !matches!(*part, "" | "."))
                .count();
            // A configuration speaks of files beside or below it, or by a path of the server whose end is that of ours.
            let near = crate::source::join(&configured.folder, &configured.file).as_deref() == Some(path);
            let below = configured.folder.is_empty() || path.starts_with(&format!("{}/", configured.folder));
            let score = if near { usize::MAX } else { common };
            if score < best || !(near || below && (common == whole || common >= 2) || common >= 3) {
                continue;
            }
            if score > best {
                zones.clear();
                best = score;
            }
            zones.push(configured.zone.clone());
        }
    }
    zones.sort();
    zones.dedup();
    zones
}

/// How many parts at the end two paths share.
fn common_tail(a: &str, b: &str) -> usize {
    a.rsplit('/')
        .zip(b.rsplit('/'))
        .take_while(|(a, b)| a == b && !a.is_empty())
        .count()
}
