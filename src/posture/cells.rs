//! The cells of a row in words, before anything is escaped.

use crate::{
    effective::{Answers, Effective, Level, Verdict},
    mail_domain::{Ending, Key, LOOKUPS_MAX, MailDomain, Spf, Told},
    policy::{spf::term::Qualifier, sts_file::value::Mode},
    policy_view::{Showing, words},
    posture::{Kind, Posture, Row},
};

/// What the columns are called.
pub(super) const HEADS: [&str; 10] = [
    "domain",
    "standing",
    "MX",
    "SPF",
    "DKIM",
    "DMARC",
    "MTA-STS",
    "TLS-RPT",
    "BIMI",
    "worst finding",
];

/// What is said of that which is not there for sure.
pub(super) const NO: &str = "no";
/// What is said of that which nobody here can tell.
pub(super) const UNKNOWN: &str = "unknown";

/// The cells between the domain and the worst finding: standing, MX, SPF, DKIM, DMARC, MTA-STS, TLS-RPT, BIMI. What comes from
/// files is in them as it is.
pub(super) fn facts(row: &Row<'_>) -> [String; 8] {
    let facts = &row.facts;
    [
        row.standing.words().to_string(),
        mx(facts),
        spf(&facts.spf),
        keys(row),
        dmarc(&facts.effective),
        sts(facts),
        match &facts.tls_reports {
            Told::Is(_) => "yes",
            Told::Absent => NO,
            Told::Unknown => UNKNOWN,
        }
        .to_string(),
        bimi(row),
    ]
}

/// The domain, with the file that it is seen from where several tell of it.
pub(super) fn domain(row: &Row<'_>, showing: &Showing<'_>) -> String {
    let name = name(row);
    match row.is_one_of_several {
        true => format!("{name} ({})", (showing.shown_path)(seen_from(row, showing))),
        false => name,
    }
}

/// The domain alone.
pub(super) fn name(row: &Row<'_>) -> String {
    row.facts.name.to_string().to_ascii_lowercase()
}

/// The path of the file that a domain is seen from.
pub(super) fn seen_from<'s>(row: &Row<'_>, showing: &Showing<'s>) -> &'s str {
    &showing.sources.get(row.facts.from.scan.source).path
}

/// How many domains of a kind there are, and of those with mail how many are in each class: `4 mail domains: 1 exposed, ...`.
pub(super) fn count(posture: &Posture<'_>, kind: Kind) -> String {
    let counts = posture.counts(kind);
    let total = counts.iter().map(|(_, number)| number).sum();
    let classes: Vec<String> = counts
        .iter()
        .filter(|(_, number)| *number > 0)
        .map(|(class, number)| format!("{number} {}", class.id()))
        .collect();
    match classes.is_empty() {
        true => kind.counted(total),
        false => format!("{}: {}", kind.counted(total), classes.join(", ")),
    }
}

/// What is said of findings that are about no domain, if there are any.
pub(super) fn elsewhere(posture: &Posture<'_>) -> Option<String> {
    match posture.elsewhere {
        0 => None,
        1 => Some("1 finding is about none of these domains; `maillint check` shows it".to_string()),
        many => Some(format!(
            "{many} findings are about none of these domains; `maillint check` shows them"
        )),
    }
}

fn mx(facts: &MailDomain<'_>) -> String {
    match &facts.mx {
        Told::Is(mx) if mx.is_null() => "null MX".to_string(),
        Told::Is(mx) if mx.may_be_more => format!("{} or more", mx.hosts.len()),
        Told::Is(mx) => mx.hosts.len().to_string(),
        Told::Absent => NO.to_string(),
        Told::Unknown => UNKNOWN.to_string(),
    }
}

/// What happens to those that nothing matches, and the look-ups.
fn spf(spf: &Told<Spf>) -> String {
    let spf = match spf {
        Told::Is(spf) => spf,
        Told::Absent => return NO.to_string(),
        Told::Unknown => return UNKNOWN.to_string(),
    };
    let lookups = match (spf.lookups, spf.is_exact) {
        (0, true) => String::new(),
        (number, true) => format!(", {number}/{LOOKUPS_MAX}"),
        (number, false) => format!(", {number}+/{LOOKUPS_MAX}"),
    };
    let ending = match &spf.ending {
        _ if spf.is_void() => "broken",
        Ending::All(Qualifier::Pass) => "+all",
        Ending::All(Qualifier::Fail) => "-all",
        Ending::All(Qualifier::SoftFail) => "~all",
        Ending::All(Qualifier::Neutral) => "?all",
        Ending::None => "no all",
        Ending::Redirected(_) => "redirected",
        Ending::Unknown => UNKNOWN,
    };
    format!("{ending}{lookups}")
}

pub(super) fn keys(row: &Row<'_>) -> String {
    /// How many selectors are named.
    const NAMED: usize = 3;
    let keys = &row.facts.keys;
    if keys.is_empty() {
        return none(row.has_no_keys).to_string();
    }
    let selector = |(selector, key): (&String, &Key)| match key {
        Key::Public(_) | Key::Alias(_) => selector.clone(),
        Key::Revoked => format!("{selector} (revoked)"),
        Key::None => format!("{selector} (no key)"),
        Key::Unknown => format!("{selector} (unknown)"),
    };
    let mut words: Vec<String> = keys.iter().take(NAMED).map(selector).collect();
    if keys.len() > NAMED {
        words.push(format!("{} more", keys.len() - NAMED));
    }
    words.join(", ")
}

/// What receivers do by RFC 9989, and by RFC 7489 where that is something else.
fn dmarc(effective: &Effective<'_>) -> String {
    let (walk, list) = (answers(&effective.by_walk), answers(&effective.by_list));
    match walk == list {
        true => walk,
        false => format!("{walk} (RFC 7489: {list})"),
    }
}

/// What is done about mail from the domain, and from names below it where that is something else.
fn answers(answers: &Answers<'_>) -> String {
    let level = |verdict: &Verdict<'_>| verdict.level();
    let [itself, subdomain, nonexistent] = [&answers.itself, &answers.subdomain, &answers.nonexistent].map(level);
    let mut cell = words::cell(&answers.itself);
    if subdomain != itself {
        cell.push_str(&format!(", subdomains {}", word(subdomain)));
    }
    if nonexistent != subdomain {
        cell.push_str(&format!(", other names {}", word(nonexistent)));
    }
    cell
}

/// How much is done, in a word; `None` if nobody can say.
pub(super) fn word(level: Option<Level>) -> &'static str {
    match level {
        Some(Level::Policy(policy)) => policy.word(),
        Some(Level::Nothing) => "no DMARC",
        None => UNKNOWN,
    }
}

pub(super) fn sts(facts: &MailDomain<'_>) -> String {
    let sts = &facts.sts;
    match (&sts.policy, &sts.id) {
        (Told::Is(_), Told::Absent) => "no record".to_string(),
        (Told::Is(policy), _) if policy.mode == Mode::None => "off".to_string(),
        (Told::Is(policy), _) => match sts.uncovered.len() {
            0 => policy.mode.name().to_string(),
            1 => format!("{}, 1 host not listed", policy.mode.name()),
            many => format!("{}, {many} hosts not listed", policy.mode.name()),
        },
        (Told::Absent, Told::Is(_)) => "policy not here".to_string(),
        (Told::Absent, Told::Absent) => NO.to_string(),
        (Told::Unknown, _) | (Told::Absent, Told::Unknown) => UNKNOWN.to_string(),
    }
}

/// Whether there is a logo, and evidence for it, at whatever selector.
pub(super) fn bimi(row: &Row<'_>) -> String {
    let bimi = &row.facts.bimi;
    let said = || bimi.values().filter_map(Told::is);
    let has = |at: usize| said().any(|values| !values[at].is_empty());
    match (has(0), has(1)) {
        (_, true) => "logo, evidence",
        (true, false) => "logo",
        _ if bimi.is_empty() => none(row.has_no_bimi),
        _ if bimi.values().any(Told::is_unknown) => UNKNOWN,
        _ => "declined",
    }
    .to_string()
}

/// What is said where nothing is found: that there is nothing only if that is sure.
fn none(is_sure: bool) -> &'static str {
    if is_sure { NO } else { UNKNOWN }
}
