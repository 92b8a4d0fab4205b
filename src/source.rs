//! Files as they are on disk, and where a byte stands in lines and columns.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use crate::span::{SourceId, Span};

/// One file. Its bytes are those on disk: what is not UTF-8, a byte order mark or UTF-16 can be a finding.
#[derive(Debug)]
pub struct Source {
    /// Its number along the sorted paths.
    pub id: SourceId,
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// Other paths that are symbolic links to this file, relative to the root, with `/`.
    pub links: Vec<String>,
    /// The bytes on disk, shared with every value that is read from them.
    pub octets: Arc<Vec<u8>>,
    /// Whether the user asked for findings in this file; if not, it was loaded because another file refers to it.
    pub asked: bool,
    lines: OnceLock<Lines>,
}

/// A position as people and programs count it, from 1.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line. Lines end at LF.
    pub line: usize,
    /// The column in bytes.
    pub byte: usize,
    /// The column in Unicode characters.
    pub char: usize,
    /// The column in UTF-16 code units.
    pub utf16: usize,
}

/// Line starts, and how many characters stand before each block of bytes, so that the column of any byte is found by
/// looking at few bytes, however long its line is.
#[derive(Debug)]
struct Lines {
    starts: Vec<u32>,
    blocks: Vec<Count>,
}

#[derive(Clone, Copy, Default, Debug)]
struct Count {
    chars: u32,
    utf16: u32,
}

const BLOCK: usize = 4096;

impl Source {
    /// A file with its bytes. `path` is relative to the root, with `/`.
    pub fn new(id: SourceId, path: String, bytes: Vec<u8>) -> Source {
        Source {
            id,
            path,
            links: Vec::new(),
            octets: Arc::new(bytes),
            asked: true,
            lines: OnceLock::new(),
        }
    }

    /// The bytes on disk.
    pub fn bytes(&self) -> &[u8] {
        &self.octets
    }

    /// The bytes at `span`; none if it is not of this file.
    pub fn at(&self, span: Span) -> &[u8] {
        if span.source != self.id {
            return &[];
        }
        self.octets.get(span.range()).unwrap_or_default()
    }

    /// The whole file as a place.
    pub fn span(&self) -> Span {
        Span::new(self.id, 0..self.octets.len())
    }

    /// The last part of the path.
    pub fn file_name(&self) -> &str {
        file_name(&self.path)
    }

    /// The folder of the file, without a final `/`; empty at the root.
    pub fn folder(&self) -> &str {
        folder(&self.path)
    }

    /// How many lines there are; an empty file has one.
    pub fn line_count(&self) -> usize {
        self.lines().starts.len()
    }

    /// The bytes of a line, counted from 1, without its LF.
    pub fn line(&self, line: usize) -> &[u8] {
        let starts = &self.lines().starts;
        let start = match line.checked_sub(1).and_then(|index| starts.get(index)) {
            Some(start) => *start as usize,
            None => return &[],
        };
        let end = starts.get(line).map_or(self.octets.len(), |next| *next as usize - 1);
        &self.octets[start..end]
    }

    /// Where a line, counted from 1, starts in bytes from 0; the length of the file if there is no such line.
    pub fn line_start(&self, line: usize) -> usize {
        line.checked_sub(1)
            .and_then(|index| self.lines().starts.get(index))
            .map_or(self.octets.len(), |start| *start as usize)
    }

    /// Where the byte at `offset` stands. In what is not UTF-8, every byte that continues no character counts as one.
    pub fn position(&self, offset: usize) -> Position {
        let offset = offset.min(self.octets.len());
        let lines = self.lines();
        let line = lines.starts.partition_point(|start| *start as usize <= offset);
        let start = lines.starts[line - 1] as usize;
        let (here, there) = (self.count(offset), self.count(start));
        Position {
            line,
            byte: offset - start + 1,
            char: (here.chars - there.chars) as usize + 1,
            utf16: (here.utf16 - there.utf16) as usize + 1,
        }
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines {
            starts: std::iter::once(0)
                .chain(memchr::memchr_iter(b'\n', &self.octets).map(|at| at as u32 + 1))
                .collect(),
            blocks: self
                .octets
                .chunks(BLOCK)
                .scan(Count::default(), |before, block| {
                    let here = *before;
                    *before = here.plus(block);
                    Some(here)
                })
                .collect(),
        })
    }

    /// How many characters stand before `offset`.
    fn count(&self, offset: usize) -> Count {
        match self.lines().blocks.get(offset / BLOCK) {
            Some(count) => count.plus(&self.octets[offset / BLOCK * BLOCK..offset]),
            None => match self.lines().blocks.last() {
                Some(count) => count.plus(&self.octets[(offset / BLOCK - 1) * BLOCK..offset]),
                None => Count::default(),
            },
        }
    }
}

impl Count {
    fn plus(self, bytes: &[u8]) -> Count {
        let chars = bytes.iter().filter(|byte| !(0x80..0xc0).contains(*byte)).count() as u32;
        let astral = bytes.iter().filter(|byte| **byte >= 0xf0).count() as u32;
        Count {
            chars: self.chars + chars,
            utf16: self.utf16 + chars + astral,
        }
    }
}

/// The last part of a path with `/`.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// All but the last part of a path with `/`, without a final `/`; empty at the root.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// `path` seen from `folder`, with `.` and `..` resolved. `None` if it leaves the root or is absolute.
pub fn join(folder: &str, path: &str) -> Option<String> {
    if path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// All files of this run, in the order of their paths.
#[derive(Default, Debug)]
pub struct Sources {
    all: Vec<Source>,
    by_path: BTreeMap<String, SourceId>,
    /// The zones that server configurations say a file holds.
    pub configured: Vec<Configured>,
    /// What is known of the servers that read the files of a folder.
    pub servers: Vec<(String, Server)>,
}

/// A server configuration's word that a file holds a zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Configured {
    /// The folder of the configuration, relative to the root.
    pub folder: String,
    /// The zone as it is written there.
    pub zone: String,
    /// The file as it is written there; absolute paths are those of the server.
    pub file: String,
}

/// The programs that read zone files, where they differ.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Server {
    /// BIND.
    Bind,
    /// NSD.
    Nsd,
    /// Knot DNS.
    Knot,
    /// PowerDNS splits long character-strings by itself and computes `LUA` records.
    PowerDns,
    /// gdnsd splits long character-strings by itself.
    Gdnsd,
}

impl Sources {
    /// The files in the order of their paths; each gets its number from its place.
    pub fn new(mut all: Vec<Source>) -> Sources {
        all.sort_by(|a, b| a.path.cmp(&b.path));
        let mut by_path = BTreeMap::new();
        for (index, source) in all.iter_mut().enumerate() {
            source.id = SourceId(index as u32);
            for path in std::iter::once(&source.path).chain(&source.links) {
                by_path.insert(path.clone(), source.id);
            }
        }
        Sources {
            all,
            by_path,
            ..Sources::default()
        }
    }

    /// All files, in the order of their paths.
    pub fn all(&self) -> &[Source] {
        &self.all
    }

    /// The files themselves, to be joined by others.
    pub fn into_all(self) -> Vec<Source> {
        self.all
    }

    /// The file with this number.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    /// The file at a path relative to the root, or linked from there.
    pub fn at_path(&self, path: &str) -> Option<&Source> {
        self.by_path.get(path).map(|id| self.get(*id))
    }

    /// The files whose path starts with `prefix`, in order.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Source> {
        self.by_path
            .range(prefix.to_string()..)
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(_, id)| self.get(*id))
    }

    /// The bytes at a place.
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.get(span.source).at(span)
    }

    /// What the repository tells of the servers that read a file: those of the nearest folder above it that says so.
    pub fn servers_of(&self, source: &Source) -> Vec<Server> {
        let above = |folder: &str| {
            folder.is_empty()
                || source
                    .path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let nearest = self
            .servers
            .iter()
            .filter(|(folder, _)| above(folder))
            .map(|(folder, _)| folder.len())
            .max();
        let mut servers: Vec<Server> = self
            .servers
            .iter()
            .filter(|(folder, _)| above(folder) && Some(folder.len()) == nearest)
            .map(|(_, server)| *server)
            .collect();
        servers.sort();
        servers.dedup();
        servers
    }
}
