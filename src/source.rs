//! Files as they are on disk, and what is known of them before they are read.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

pub use crate::lines::Position;
use crate::{
    globs::Globs,
    limits::Limits,
    lines::Lines,
    name::Name,
    span::{SourceId, Span},
};

/// The largest file in bytes, so that offsets fit into a [`Span`]. Whoever loads files refuses larger ones.
pub const SIZE_MAX: usize = u32::MAX as usize;

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
    glance: OnceLock<Glance>,
}

/// What one look at all bytes tells.
#[derive(Default, Debug)]
struct Glance {
    nul: Option<usize>,
    dollars: Vec<u32>,
}

impl Source {
    /// A file with its bytes, at most [`SIZE_MAX`] of them. `path` is relative to the root, with `/`.
    pub fn new(id: SourceId, path: String, bytes: Vec<u8>) -> Source {
        Source {
            id,
            path,
            links: Vec::new(),
            octets: Arc::new(bytes),
            asked: true,
            lines: OnceLock::new(),
            glance: OnceLock::new(),
        }
    }

    /// The same file for another run, with the same bytes.
    pub fn again(&self) -> Source {
        Source {
            id: self.id,
            path: self.path.clone(),
            links: self.links.clone(),
            octets: Arc::clone(&self.octets),
            asked: self.asked,
            lines: OnceLock::new(),
            glance: OnceLock::new(),
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

    /// Whether the file lies in a folder or in one below it; a folder has no final `/`, and the root is empty.
    pub fn is_below(&self, folder: &str) -> bool {
        folder.is_empty() || self.path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
    }

    /// How many lines there are; an empty file has one.
    pub fn line_count(&self) -> usize {
        self.lines().count()
    }

    /// The bytes of a line, counted from 1, without its LF; none if there is no such line.
    pub fn line(&self, line: usize) -> &[u8] {
        let range = self.lines().line(&self.octets, line);
        range.and_then(|range| self.octets.get(range)).unwrap_or_default()
    }

    /// Where a line, counted from 1, starts in bytes from 0; the length of the file if there is no such line.
    pub fn line_start(&self, line: usize) -> usize {
        self.lines().start(&self.octets, line).unwrap_or(self.octets.len())
    }

    /// Where the byte at `offset` stands, counted from 0; the end of the file if it is beyond. What is not UTF-8, or cut by
    /// `offset`, counts as the replacement characters by which it is shown.
    pub fn position(&self, offset: usize) -> Position {
        self.lines().position(&self.octets, offset.min(self.octets.len()))
    }

    /// Where the first NUL byte stands.
    pub fn nul(&self) -> Option<usize> {
        self.glance().nul
    }

    /// Where a `$` starts a line, or follows a byte order mark, as directives of zone files do.
    pub fn dollars(&self) -> &[u32] {
        &self.glance().dollars
    }

    fn glance(&self) -> &Glance {
        self.glance.get_or_init(|| Glance::new(&self.octets))
    }

    fn lines(&self) -> &Lines {
        self.lines.get_or_init(|| Lines::new(&self.octets))
    }
}

impl Glance {
    fn new(bytes: &[u8]) -> Glance {
        let mut glance = Glance::default();
        for at in memchr::memchr2_iter(b'$', 0, bytes) {
            match bytes[..=at] {
                [.., 0] => glance.nul = glance.nul.or(Some(at)),
                [_] | [.., b'\n' | b'\r', _] | [0xef, 0xbb, 0xbf, _] => glance.dollars.push(at as u32),
                _ => {}
            }
        }
        glance
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

/// A folder and those above it, up to the root.
pub fn folders_above(start: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(start), |at| if at.is_empty() { None } else { Some(folder(at)) })
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
    /// The name of the folder that the repository is checked out to.
    pub checkout: Option<String>,
    /// The sites that configurations of web servers name, by the last folder of their path.
    pub served: BTreeMap<String, Vec<Served>>,
    /// The zones that server configurations say a file holds.
    pub configured: Vec<Configured>,
    /// The folders of zone files that configurations of OctoDNS name.
    pub zone_folders: Vec<ZoneFolder>,
    /// What the settings tell of files.
    pub told: Vec<Told>,
    /// Where the settings let rules draw the line.
    pub limits: Limits,
    /// What is known of the servers that read the files of a folder, and of those below it where nothing else is known.
    pub servers: BTreeMap<String, BTreeSet<Server>>,
    /// The folders of modules of Terraform that call others, and the folders of those.
    pub modules: BTreeMap<String, BTreeSet<String>>,
    /// The folders of modules in which, or in one that they call, a word stands that tells of mail.
    pub mail_modules: BTreeSet<String>,
}

/// A web server's configuration's word on a site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Served {
    /// The name of the host.
    pub host: Name,
    /// The folder or the file that it serves, as it is written; absolute paths are those of the server.
    pub path: String,
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

/// What the settings tell of some files.
#[derive(Clone, Default, Debug)]
pub struct Told {
    /// Which.
    pub paths: Globs,
    /// The zone that their relative names are in.
    pub origin: Option<Name>,
    /// The domains that a policy file is for.
    pub domains: Vec<Name>,
    /// The name of the view that they belong to: files of one view speak of the same names.
    pub view: Option<String>,
    /// Whether they hold all records of their zones.
    pub whole: Option<bool>,
}

/// A configuration's word on a folder with the files of zones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ZoneFolder {
    /// The folder of the configuration, relative to the root.
    pub configured_in: String,
    /// The folder as it is written there, which is relative to wherever the tool is run.
    pub directory: String,
    /// What follows a zone's name in the name of a folder that holds its files, if there are such.
    pub split: Option<String>,
    /// Whether semicolons are written as `\;`.
    pub escaped: bool,
    /// A file in it whose records are in every zone.
    pub shared: Option<String>,
    /// What is told of single zones, by their names without a final dot; `*` for all others.
    pub zones: BTreeMap<String, ConfiguredZone>,
    /// The other names of zones, by their names.
    pub aliases: BTreeMap<String, Vec<String>>,
}

/// A configuration's word on a zone whose records are in a folder.
#[derive(Clone, Default, PartialEq, Eq, Debug)]
pub struct ConfiguredZone {
    /// Whether there are, or may be, records from elsewhere, or some are left out or changed in ways that are not known.
    pub partial: bool,
    /// Whether what is wrong with its records is only warned of.
    pub lenient: bool,
    /// What is left out.
    pub filters: Vec<Filter>,
}

/// Something that leaves records out before they are published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Filter {
    /// Whether it looks at the types of records, and not at their names relative to the zone.
    pub by_type: bool,
    /// Whether those in the list stay, and not the others.
    pub keeps: bool,
    /// The types, or the names.
    pub list: Vec<String>,
}

impl Filter {
    /// Whether it lets a record through.
    pub fn passes(&self, name: &str, kind: &str) -> bool {
        let word = if self.by_type { kind } else { name };
        self.list.iter().any(|one| one == word) == self.keeps
    }
}

impl ZoneFolder {
    /// Whether it may be this folder, relative to the root: seen from where the configuration is, or from above.
    pub fn is_at(&self, folder: &str) -> bool {
        let mut from = folders_above(&self.configured_in);
        from.any(|from| join(from, &self.directory).as_deref() == Some(folder))
    }
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

    /// Other files, of which the same is known as of these.
    pub fn of_others(&self, all: Vec<Source>) -> Sources {
        Sources {
            checkout: self.checkout.clone(),
            served: self.served.clone(),
            configured: self.configured.clone(),
            zone_folders: self.zone_folders.clone(),
            told: self.told.clone(),
            limits: self.limits.clone(),
            servers: self.servers.clone(),
            modules: self.modules.clone(),
            mail_modules: self.mail_modules.clone(),
            ..Sources::new(all)
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

    /// The file with this number, which is that of a file of this run.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }

    /// The file at a path relative to the root, or linked from there.
    pub fn at_path(&self, path: &str) -> Option<&Source> {
        self.by_path.get(path).map(|id| self.get(*id))
    }

    /// The files whose path starts with `prefix`, in the order of these paths; links count as paths.
    pub fn under<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = &'a Source> {
        self.by_path
            .range(prefix.to_string()..)
            .take_while(move |(path, _)| path.starts_with(prefix))
            .map(|(_, id)| self.get(*id))
    }

    /// What the settings tell of a file: the first that `what` gives, the later before the earlier.
    pub fn told<'a, T>(&'a self, source: &Source, what: impl Fn(&'a Told) -> Option<T>) -> Option<T> {
        let mut all = self.told.iter().rev().filter(|told| told.paths.matches(&source.path));
        all.find_map(what)
    }

    /// The bytes at a place.
    pub fn bytes(&self, span: Span) -> &[u8] {
        self.get(span.source).at(span)
    }

    /// What the repository tells of the servers that read a file: those of its folder, or of the nearest one above it that
    /// has any. Sorted; empty if nothing tells.
    pub fn servers_of(&self, source: &Source) -> Vec<Server> {
        let mut at = source.folder();
        loop {
            match self.servers.get(at) {
                Some(servers) => return servers.iter().copied().collect(),
                None if at.is_empty() => return Vec::new(),
                None => at = folder(at),
            }
        }
    }
}
