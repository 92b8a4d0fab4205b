//! Configurations of web servers that name a policy host and the folder that it serves: nginx, Apache, Caddy.
//!
//! Names and paths count as they are written; what a variable or a template stands for is not known.

use std::collections::BTreeMap;

use crate::{
    hosting::site::Site,
    name::Name,
    source::{Served, Source, Sources, file_name},
};

/// What the name of a policy host begins with.
const HOST: &[u8] = b"mta-sts.";
/// Folders that so many sites are served from that the name alone tells nothing.
const COMMON: [&str; 10] = [
    "dist",
    "docs",
    "html",
    "htdocs",
    "public",
    "public_html",
    "site",
    "static",
    "web",
    "www",
];

/// Whether a file is the configuration of a web server that names a policy host.
pub fn is_configuration(source: &Source) -> bool {
    let name = source.file_name();
    let is_server = |folder: &str| {
        matches!(
            folder,
            "sites-available" | "sites-enabled" | "vhosts" | "nginx" | "caddy"
        )
    };
    let is_named = name.ends_with(".conf") || name == "Caddyfile" || name.ends_with(".caddy");
    let is_kept = is_named || source.folder().split('/').any(is_server);
    is_kept && memchr::memmem::find(source.bytes(), HOST).is_some()
}

/// Reads the configurations of all web servers.
pub fn survey(sources: &mut Sources) {
    let mut served: BTreeMap<String, Vec<Served>> = BTreeMap::new();
    for source in sources.all().iter().filter(|source| is_configuration(source)) {
        for site in sites(&String::from_utf8_lossy(source.bytes())) {
            served
                .entry(file_name(root(&site.path)).to_string())
                .or_default()
                .push(site);
        }
    }
    sources.served = served;
}

/// The hosts that surely serve the site of a policy file.
pub fn hosts(site: &Site<'_>, sources: &Sources) -> Vec<Name> {
    /// Where more sites have a folder of one name, nothing is sure.
    const MOST: usize = 1000;
    let all = sources
        .served
        .get(file_name(site.root))
        .into_iter()
        .flatten()
        .take(MOST);
    let mut hosts: Vec<Name> = all
        .filter(|served| serves(root(&served.path), site))
        .map(|served| served.host.clone())
        .collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

/// The root of a site of which a path of a server is that, or that of the policy in it.
fn root(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("/mta-sts.txt").unwrap_or(path);
    path.strip_suffix("/.well-known").unwrap_or(path)
}

/// Whether the root of a site on a server is that of a site in the repository: their last parts are the same.
fn serves(root: &str, site: &Site<'_>) -> bool {
    let parts = root.rsplit('/').zip(site.root.rsplit('/'));
    let common = parts.take_while(|(a, b)| a == b && !a.is_empty()).count();
    common >= if COMMON.contains(&file_name(root)) { 2 } else { 1 }
}

/// The sites of a configuration. A block that names policy hosts ends where another one begins.
fn sites(text: &str) -> Vec<Served> {
    let mut sites = Vec::new();
    let mut block = Block::default();
    let mut depth = 0usize;
    for line in text.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let begins = line.starts_with("<VirtualHost")
            || line == "server"
            || line.ends_with('{') && (depth == 0 || line.starts_with("server"));
        if begins {
            block.end(&mut sites);
        }
        depth += line.matches('{').count();
        depth = depth.saturating_sub(line.matches('}').count());
        // Several directives may stand on a line.
        for directive in line.split(['{', ';', '}']) {
            let words: Vec<&str> = directive
                .split_whitespace()
                .map(|word| word.trim_matches(['"', '\'']))
                .collect();
            let Some((first, rest)) = words.split_first() else {
                continue;
            };
            match first.to_ascii_lowercase().as_str() {
                "server_name" | "servername" | "serveralias" => {
                    block.hosts.extend(rest.iter().filter_map(|word| host(word)))
                }
                "root" | "documentroot" | "alias" => block
                    .paths
                    .extend(rest.last().filter(|path| is_literal(path)).map(|path| path.to_string())),
                // The name of a site of Caddy begins its block.
                _ if begins && !line.starts_with("server") => {
                    let names = words.iter().map(|word| word.trim_end_matches(','));
                    block.hosts.extend(names.filter_map(host));
                }
                _ => {}
            }
        }
        if line.starts_with("</VirtualHost") {
            block.end(&mut sites);
        }
    }
    block.end(&mut sites);
    sites
}

/// What a block of a configuration names.
#[derive(Default)]
struct Block {
    hosts: Vec<Name>,
    paths: Vec<String>,
}

impl Block {
    fn end(&mut self, sites: &mut Vec<Served>) {
        let Block { hosts, paths } = std::mem::take(self);
        for host in hosts {
            let of_host = paths.iter().map(|path| Served {
                host: host.clone(),
                path: path.clone(),
            });
            sites.extend(of_host);
        }
    }
}

/// The name of a policy host.
fn host(word: &str) -> Option<Name> {
    let word = word.strip_prefix("https://").unwrap_or(word);
    let word = word.strip_suffix(":443").unwrap_or(word);
    let is_host = word.as_bytes().starts_with(HOST) && is_literal(word);
    is_host.then(|| Name::parse(word)).flatten()
}

fn is_literal(word: &str) -> bool {
    !word.is_empty() && !word.contains(['$', '{', '*', '~', '<', '%'])
}
