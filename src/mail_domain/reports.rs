//! What a domain publishes about itself for reports and brands, and what its DMARC record asks for.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    effective::{Answers, Effective, Level, Verdict},
    mail_domain::{Home, Told},
    name::Name,
    policy::{dmarc::tag::TagName, tags, tls_rpt, uri::Uri},
    record::Txt,
    text::Text,
    zones::{Answer, Node, Wanted},
};

/// What receivers do with mail that fails, and what else the record for the domain itself asks for. `None` stands for what
/// nobody here can say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dmarc {
    /// By RFC 9989: for the domain, its subdomains, and names below it that do not exist.
    pub by_walk: [Option<Level>; 3],
    /// The same by RFC 7489.
    pub by_list: [Option<Level>; 3],
    /// The share of the mail that receivers by RFC 7489 act on.
    pub percent: Percent,
    /// Whether DKIM and SPF must be for the very domain.
    pub is_strict: Option<[bool; 2]>,
    /// Where aggregate reports go, each address once.
    pub reports: Told<BTreeSet<String>>,
    /// Where failure reports go, each address once.
    pub failure_reports: Told<BTreeSet<String>>,
}

/// The share of the mail in percent that receivers by RFC 7489 act on, if it is not all.
pub type Percent = Option<u32>;

/// What the DMARC records of a domain come to.
pub(super) fn dmarc(effective: &Effective<'_>) -> Dmarc {
    let levels = |answers: &Answers<'_>| {
        [
            answers.itself.level(),
            answers.subdomain.level(),
            answers.nonexistent.level(),
        ]
    };
    let own = effective.by_walk.itself.found();
    let addresses = |tag: TagName| match own {
        Some(found) => match found.published.addresses(tag) {
            Some(addresses) if addresses.is_empty() => Told::Absent,
            Some(addresses) => Told::Is(addresses),
            None => Told::Unknown,
        },
        None if effective.by_walk.itself.level().is_some() => Told::Absent,
        None => Told::Unknown,
    };
    Dmarc {
        by_walk: levels(&effective.by_walk),
        by_list: levels(&effective.by_list),
        percent: match &effective.by_list.itself {
            Verdict::Applies(applied) => applied.percent,
            _ => None,
        },
        is_strict: match own {
            Some(found) => (found.published.is_strict(TagName::Adkim))
                .zip(found.published.is_strict(TagName::Aspf))
                .map(|(dkim, spf)| [dkim, spf]),
            None => effective.by_walk.itself.level().map(|_| [false, false]),
        },
        reports: addresses(TagName::Rua),
        failure_reports: addresses(TagName::Ruf),
    }
}

/// The texts at a name; `None` if nobody here can say.
fn texts<'a>(from: &Node<'a>, name: &Name) -> Option<Vec<&'a Txt>> {
    match from.ask(name, Wanted::Txt) {
        Answer::Found(node) => {
            let texts = node.records().filter_map(|record| record.txt());
            Some(texts.filter(|txt| !txt.type99).collect())
        }
        Answer::Absent => Some(Vec::new()),
        Answer::Unknown => None,
    }
}

/// Where reports about TLS go (RFC 8460, section 3).
pub(super) fn tls(from: &Node<'_>, name: &Name) -> Told<BTreeSet<String>> {
    let Some(texts) = texts(from, &name.below("_tls").below("_smtp")) else {
        return Told::Unknown;
    };
    let mut all = BTreeSet::new();
    for txt in texts {
        let record = tls_rpt::parse(&txt.text, name.clone());
        if !txt.text.is_complete() {
            return Told::Unknown;
        }
        let begins = txt.text.bytes().starts_with(tls_rpt::DIALECT.version.as_bytes());
        all.extend(record.uris().filter(|_| begins).map(|uri| shown(&txt.text, uri)));
    }
    match all.is_empty() {
        true => Told::Absent,
        false => Told::Is(all),
    }
}

fn shown(text: &Text, uri: &Uri) -> String {
    String::from_utf8_lossy(text.get(uri.at.clone())).into_owned()
}

/// What the BIMI records of a domain say, by selector: location and evidence.
pub(super) fn bimi(home: &Home<'_>) -> BTreeMap<String, Told<[String; 2]>> {
    let mut all = BTreeMap::new();
    for (selector, node) in &home.bimi {
        let said = match texts(&home.from, node.name()) {
            None => Told::Unknown,
            Some(texts) => match texts[..] {
                [txt] if txt.text.is_complete() => Told::Is(["l", "a"].map(|name| value(&txt.text, name))),
                _ => Told::Unknown,
            },
        };
        all.insert(selector.clone(), said);
    }
    all
}

fn value(text: &Text, name: &str) -> String {
    let tags = tags::read(text, 0..text.len());
    let found = tags.iter().find(|tag| tag.is(text, name));
    found.map_or(String::new(), |tag| {
        String::from_utf8_lossy(text.get(tag.value.clone())).into_owned()
    })
}
