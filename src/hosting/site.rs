//! Where in a site a policy file lies.

use crate::source::{Source, file_name, folder, join};

/// The path that senders ask for (RFC 8461, section 3.3), without its first slash.
pub const PATH: &str = ".well-known/mta-sts.txt";

/// Where in a site a policy file lies.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Place {
    /// Where senders ask for it.
    Right,
    /// At a path that was meant to be that.
    NearMiss,
    /// Anywhere else; only the configuration of a server tells where it is published.
    Elsewhere,
}

/// The site that a policy file belongs to.
#[derive(Clone, Copy, Debug)]
pub struct Site<'a> {
    /// The path of the policy file; that of a link to it, if that is better.
    pub path: &'a str,
    /// The folder that is published as `/`.
    pub root: &'a str,
    /// Where the policy lies in it.
    pub place: Place,
}

/// Folders that were meant to be `.well-known`.
const FOLDERS: [&str; 6] = [
    ".well-know",
    ".well-kown",
    ".well_known",
    ".wel-known",
    ".wellknown",
    "well-known",
];
/// Files that were meant to be `mta-sts.txt`.
const FILES: [&str; 5] = [
    "MTA-STS.txt",
    "mta-sts",
    "mta-sts.text",
    "mta-sts.txt.txt",
    "mta_sts.txt",
];
/// Folders whose content a site generator or a host takes as the site.
const PUBLISHED: [&str; 16] = [
    "_site",
    "build",
    "dist",
    "docs",
    "htdocs",
    "html",
    "out",
    "output",
    "public",
    "public_html",
    "site",
    "src",
    "static",
    "web",
    "www",
    "wwwroot",
];

/// The site that a policy file belongs to.
pub fn of(policy: &Source) -> Site<'_> {
    let links = policy.links.iter().map(|link| of_path(link));
    links.fold(
        of_path(&policy.path),
        |best, site| {
            if site.place < best.place { site } else { best }
        },
    )
}

/// The site that a file at this path belongs to.
pub fn of_path(path: &str) -> Site<'_> {
    let (above, name) = (folder(path), file_name(path));
    let parent = file_name(above);
    let is_named = name == "mta-sts.txt";
    let place = match parent {
        ".well-known" if is_named => Place::Right,
        ".well-known" if FILES.contains(&name) => Place::NearMiss,
        _ if is_named && FOLDERS.contains(&parent) => Place::NearMiss,
        _ => Place::Elsewhere,
    };
    Site {
        path,
        root: above_well_known(above).unwrap_or(above),
        place,
    }
}

/// The folder above `.well-known`, or above what was meant to be that.
fn above_well_known(path: &str) -> Option<&str> {
    let mut path = path;
    while !path.is_empty() {
        let name = file_name(path);
        if name == ".well-known" || FOLDERS.contains(&name) {
            return Some(folder(path));
        }
        path = folder(path);
    }
    None
}

impl<'a> Site<'a> {
    /// The folders in which files about the site may lie: the site itself, the one above, the whole repository.
    pub fn folders(&self) -> Vec<&'a str> {
        let mut folders = vec![self.root, folder(self.root), ""];
        folders.dedup();
        folders
    }

    /// Whether the policy lies where a site is published as `/`, as far as names tell: in the root of the repository, in a
    /// folder that generators or hosts publish, or in a checkout named for the policy host or for GitHub Pages.
    pub fn is_at_its_root(&self) -> bool {
        let name = file_name(self.root);
        let named = name.contains("mta-sts") || name.contains("mta_sts") || name.ends_with(".github.io");
        self.place == Place::Elsewhere
            && file_name(self.path) == file_name(PATH)
            && folder(self.path) == self.root
            && (self.root.is_empty() || named || self.is_output())
    }

    /// Whether `above` is surely published together with this site: it is the site, or a generator makes the site of it.
    pub fn is_made_from(&self, above: &str) -> bool {
        self.root == above || folder(self.root) == above && self.is_output()
    }

    /// Whether the folder is one that site generators take their files from, or write them to.
    pub fn is_output(&self) -> bool {
        PUBLISHED.contains(&file_name(self.root))
    }
}

/// The path of a file in a folder.
pub fn within(folder: &str, name: &str) -> String {
    join(folder, name).unwrap_or_default()
}
