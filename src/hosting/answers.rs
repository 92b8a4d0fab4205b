//! What the configuration of a web host answers when senders ask for the policy of a site.

use crate::{
    hosting::{
        json, netlify,
        pattern::{self, Syntax, covers},
        site::{PATH, Site, within},
    },
    source::{Source, Sources, file_name, join},
    span::Span,
};

/// A host, by the file that configures it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Host {
    /// `_redirects`: Cloudflare Pages, where every rule applies, or Netlify.
    Redirects,
    /// `netlify.toml`: Netlify, where a file that is there comes before a rule that is not forced.
    Netlify,
    /// `vercel.json`: Vercel.
    Vercel,
    /// `staticwebapp.config.json`: Azure Static Web Apps.
    Azure,
    /// `firebase.json`: Firebase Hosting.
    Firebase,
}

/// The files that configure hosts.
const FILES: [(&str, Host); 5] = [
    ("_redirects", Host::Redirects),
    ("firebase.json", Host::Firebase),
    ("netlify.toml", Host::Netlify),
    ("staticwebapp.config.json", Host::Azure),
    ("vercel.json", Host::Vercel),
];

/// The rules of a host, in the order in which it goes by them.
#[derive(Default, Debug)]
pub struct Rules {
    /// The rules.
    pub rules: Vec<Rule>,
    /// The folder that is published, if the file tells, relative to its own.
    pub publishes: Option<String>,
}

/// What a host answers for a path.
#[derive(Debug)]
pub struct Rule {
    /// Where it stands.
    pub span: Span,
    /// The pattern of paths.
    pub from: String,
    /// Where it leads.
    pub to: String,
    /// The status; `None` where the host answers as if there were no rule.
    pub status: Option<u16>,
    /// Whether it applies although a file is there.
    pub is_forced: bool,
    /// Whether it applies under conditions only: another host, a country, a cookie.
    pub is_conditional: bool,
}

/// A configuration file and its rules.
struct Configuration<'a> {
    source: &'a Source,
    host: Host,
    rules: Rules,
}

/// The paths of files that are looked at for a site.
pub fn companions(site: &Site<'_>) -> Vec<String> {
    site.folders()
        .iter()
        .flat_map(|folder| FILES.iter().map(|(name, _)| within(folder, name)))
        .collect()
}

/// Whether a file tells what a host answers, by its path.
pub fn is_companion(path: &str) -> bool {
    FILES.iter().any(|(name, _)| *name == file_name(path))
}

/// Whether a host other than GitHub Pages is configured for a site.
pub fn is_configured(site: &Site<'_>, sources: &Sources) -> bool {
    companions(site).iter().any(|path| sources.at_path(path).is_some())
}

/// The rules that surely answer with a redirect when senders ask for the policy of a site, one of each host at most.
pub fn redirects(site: &Site<'_>, sources: &Sources) -> Vec<(Rule, u16)> {
    configurations(site, sources)
        .into_iter()
        .filter(|configuration| configuration.is_of(site))
        .filter_map(|configuration| configuration.redirect(site, sources))
        .collect()
}

/// Whether a rule answers with the file of a site although it is not at the right path.
pub fn is_rewritten(site: &Site<'_>, sources: &Sources) -> bool {
    configurations(site, sources).iter().any(|configuration| {
        let syntax = configuration.host.syntax();
        configuration.rules.rules.iter().any(|rule| {
            let target = covers(&rule.from, syntax).map(|rest| pattern::fill(&rule.to, rest));
            rule.status == Some(200)
                && target.is_some_and(|target| site.path == target || site.path.ends_with(&format!("/{target}")))
        })
    })
}

fn configurations<'a>(site: &Site<'_>, sources: &'a Sources) -> Vec<Configuration<'a>> {
    let mut found = Vec::new();
    for folder in site.folders() {
        for (name, host) in FILES {
            let Some(source) = sources.at_path(&within(folder, name)) else {
                continue;
            };
            let rules = match host {
                Host::Redirects => netlify::redirects(source),
                Host::Netlify => netlify::settings(source),
                Host::Vercel => json::vercel(source),
                Host::Azure => json::azure(source),
                Host::Firebase => json::firebase(source),
            };
            found.push(Configuration { source, host, rules });
        }
    }
    found
}

impl Host {
    fn syntax(self) -> Syntax {
        match self {
            Host::Redirects | Host::Netlify | Host::Azure => Syntax::Splat,
            Host::Firebase => Syntax::Glob,
            Host::Vercel => Syntax::Expression,
        }
    }
}

impl Configuration<'_> {
    /// Whether the file surely configures the host of this site.
    fn is_of(&self, site: &Site<'_>) -> bool {
        let folder = self.source.folder();
        match (&self.rules.publishes, self.host) {
            (Some(published), _) => join(folder, published).as_deref() == Some(site.root),
            (None, Host::Redirects) => site.root == folder,
            (None, _) => site.is_made_from(folder),
        }
    }

    /// The first rule that decides, if it is a redirect.
    fn redirect(self, site: &Site<'_>, sources: &Sources) -> Option<(Rule, u16)> {
        let has_file = sources.at_path(&within(site.root, PATH)).is_some();
        let is_netlify = self.host == Host::Netlify
            || self.host == Host::Redirects
                && site
                    .folders()
                    .iter()
                    .any(|folder| sources.at_path(&within(folder, "netlify.toml")).is_some());
        let decides = |rule: &Rule| {
            // Cloudflare obeys each rule, Netlify only forced ones where a file is. Without knowing which of them it is,
            // a rule for this very path is meant for it, and one for all paths may be meant for the others.
            let is_shadowed = match self.host {
                Host::Redirects | Host::Netlify => {
                    has_file && !rule.is_forced && (is_netlify || rule.from.trim_start_matches('/') != PATH)
                }
                _ => false,
            };
            !is_shadowed && !rule.is_conditional && covers(&rule.from, self.host.syntax()).is_some()
        };
        let rule = self.rules.rules.into_iter().find(decides)?;
        let status = rule
            .status
            .filter(|status| matches!(status, 301 | 302 | 303 | 307 | 308))?;
        Some((rule, status))
    }
}

/// The path of a rule's pattern that may name a host; `None` if it is about other hosts than `mta-sts`, or not HTTPS.
pub fn path_of(from: &str) -> Option<&str> {
    if from.starts_with('/') {
        return Some(from);
    }
    let url = from.strip_prefix("https://")?;
    let slash = url.find('/')?;
    url.starts_with("mta-sts.").then(|| &url[slash..])
}
