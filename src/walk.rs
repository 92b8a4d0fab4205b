//! Which files there are, and their bytes: the only part that opens files for reading.

mod before;
mod referred;
mod test_folders;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File},
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use ignore::{WalkBuilder, overrides::OverrideBuilder};

pub use self::before::load_before;
use self::{
    referred::{Disk, refer},
    test_folders::TestFolders,
};
use crate::{
    format::Format,
    formats,
    limits::Limits,
    parallel::map,
    settings::FileSettings,
    source::{SIZE_MAX, Source, Sources},
    span::SourceId,
};

/// What is to be read.
#[derive(Clone, Default, Debug)]
pub struct Request {
    /// Files and folders, as the user named them.
    pub paths: Vec<PathBuf>,
    /// The folder that nothing outside of is read; found if `None`.
    pub root: Option<PathBuf>,
    /// Globs of paths, relative to the root, that are left out.
    pub exclude: Vec<String>,
    /// Whether files that git ignores are read, too.
    pub read_ignored: bool,
    /// The format of the files that are named; found by their content if `None`.
    pub format: Option<&'static Format>,
    /// A text that stands for a file: the path that it goes by, and its bytes.
    pub text: Option<(PathBuf, Vec<u8>)>,
    /// The settings file, which findings may point into.
    pub settings: Option<SettingsFile>,
    /// What is to be known of files.
    pub files: Vec<FileSettings>,
    /// Where rules draw the line.
    pub limits: Limits,
    /// Whether to tell of the files that are left, too.
    pub tells_left: bool,
}

/// A settings file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettingsFile {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What was read.
#[derive(Debug)]
pub struct Loaded {
    /// The folder that all paths are relative to.
    pub root: PathBuf,
    /// The files that are in some format, and what they refer to.
    pub sources: Sources,
    /// The format of each of them; `None` for what is only referred to.
    pub formats: Vec<Option<&'static Format>>,
    /// What could not be read, or was left.
    pub problems: Vec<Problem>,
    /// What is to be said of records that were left out on purpose.
    pub left_out: Option<Problem>,
    /// How many files were looked at.
    pub seen: usize,
    /// The files that are left, by their path relative to the root, and why; only if that was asked for.
    pub left: Vec<(String, &'static str)>,
}

/// Something that could not be read, or was left on purpose.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Problem {
    /// The path, as the user can open it.
    pub path: PathBuf,
    /// What is the matter, to follow the path and a colon.
    pub what: String,
    /// Whether the work could not be done because of it.
    pub is_failure: bool,
}

/// What is said of a file that was named and holds nothing that is looked for.
const NOT_RECOGNISED: &str = "holds no DNS records and no MTA-STS policy that can be recognised; if it does hold some, say in \
                              which format with --input-format";

/// How much of a file is read before its format is known.
const HEAD: usize = 64 << 10;

/// Folders that hold other people's files.
const FOREIGN_FOLDERS: &[&str] = &[".git", ".hg", ".jj", ".svn", ".terraform", "node_modules"];
/// Endings of files that hold no text.
const BINARY: &[&str] = &[
    "7z", "a", "avif", "bin", "bmp", "bz2", "class", "dll", "dylib", "eot", "exe", "gif", "gz", "ico", "jar", "jpeg",
    "jpg", "mp3", "mp4", "o", "otf", "pdf", "png", "pyc", "rlib", "sqlite", "tar", "tgz", "tif", "tiff", "ttf", "wasm",
    "webm", "webp", "woff", "woff2", "xz", "zst",
];
/// Endings of copies that editors and people leave.
const COPIES: &[&str] = &["~", ".bak", ".old", ".orig", ".rej", ".swp", ".tmp"];

/// A file that was found.
#[derive(Debug)]
struct Found {
    file: PathBuf,
    /// How many bytes it had.
    size: usize,
    /// Other paths that are links to it, relative to the root.
    links: Vec<String>,
    /// Whether findings in it are wanted.
    asked: bool,
    /// Whether the user named it.
    named: bool,
    /// The folder of a program's tests that it lies in.
    tests: Option<PathBuf>,
}

/// The bytes of a file, and its format if it is in one.
type Opened = (Vec<u8>, Option<&'static Format>);

/// Reads what is asked for: the files in some format below the paths, and the files that those refer to.
pub fn load(request: &Request) -> Loaded {
    let root = root(request);
    let mut problems = Vec::new();
    let mut left = Vec::new();
    let found = find(request, &root, &mut problems, &mut left);
    let seen = found.len();
    let mut read: Vec<Entry> = Vec::new();
    // Files that hold nothing by themselves.
    let mut unread = BTreeSet::new();
    let opened = map(found.into_iter().collect(), |(path, found): (String, Found)| {
        let bytes = open(&path, &found, request);
        (path, found, bytes)
    });
    let mut left_out: BTreeMap<PathBuf, usize> = BTreeMap::new();
    for (path, found, bytes) in opened {
        match bytes {
            Ok(Some((_, format))) if found.tests.is_some() && !found.named && format_told(request, &path).is_none() => {
                if let Some(folder) = found.tests.filter(|_| format.is_some()) {
                    *left_out.entry(folder).or_default() += 1;
                }
                if request.tells_left {
                    left.push((path, "a file of a program's tests"));
                }
            }
            Ok(Some((bytes, format))) => {
                let mut source = Source::new(SourceId(0), path.clone(), bytes);
                source.asked = found.asked;
                source.links = found.links;
                read.push((path, source, format));
            }
            Ok(None) if found.named => problems.push(Problem {
                path: found.file,
                what: NOT_RECOGNISED.to_string(),
                is_failure: true,
            }),
            Ok(None) => {
                if request.tells_left {
                    left.push((path.clone(), "no records or policy in it"));
                }
                unread.insert(path);
            }
            Err(error) => problems.push(Problem {
                path: found.file,
                what: format!("cannot be read: {error}"),
                is_failure: true,
            }),
        }
    }
    if let Some((path, bytes)) = &request.text {
        let path = path_in(&root, path);
        read.retain(|(other, ..)| *other != path);
        let source = Source::new(SourceId(0), path.clone(), bytes.clone());
        let format = request.format.or_else(|| formats::of(&source));
        if format.is_none() {
            problems.push(Problem {
                path: PathBuf::from("-"),
                what: NOT_RECOGNISED.to_string(),
                is_failure: true,
            });
        }
        read.push((path, source, format));
    }
    refer(&mut read, &Disk(&root), &unread, &mut problems);
    if let Some(file) = &request.settings {
        read.retain(|(path, ..)| *path != file.path);
        let source = Source::new(SourceId(0), file.path.clone(), file.bytes.clone());
        read.push((file.path.clone(), source, None));
    }
    problems.sort();
    problems.dedup();
    let left_out = told_left_out(&left_out, &root);
    let loaded = loaded(request, root, read);
    left.retain(|(path, _)| loaded.sources.at_path(path).is_none());
    left.sort();
    Loaded {
        problems,
        left_out,
        seen,
        left,
        ..loaded
    }
}

/// A file, its path, and its format if it is in one.
type Entry = (String, Source, Option<&'static Format>);

fn loaded(request: &Request, root: PathBuf, read: Vec<Entry>) -> Loaded {
    let by_path: BTreeMap<String, Option<&'static Format>> =
        read.iter().map(|(path, _, format)| (path.clone(), *format)).collect();
    let mut sources = Sources::new(read.into_iter().map(|(_, source, _)| source).collect());
    sources.checkout = checkout(&root);
    sources.limits = request.limits.clone();
    sources.told = request.files.iter().map(|file| file.told.clone()).collect();
    formats::survey(&mut sources);
    let mut formats: Vec<Option<&'static Format>> = sources
        .all()
        .iter()
        .map(|source| by_path.get(&source.path).copied().flatten())
        .collect();
    formats::settle(&sources, &mut formats);
    Loaded {
        root,
        sources,
        formats,
        problems: Vec::new(),
        left_out: None,
        seen: 0,
        left: Vec::new(),
    }
}

/// The name of a folder that is the top of a checkout.
fn checkout(root: &Path) -> Option<String> {
    let name = root.file_name().filter(|_| root.join(".git").exists())?;
    Some(name.to_string_lossy().into_owned())
}

/// The format that the settings say a file is in.
fn format_told(request: &Request, path: &str) -> Option<&'static Format> {
    let mut all = request.files.iter().rev().filter(|file| file.told.paths.matches(path));
    all.find_map(|file| formats::named(file.format.as_deref()?))
}

/// The settings file that holds for a request: the nearest with this name at or above the first path, and in the root.
pub fn find_settings(request: &Request, name: &str) -> Option<PathBuf> {
    let root = root(request);
    let text = request.text.as_ref().map(|(path, _)| path);
    let first = absolute(text.or(request.paths.first())?);
    let folders = first.ancestors().take_while(|folder| folder.starts_with(&root));
    folders.map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Reads a settings file.
pub fn read_settings(request: &Request, file: &Path) -> io::Result<SettingsFile> {
    let bytes = fs::read(file)?;
    let file = absolute(file);
    let path = relative(&root(request), &file).unwrap_or_else(|| slashes(&file));
    Ok(SettingsFile { path, bytes })
}

/// The folder that all paths are relative to: as asked for, else the checkout around the first path, else the working
/// folder if it is around that, else the path itself; and as far above as all paths need.
pub fn root(request: &Request) -> PathBuf {
    if let Some(root) = &request.root {
        return absolute(root);
    }
    let text = request.text.as_ref().map(|(path, _)| path);
    let paths: Vec<PathBuf> = request.paths.iter().chain(text).map(|path| absolute(path)).collect();
    let working = absolute(Path::new("."));
    let Some(first) = paths.first() else { return working };
    let folder = if first.is_dir() {
        first.clone()
    } else {
        first.parent().unwrap_or(first).to_path_buf()
    };
    let checkout = folder.ancestors().find(|folder| folder.join(".git").exists());
    let mut root = match checkout {
        Some(checkout) => checkout.to_path_buf(),
        None if folder.starts_with(&working) => working,
        None => folder,
    };
    while !paths.iter().all(|path| path.starts_with(&root)) && root.pop() {}
    root
}

/// An absolute path without links, `.` and `..`, as far as it exists.
fn absolute(path: &Path) -> PathBuf {
    if let Ok(path) = fs::canonicalize(path) {
        return path;
    }
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let name = whole.file_name().map(PathBuf::from).unwrap_or_default();
    match whole.parent().map(fs::canonicalize) {
        Some(Ok(folder)) => folder.join(name),
        _ => whole,
    }
}

/// `path` relative to `root`, with `/`; `None` if it is not below.
pub fn relative(root: &Path, path: &Path) -> Option<String> {
    path.strip_prefix(root).ok().map(slashes)
}

/// The path of a file relative to `root`, with `/`; as it is named if it is not below.
pub fn path_in(root: &Path, path: &Path) -> String {
    relative(root, &absolute(path)).unwrap_or_else(|| slashes(path))
}

fn slashes(path: &Path) -> String {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_string_lossy().into_owned()),
        Component::ParentDir => Some("..".to_string()),
        _ => None,
    });
    parts.collect::<Vec<String>>().join("/")
}

/// How a file was come upon.
#[derive(Clone, PartialEq, Eq)]
enum Way {
    /// The user named it.
    Named,
    /// It lies in a folder; in this one of tests, if there is one around it.
    Below(Option<PathBuf>),
    /// A link to it does.
    Link,
}

/// The files below the paths, by their path relative to the root.
fn find(
    request: &Request,
    root: &Path,
    problems: &mut Vec<Problem>,
    left: &mut Vec<(String, &'static str)>,
) -> BTreeMap<String, Found> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut last_folder = (PathBuf::new(), PathBuf::new());
    let mut add = |path: &Path, way: Way, problems: &mut Vec<Problem>| {
        let named = way == Way::Named;
        let mut problem = |what: String, is_failure: bool| {
            problems.push(Problem {
                path: path.to_path_buf(),
                what,
                is_failure,
            });
        };
        // The folder of a link may itself be reached by a link; its own name is what counts.
        let parent = path.parent().unwrap_or(path);
        if last_folder.0 != parent {
            last_folder = (parent.to_path_buf(), absolute(parent));
        }
        let own = path.file_name().map(|name| last_folder.1.join(name));
        let real = match (&way, &own) {
            (Way::Below(_), Some(own)) => Ok(own.clone()),
            _ => fs::canonicalize(path),
        };
        let real = match real {
            Ok(real) => real,
            Err(error) => return problem(format!("leads nowhere: {error}"), named),
        };
        let Some(target) = relative(root, &real) else {
            return problem("leads out of the root, and is not followed".to_string(), named);
        };
        let size = match fs::metadata(&real) {
            Ok(meta) if meta.is_dir() => return,
            Ok(meta) if !meta.is_file() => {
                if named {
                    problem("is no file".to_string(), true);
                }
                return;
            }
            Ok(meta) if meta.len() > SIZE_MAX as u64 => return problem("is larger than 4 GiB".to_string(), true),
            Ok(meta) => meta.len() as usize,
            Err(error) => return problem(format!("cannot be read: {error}"), true),
        };
        let own = own.filter(|own| *own != real).and_then(|own| relative(root, &own));
        let entry = found.entry(target).or_insert_with(|| Found {
            file: path.to_path_buf(),
            size,
            links: Vec::new(),
            asked: true,
            named,
            tests: None,
        });
        entry.named |= named;
        if let Way::Below(tests) = way {
            entry.tests = tests;
        }
        entry.links.extend(own);
    };
    for path in &request.paths {
        if path.is_dir() {
            let mut tests = TestFolders::below(root, absolute(path));
            let mut last_folder = (PathBuf::new(), None);
            for entry in walker(request, root, path) {
                match entry {
                    Ok(entry) => {
                        let kind = entry.file_type();
                        let is_file = kind.is_some_and(|kind| kind.is_file());
                        let is_link = kind.is_some_and(|kind| kind.is_symlink());
                        if is_link {
                            add(entry.path(), Way::Link, problems);
                        } else if is_file && may_be_text(entry.path()) {
                            let parent = entry.path().parent().unwrap_or(path);
                            if last_folder.0 != parent {
                                last_folder = (parent.to_path_buf(), tests.around(&absolute(parent)));
                            }
                            add(entry.path(), Way::Below(last_folder.1.clone()), problems);
                        } else if is_file && request.tells_left {
                            let path = relative(root, &absolute(entry.path()));
                            left.extend(path.map(|path| (path, "not a text, or a copy, by its name")));
                        }
                    }
                    Err(error) => problems.push(Problem {
                        path: path.clone(),
                        what: error.to_string(),
                        is_failure: true,
                    }),
                }
            }
        } else if path.exists() || path.is_symlink() {
            add(path, Way::Named, problems);
        } else {
            problems.push(Problem {
                path: path.clone(),
                what: "no such file or folder".to_string(),
                is_failure: true,
            });
        }
    }
    for found in found.values_mut() {
        found.links.sort();
        found.links.dedup();
    }
    found
}

/// What is said of files with records that were left out as tests.
fn told_left_out(left_out: &BTreeMap<PathBuf, usize>, root: &Path) -> Option<Problem> {
    let (first, _) = left_out.first_key_value()?;
    let count: usize = left_out.values().sum();
    let files = if count == 1 {
        "1 file".to_string()
    } else {
        format!("{count} files")
    };
    let others = match left_out.len() - 1 {
        0 => String::new(),
        1 => " here and in 1 more folder".to_string(),
        others => format!(" here and in {others} more folders"),
    };
    Some(Problem {
        path: PathBuf::from(shown_path(root, &relative(root, first).unwrap_or_default())),
        what: format!("left out {files} of tests{others}; name a folder of tests to have it read"),
        is_failure: false,
    })
}

fn walker(request: &Request, root: &Path, path: &Path) -> ignore::Walk {
    let mut overrides = OverrideBuilder::new(root);
    for glob in &request.exclude {
        // A glob that cannot be read was refused by the caller.
        let _ = overrides.add(&format!("!{glob}"));
    }
    let mut walk = WalkBuilder::new(path);
    walk.hidden(false)
        .parents(!request.read_ignored)
        .ignore(!request.read_ignored)
        .git_ignore(!request.read_ignored)
        .git_exclude(!request.read_ignored)
        .git_global(false)
        .filter_entry(|entry| !FOREIGN_FOLDERS.iter().any(|name| entry.file_name() == *name));
    if let Ok(overrides) = overrides.build() {
        walk.overrides(overrides);
    }
    walk.build()
}

/// Whether a file is worth opening, by its name.
fn may_be_text(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let binary = ending.is_some_and(|ending| BINARY.binary_search(&ending.as_str()).is_ok());
    let copy = COPIES.iter().any(|end| name.ends_with(end)) || name.contains(".save.");
    !binary && !copy
}

/// The bytes of a file and its format; `None` if it is in none and nothing refers to files like it.
fn open(path: &str, found: &Found, request: &Request) -> io::Result<Option<Opened>> {
    let mut file = File::open(&found.file)?;
    // One byte more than there are, so that one call reads all and the next one knows.
    let mut bytes = Vec::with_capacity(found.size.min(HEAD) + 1);
    (&mut file).take(HEAD as u64).read_to_end(&mut bytes)?;
    let head = Source::new(SourceId(0), path.to_string(), bytes);
    let forced = request
        .format
        .filter(|_| found.named)
        .or_else(|| format_told(request, path));
    let format = forced.or_else(|| formats::of(&head));
    let is_known = format.is_some() || formats::is_companion(&head);
    if !is_known && (head.bytes().len() < HEAD || !formats::needs_all(path)) {
        return Ok(None);
    }
    let mut bytes = std::sync::Arc::try_unwrap(head.octets).unwrap_or_default();
    if bytes.len() == HEAD {
        let size = file.metadata().map_or(0, |meta| meta.len() as usize);
        bytes.reserve_exact(size.saturating_sub(HEAD) + 1);
        file.take(SIZE_MAX as u64).read_to_end(&mut bytes)?;
    }
    if is_known {
        return Ok(Some((bytes, format)));
    }
    let whole = Source::new(SourceId(0), path.to_string(), bytes);
    let format = formats::of(&whole);
    let is_known = format.is_some() || formats::is_companion(&whole);
    let bytes = std::sync::Arc::try_unwrap(whole.octets).unwrap_or_default();
    Ok(is_known.then_some((bytes, format)))
}

/// How the file at `path`, which is relative to `root`, can be opened from the working folder.
pub fn shown_path(root: &Path, path: &str) -> String {
    let working = absolute(Path::new("."));
    let file = root.join(path);
    let common = working
        .components()
        .zip(file.components())
        .take_while(|(a, b)| a == b)
        .count();
    let ups = working.components().count() - common;
    let rest: PathBuf = std::iter::repeat_n(Component::ParentDir, ups)
        .chain(file.components().skip(common))
        .collect();
    slashes(&rest)
}
