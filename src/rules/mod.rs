//! The rules: one folder for each family, one file for each theme.

use crate::{rule::Rule, settings::Settings};

pub mod dmarc;
mod fields;
pub mod jsonl;
pub mod mta_sts;
pub mod spf;
pub mod tls_rpt;
mod version;
mod wording;
pub mod zone;

/// The themes, each a list of rules.
static THEMES: &[&[Rule]] = &[
    jsonl::lines::RULES,
    mta_sts::fields::RULES,
    mta_sts::id::RULES,
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
    tls_rpt::fields::RULES,
    tls_rpt::record::RULES,
    tls_rpt::rua::RULES,
    tls_rpt::uri::RULES,
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

/// The rules that the settings ask for, sorted by id.
pub fn enabled(settings: &Settings) -> Vec<&'static Rule> {
    let names = |list: &[String], rule: &Rule| {
        list.iter()
            .any(|name| name == rule.id || name == rule.family() || name == "all")
    };
    all()
        .into_iter()
        .filter(|rule| {
            if settings.select.is_empty() {
                rule.on_by_default
            } else {
                names(&settings.select, rule)
            }
        })
        .filter(|rule| !names(&settings.ignore, rule))
        .collect()
}
