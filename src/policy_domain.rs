//! The domains that a policy file is for. The file names none, so what lies around it has to tell; if nothing there does, the
//! only record at `_mta-sts` of the repository ([`zones::Zones::policies`](crate::zones::Zones::policies)).

use std::collections::BTreeSet;

use crate::{
    hosting::{
        pages, servers,
        site::{self, Site},
    },
    name::Name,
    source::{Source, Sources, Told, file_name, folder},
    suffix,
};

/// A way to find the domains of a policy; empty if it tells none.
type Step = fn(&Site<'_>, &Sources) -> Vec<Name>;

/// The ways, the surest first.
const STEPS: [Step; 6] = [
    of_its_pages_host,
    of_host_in_path,
    of_domain_in_path,
    of_its_server,
    of_any_pages_host,
    of_checkout,
];
/// How many of them tell more than what the repository as a whole is about.
const SURE: usize = 4;

/// The domains that a policy file is for: those that the settings say, else by the first way that tells any.
pub fn domains(policy: &Source, sources: &Sources) -> Vec<Name> {
    by_steps(&STEPS, policy, sources)
}

/// The domains that a policy file is for beyond doubt: not because it lies somewhere in a repository about them.
pub fn sure_domains(policy: &Source, sources: &Sources) -> Vec<Name> {
    by_steps(&STEPS[..SURE], policy, sources)
}

/// Whether the path of a policy file names a domain: then a server is told which file is whose, and where it is published.
pub fn is_in_path(site: &Site<'_>, sources: &Sources) -> bool {
    [of_host_in_path, of_domain_in_path]
        .iter()
        .any(|step| !step(site, sources).is_empty())
}

/// The domains for whose policy the repository has a site: GitHub Pages, or a web server, are told the host.
pub fn sites(sources: &Sources) -> BTreeSet<Name> {
    let folders = sources.all().iter().filter(|source| source.file_name() == "CNAME");
    let of_pages = folders.filter_map(|source| Some(pages::host(source.folder(), sources)?.name));
    let of_servers = sources.served.values().flatten().map(|served| served.host.to_string());
    of_pages.chain(of_servers).filter_map(|host| of_host(&host)).collect()
}

/// Folders of which one is published: one for each mode.
const MODES: [&str; 3] = ["enforce", "none", "testing"];

/// Whether a policy file lies in a folder for one mode. Repositories keep one for each and publish one of them.
pub fn is_for_one_mode(path: &str) -> bool {
    folder(path).split('/').any(|folder| MODES.contains(&folder))
}

/// Folders of separate worlds: what stands in one says nothing of the others.
const WORLDS: [&str; 16] = [
    "beta",
    "canary",
    "dev",
    "development",
    "external",
    "int",
    "internal",
    "live",
    "preprod",
    "prod",
    "production",
    "qa",
    "stage",
    "staging",
    "test",
    "uat",
];

/// The folders above a file that tell which of separate worlds it is in.
pub fn worlds(path: &str) -> Vec<&str> {
    folder(path)
        .split('/')
        .filter(|folder| WORLDS.contains(folder))
        .collect()
}

/// Whether files in these worlds may speak of the same domain: one in none is in each of them.
pub fn may_be_one_world(a: &[&str], b: &[&str]) -> bool {
    a.is_empty() || b.is_empty() || a == b
}

fn by_steps(steps: &[Step], policy: &Source, sources: &Sources) -> Vec<Name> {
    let told = |told: &Told| Some(told.domains.clone()).filter(|domains| !domains.is_empty());
    if let Some(domains) = sources.told(policy, told) {
        return domains;
    }
    let site = site::of(policy);
    let mut found = steps.iter().map(|step| step(&site, sources));
    found.find(|found| !found.is_empty()).unwrap_or_default()
}

/// The `CNAME` file of GitHub Pages in the site.
fn of_its_pages_host(site: &Site<'_>, sources: &Sources) -> Vec<Name> {
    of_pages_host(site, sources, |folder| site.is_made_from(folder))
}

/// Another `CNAME` file of GitHub Pages, in the folder above or at the root of the repository.
fn of_any_pages_host(site: &Site<'_>, sources: &Sources) -> Vec<Name> {
    of_pages_host(site, sources, |_| true)
}

fn of_pages_host(site: &Site<'_>, sources: &Sources, is_meant: impl Fn(&str) -> bool) -> Vec<Name> {
    let folders = site.folders().into_iter().filter(|folder| is_meant(folder));
    let hosts = folders.filter_map(|folder| pages::host(folder, sources));
    hosts.filter_map(|host| of_host(&host.name)).take(1).collect()
}

/// A folder named for the host, the nearest to the file: `mta-sts.example.com/`.
fn of_host_in_path(site: &Site<'_>, _sources: &Sources) -> Vec<Name> {
    folders(site.path).filter_map(of_host).take(1).collect()
}

/// A folder, or the file itself, named for the domain: `example.com/`, `example.com.txt`.
fn of_domain_in_path(site: &Site<'_>, _sources: &Sources) -> Vec<Name> {
    let stem = file_name(site.path).strip_suffix(".txt");
    stem.into_iter()
        .chain(folders(site.path))
        .filter_map(domain)
        .take(1)
        .collect()
}

/// The hosts that a web server's configuration says it serves the site for.
fn of_its_server(site: &Site<'_>, sources: &Sources) -> Vec<Name> {
    let hosts = servers::hosts(site, sources).into_iter();
    hosts.filter_map(|host| of_host(&host.to_string())).collect()
}

/// The name of the folder that the repository is checked out to: people keep one for each policy.
fn of_checkout(_site: &Site<'_>, sources: &Sources) -> Vec<Name> {
    let name = sources.checkout.as_deref().map(str::to_ascii_lowercase);
    let host = |name: &String| name.find("mta-sts").and_then(|at| of_host(&name[at..]));
    name.as_ref().and_then(host).into_iter().collect()
}

/// The domain of a policy host: what follows `mta-sts`.
fn of_host(host: &str) -> Option<Name> {
    ["mta-sts.", "_mta-sts.", "mta-sts_"]
        .iter()
        .find_map(|prefix| {
            host.get(..prefix.len())
                .filter(|head| head.eq_ignore_ascii_case(prefix))
        })
        .and_then(|prefix| domain(&host[prefix.len()..]))
}

/// A word that is a domain beyond doubt.
fn domain(word: &str) -> Option<Name> {
    let is_host = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    let name = Name::parse(word).filter(|_| word.bytes().all(is_host))?;
    (name.label_count() > 1 && suffix::has_known_tld(&name)).then_some(name)
}

/// The names of the folders that a file lies in, the nearest first.
fn folders(path: &str) -> impl Iterator<Item = &str> {
    folder(path).rsplit('/').filter(|name| !name.is_empty())
}
