//! The rules: one folder for each family, one file for each theme.

use crate::{
    near,
    rule::{FAMILIES, Rule},
    settings::Settings,
};

pub mod bimi;
pub mod data;
pub mod dkim;
pub mod dmarc;
mod fields;
pub mod ignore;
pub mod jsonl;
mod mail;
pub mod mta_sts;
pub mod mx;
pub mod names;
mod owner;
pub mod parked;
mod report_uris;
pub mod spf;
pub mod tls_rpt;
pub mod tlsa;
pub mod ttl;
mod version;
mod wording;
pub mod zone;

/// The themes, each a list of rules.
static THEMES: &[&[Rule]] = &[
    bimi::dmarc::RULES,
    bimi::formats::RULES,
    bimi::links::RULES,
    bimi::owner::RULES,
    bimi::record::RULES,
    bimi::tags::RULES,
    bimi::uris::RULES,
    bimi::values::RULES,
    data::octodns::RULES,
    data::references::RULES,
    data::syntax::RULES,
    dkim::characters::RULES,
    dkim::ed25519::RULES,
    dkim::key_data::RULES,
    dkim::key_kinds::RULES,
    dkim::leftovers::RULES,
    dkim::lists::RULES,
    dkim::location::RULES,
    dkim::rsa::RULES,
    dkim::selection::RULES,
    dkim::shared_keys::RULES,
    dkim::tags::RULES,
    dkim::values::RULES,
    dkim::version::RULES,
    dmarc::authorization::RULES,
    dmarc::characters::RULES,
    dmarc::consent::RULES,
    dmarc::destinations::RULES,
    dmarc::keywords::RULES,
    dmarc::location::RULES,
    dmarc::old_tags::RULES,
    dmarc::organization::RULES,
    dmarc::policy::RULES,
    dmarc::report_lists::RULES,
    dmarc::report_uris::RULES,
    dmarc::selection::RULES,
    dmarc::tags::RULES,
    dmarc::test_mode::RULES,
    dmarc::version::RULES,
    dmarc::zone::RULES,
    jsonl::lines::RULES,
    mta_sts::change::RULES,
    mta_sts::coverage::RULES,
    mta_sts::domain::RULES,
    mta_sts::fields::RULES,
    mta_sts::id::RULES,
    mta_sts::parts::RULES,
    mta_sts::policy_domains::RULES,
    mta_sts::policy_fields::RULES,
    mta_sts::policy_file::RULES,
    mta_sts::policy_hosts::RULES,
    mta_sts::policy_layout::RULES,
    mta_sts::policy_lines::RULES,
    mta_sts::policy_max_age::RULES,
    mta_sts::policy_mx::RULES,
    mta_sts::policy_mx_names::RULES,
    mta_sts::policy_place::RULES,
    mta_sts::policy_providers::RULES,
    mta_sts::record::RULES,
    mx::hosts::RULES,
    mx::null::RULES,
    mx::senders::RULES,
    mx::targets::RULES,
    ignore::RULES,
    names::aliases::RULES,
    names::delegations::RULES,
    names::owners::RULES,
    names::pieces::RULES,
    names::wildcards::RULES,
    parked::domains::RULES,
    spf::addresses::RULES,
    spf::characters::RULES,
    spf::domains::RULES,
    spf::explanations::RULES,
    spf::lookups::RULES,
    spf::macros::RULES,
    spf::mechanisms::RULES,
    spf::modifiers::RULES,
    spf::names::RULES,
    spf::networks::RULES,
    spf::overlaps::RULES,
    spf::prefixes::RULES,
    spf::references::RULES,
    spf::selection::RULES,
    spf::separators::RULES,
    spf::terms::RULES,
    spf::version::RULES,
    spf::voids::RULES,
    tls_rpt::destinations::RULES,
    tls_rpt::fields::RULES,
    tls_rpt::record::RULES,
    tls_rpt::rua::RULES,
    tls_rpt::uri::RULES,
    tlsa::data::RULES,
    tlsa::hosts::RULES,
    tlsa::owners::RULES,
    ttl::policies::RULES,
    zone::characters::RULES,
    zone::cname::RULES,
    zone::data::RULES,
    zone::directives::RULES,
    zone::dots::RULES,
    zone::includes::RULES,
    zone::names::RULES,
    zone::owners::RULES,
    zone::quotes::RULES,
    zone::sets::RULES,
    zone::strings::RULES,
    zone::syntax::RULES,
    zone::ttl::RULES,
    zone::txt_quotes::RULES,
];

/// Rules about any text, each with those that say the same of a certain policy.
static SAID_OF_A_POLICY: &[(&str, &[&str])] = &[
    (
        "zone-txt-control-char",
        &[
            "bimi-uri-invalid",
            "dkim-control-char",
            "dmarc-control-char",
            "spf-control-char",
        ],
    ),
    ("zone-txt-join-missing-space", &["spf-string-boundary"]),
    (
        "zone-txt-non-ascii",
        &[
            "bimi-tag-syntax",
            "bimi-uri-invalid",
            "dkim-non-ascii",
            "dmarc-non-ascii",
            "spf-non-ascii",
        ],
    ),
];

/// Whether a finding of `general` says nothing that one of `other` at the same place does not say better.
pub fn is_said_by(general: &str, other: &str) -> bool {
    SAID_OF_A_POLICY
        .iter()
        .any(|(id, others)| *id == general && others.contains(&other))
}

/// All rules, sorted by id.
pub fn all() -> Vec<&'static Rule> {
    let mut rules: Vec<&Rule> = THEMES.iter().copied().flatten().collect();
    rules.sort_by_key(|rule| rule.id);
    rules
}

/// The rule with this id.
pub fn named(id: &str) -> Option<&'static Rule> {
    THEMES.iter().copied().flatten().find(|rule| rule.id == id)
}

/// The other rules of the theme that a rule belongs to, in the order of the theme.
pub fn related(rule: &Rule) -> Vec<&'static Rule> {
    let is_its = |theme: &&&[Rule]| theme.iter().any(|other| other.id == rule.id);
    let theme = THEMES.iter().find(is_its).copied().unwrap_or_default();
    theme.iter().filter(|other| other.id != rule.id).collect()
}

/// The rules that a name stands for, in the order of the themes.
pub fn named_by(name: &str) -> impl Iterator<Item = &'static Rule> {
    THEMES.iter().copied().flatten().filter(move |rule| rule.is_named(name))
}

/// Whether a name is that of a rule or of a family, or `all`.
pub fn is_known(name: &str) -> bool {
    name == "all" || FAMILIES.contains(&name) || named(name).is_some()
}

/// The rule or family whose name is most like `name`; `None` if none is much like it.
pub fn nearest(name: &str) -> Option<&'static str> {
    let ids = THEMES.iter().copied().flatten().map(|rule| rule.id);
    near::nearest(name, ids.chain(FAMILIES.iter().copied()).chain(["all"]))
}

/// The rules that the settings ask for, sorted by id.
pub fn enabled(settings: &Settings) -> Vec<&'static Rule> {
    let names = |list: &[String], rule: &Rule| list.iter().any(|name| rule.is_named(name));
    all()
        .into_iter()
        .filter(|rule| {
            if settings.select.is_empty() {
                settings.may_run(rule.id, rule.family(), rule.on_by_default)
            } else {
                names(&settings.select, rule)
            }
        })
        .filter(|rule| !names(&settings.ignore, rule))
        .collect()
}
