//! GitHub Pages: which host a site has, and what its builder leaves out.

use crate::{
    hosting::{
        answers,
        site::{Place, Site, within},
    },
    source::{Source, Sources, file_name},
    span::Span,
};

/// The host of a site: the first line of its `CNAME` file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Host {
    /// Where it stands.
    pub span: Span,
    /// In lower case.
    pub name: String,
    /// Whether another line has a host `mta-sts`, which GitHub passes over.
    pub has_policy_host_below: bool,
}

/// Whether the builder leaves out folders whose names start with a dot.
#[derive(Clone, Copy, Debug)]
pub enum Builder<'a> {
    /// It does; a file that was meant to switch it off may be there.
    Hides(Option<&'a Source>),
    /// It does not, or nobody here can tell.
    Shows,
}

/// The file that switches the builder off.
pub const SWITCH: &str = ".nojekyll";
/// Files that were meant to be that.
const MISSPELT: [&str; 10] = [
    ".NoJekyll",
    ".no-jekyll",
    ".no_jekyll",
    ".nojekll",
    ".nojekyl",
    ".nojekyll.txt",
    ".nojekylll",
    ".nojeykll",
    "_nojekyll",
    "nojekyll",
];
/// The settings of the builder.
const SETTINGS: [&str; 2] = ["_config.yml", "_config.yaml"];
/// The one folder of a branch that GitHub publishes without a workflow, other than all of it.
const BRANCH_FOLDER: &str = "docs";
/// Where workflows are.
const WORKFLOWS: &str = ".github/workflows/";
/// What a workflow has that publishes a site itself.
const DEPLOYERS: [&str; 6] = [
    "deploy-pages",
    "gh-pages",
    "ghaction-github-pages",
    "github-pages-deploy-action",
    "pages deploy",
    "pages-artifact",
];

/// The paths of files that are looked at for a site.
pub fn companions(site: &Site<'_>) -> Vec<String> {
    let mut paths: Vec<String> = site.folders().iter().map(|folder| within(folder, "CNAME")).collect();
    let beside = std::iter::once(SWITCH).chain(MISSPELT).chain(SETTINGS);
    paths.extend(beside.map(|name| within(site.root, name)));
    paths.extend(workflows(site));
    paths
}

/// Whether a file tells how a site is published, by its path.
pub fn is_companion(path: &str) -> bool {
    let name = file_name(path);
    name == "CNAME"
        || name == SWITCH
        || MISSPELT.contains(&name)
        || SETTINGS.contains(&name)
        || path.starts_with(WORKFLOWS)
        || path.contains(&format!("/{WORKFLOWS}"))
}

/// The host in the `CNAME` file of a folder. A file without one, as templates have it, says nothing.
pub fn host(folder: &str, sources: &Sources) -> Option<Host> {
    let source = sources.at_path(&within(folder, "CNAME"))?;
    let bytes = source.bytes();
    let first = bytes.split(|byte| matches!(byte, b'\n' | b'\r')).next()?;
    let name = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(first).trim_ascii();
    if name.is_empty() {
        return None;
    }
    let end = first.trim_ascii_end().len();
    let below = bytes[first.len()..].split(|byte| matches!(byte, b'\n' | b'\r'));
    Some(Host {
        has_policy_host_below: below
            .into_iter()
            .any(|line| line.trim_ascii_start().starts_with(b"mta-sts.")),
        span: Span::new(source.id, end - name.len()..end),
        name: String::from_utf8_lossy(name).to_ascii_lowercase(),
    })
}

/// Whether a site is published otherwise than by GitHub from a branch: by a workflow, or by another host. The `CNAME` file
/// and the builder's settings in the branch then say little of it.
pub fn is_published_otherwise(site: &Site<'_>, sources: &Sources) -> bool {
    let has_workflow = |folder: &String| sources.under(folder).any(deploys);
    answers::is_configured(site, sources) || workflows(site).iter().any(has_workflow)
}

/// Where the workflows are that may publish a site: at the root of the repository, which may be one in another.
fn workflows(site: &Site<'_>) -> Vec<String> {
    site.folders()
        .into_iter()
        .map(|folder| format!("{}/", within(folder, WORKFLOWS)))
        .collect()
}

/// Whether a workflow publishes a site.
fn deploys(workflow: &Source) -> bool {
    workflow.bytes().split(|byte| *byte == b'\n').any(|line| {
        let line = line.trim_ascii().to_ascii_lowercase();
        let has = |word: &&str| memchr::memmem::find(&line, word.as_bytes()).is_some();
        !line.starts_with(b"#") && DEPLOYERS.iter().any(has)
    })
}

/// What becomes of the policy of a site that GitHub builds from a branch.
pub fn builder<'a>(site: &Site<'_>, sources: &'a Sources) -> Builder<'a> {
    let is_built = site.place == Place::Right
        && (!site.is_output() || file_name(site.root) == BRANCH_FOLDER)
        && host(site.root, sources).is_some()
        && !is_published_otherwise(site, sources);
    let beside = |name: &str| sources.at_path(&within(site.root, name));
    let is_shown = beside(SWITCH).is_some()
        || SETTINGS
            .iter()
            .any(|name| beside(name).is_some_and(|settings| includes_well_known(settings.bytes())));
    if is_built && !is_shown {
        Builder::Hides(MISSPELT.iter().find_map(|name| beside(name)))
    } else {
        Builder::Shows
    }
}

/// Whether the builder's settings have `.well-known`, or all dot files, under `include`. Any way to write a YAML list does,
/// so it is only looked for between this key and the next.
fn includes_well_known(settings: &[u8]) -> bool {
    let mut inside = false;
    for line in settings.split(|byte| matches!(byte, b'\n' | b'\r')) {
        let line = &line[..comment_start(line)];
        if line.starts_with(b"{") {
            inside = memchr::memmem::find(line, b"include").is_some();
        }
        let key = line.split(|byte| *byte == b':').next().unwrap_or_default();
        if line
            .first()
            .is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'"' | b'\''))
            && line != key
        {
            let quotes: &[char] = &['"', '\'', ' '];
            inside = String::from_utf8_lossy(key).trim_matches(quotes) == "include";
        }
        let has = |word: &str| memchr::memmem::find(line, word.as_bytes()).is_some();
        if inside && (has(".well-known") || has(".*")) {
            return true;
        }
    }
    false
}

/// Where the comment of a YAML line starts.
fn comment_start(line: &[u8]) -> usize {
    memchr::memchr_iter(b'#', line)
        .find(|at| {
            at.checked_sub(1)
                .is_none_or(|before| matches!(line[before], b' ' | b'\t'))
        })
        .unwrap_or(line.len())
}
