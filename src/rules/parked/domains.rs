//! Rules about domains that neither take nor send mail (RFC 7208, section 10.1.2; RFC 7505).

use crate::{
    diagnostic::Severity,
    name::Name,
    policy::{
        dmarc::{self, Dmarc, owner::Role, tag::TagName, value::Policy},
        kind::{self, Kind},
    },
    record::{Record, Txt},
    rule::{Findings, Rule, rule},
    rules::{
        mail::{is_closed_spf, null_mx},
        owner::place,
    },
    slip,
    spf_tree::is_meant,
    suffix,
    zones::{Answer, Node, Place, Wanted, Zones},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[OPEN, REPORT];

/// Whether the apex of a zone is a domain of its own in the public DNS that neither takes mail nor has a key or a host that
/// sends any. What its zone says of that is told by the rules here, and by no others.
pub(in crate::rules) fn is_parked(apex: &Node<'_>) -> bool {
    let name = apex.name();
    let takes_none = || match apex.ask(name, Wanted::Mx) {
        Answer::Found(node) => null_mx(&node).is_some(),
        // Whoever publishes MTA-STS thinks that it does.
        Answer::Absent => !has_own(apex, "_mta-sts"),
        Answer::Unknown => false,
    };
    apex.is_apex()
        && apex.zone().is_some_and(|zone| zone.whole)
        && !suffix::is_private(name)
        && !suffix::is_public_suffix(name)
        && !name.is_root()
        && takes_none()
        // A domain that takes no mail may send some all the same; its SPF record shows that.
        && spf(apex) != Some(Spf::Open)
        && !apex.zones().may_sign(name)
        // A part of another domain is covered by the policies of that.
        && apex.organization_of(name) == *name
}

/// Whether something stands at a name right below a domain.
fn has_own(apex: &Node<'_>, label: &str) -> bool {
    let name = apex.name().below(label);
    let found = apex.ask(&name, Wanted::Any).found();
    found.is_some_and(|found| *found.name() == name)
}

/// What the SPF record of a domain says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Spf {
    /// There is none.
    Missing,
    /// Nobody may send.
    Closed,
    /// Nobody is said to send, and receivers are not told to refuse what is sent.
    Soft,
    /// Somebody may send.
    Open,
}

/// `None` where the files do not tell, or another record says it in its stead.
fn spf(apex: &Node<'_>) -> Option<Spf> {
    // Nobody asks for the type SPF, but it shows that somebody was meant to send.
    let is_left_over = |record: &Record| record.txt().is_some_and(|txt| txt.type99) && !is_closed_spf(record);
    if apex.records().any(is_left_over) {
        return Some(Spf::Open);
    }
    let node = match apex.ask(apex.name(), Wanted::Txt) {
        Answer::Found(node) => node,
        Answer::Absent => return Some(Spf::Missing),
        Answer::Unknown => return None,
    };
    let mut found = Spf::Missing;
    for record in node.records() {
        let Some(txt) = record.txt().filter(|txt| !txt.type99) else {
            continue;
        };
        if record.many || !txt.text.is_complete() {
            return None;
        }
        let text = slip::meant_text(record, txt);
        let said = match kind::of_value(text.bytes()) {
            // A record that receivers pass over is a finding of its own, and shows what was meant.
            Some(Kind::Spf) if is_closed_spf(record) => Spf::Closed,
            Some(Kind::Spf) => of_terms(text.bytes())?,
            _ if is_meant(record) => return Some(Spf::Open),
            _ => continue,
        };
        // Which of several counts is no matter of these rules.
        if found != Spf::Missing {
            return None;
        }
        found = said;
    }
    Some(found)
}

fn of_terms(text: &[u8]) -> Option<Spf> {
    let mut words = text.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).skip(1);
    match (words.next(), words.next()) {
        (None, _) => Some(Spf::Soft),
        (Some(word), None)
            if [b"~all", b"?all", b"-all"]
                .iter()
                .any(|all| word.eq_ignore_ascii_case(*all)) =>
        {
            Some(Spf::Soft)
        }
        (Some(word), _) if word.len() > 9 && word[..9].eq_ignore_ascii_case(b"redirect=") => None,
        _ => Some(Spf::Open),
    }
}

/// Whether a domain has a DMARC record that has all mail in its name refused; `None` where the files do not tell.
fn rejects(apex: &Node<'_>) -> Option<bool> {
    let node = match apex.ask(&apex.name().below("_dmarc"), Wanted::Txt) {
        Answer::Found(node) => node,
        // One at the wrong name is a finding of its own.
        Answer::Absent => return (!apex.zones().has_stray(Kind::Dmarc, apex.name())).then_some(false),
        Answer::Unknown => return None,
    };
    let may_be = |record: &&Record| {
        let is_dmarc = |txt: &Txt| !txt.text.is_complete() || dmarc::is_candidate(txt.text.bytes());
        record.txt().is_some_and(is_dmarc)
    };
    let mut records = node.records().filter(may_be);
    let record = match (records.next(), records.next()) {
        (None, _) => return Some(false),
        (Some(record), None) => record,
        _ => return None,
    };
    let text = slip::meant_text(record, record.txt()?);
    let read = match dmarc::parse(&text, &record.owner)?.role {
        Role::Elsewhere => dmarc::parse_shared(&text, &record.owner)?,
        _ => dmarc::parse(&text, &record.owner)?,
    };
    Some(read.domain_policy()? == Policy::Reject && read.subdomain_policy()? == Policy::Reject)
}

rule! {
    /// A domain without mail that does not say so in all places.
    ///
    /// A domain that takes no mail and has no DKIM key is a good name to forge: nobody watches it. Three records close it:
    /// `v=spf1 -all` says that nobody sends, a DMARC record with `p=reject` has receivers refuse what is sent all the same,
    /// and, if the name has an address, a null MX (`MX 0 .`) says that nothing is to be delivered there. If some of them are
    /// there and others are not, the finding is a warning, and reported once for all domains that lack the same. Domains whose
    /// SPF record lets somebody send, parts of other domains, and zones of addresses are left out.
    ///
    /// # Severity
    /// A warning if some of the records are there and others are not; an info if there are none.
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ A 192.0.2.80
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ A 192.0.2.80
    /// @ MX 0 .
    /// @ TXT "v=spf1 -all"
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"
    /// ```
    /// # When to ignore
    /// If the domain sends mail that is neither signed nor covered by SPF.
    /// # Source
    /// RFC 7208, section 10.1.2
    /// RFC 7505, section 4.2
    /// RFC 9989, section 8
    OPEN: "parked-domain-open", [Warning, Info], None, Across(open), once_a_run
}

/// A record that closes a domain.
struct Part {
    name: &'static str,
    /// `None` where the files do not tell, or it is not needed.
    is_there: Option<bool>,
}

fn parts(apex: &Node<'_>) -> [Part; 3] {
    let has_address = apex.ask(apex.name(), Wanted::Address).found().is_some();
    let has_null_mx = apex.ask(apex.name(), Wanted::Mx).found().is_some();
    [
        Part {
            name: "`v=spf1 -all`",
            is_there: spf(apex).map(|spf| spf == Spf::Closed),
        },
        Part {
            name: "DMARC with `p=reject`",
            is_there: rejects(apex),
        },
        Part {
            name: "a null MX",
            is_there: (has_null_mx || has_address).then_some(has_null_mx),
        },
    ]
}

fn open<'a>(zones: &'a Zones<'a>, findings: &mut Findings<'a>) {
    for apex in zones.apexes().filter(is_parked) {
        let parts = parts(&apex);
        let named = |is_there: bool| -> Vec<&str> {
            let named = parts.iter().filter(|part| part.is_there == Some(is_there));
            named.map(|part| part.name).collect()
        };
        let (there, missing) = (named(true), named(false));
        let Some(record) = apex.records().next().filter(|_| !missing.is_empty()) else {
            continue;
        };
        let lacks = listed(&missing);
        let (severity, said) = match there.is_empty() {
            true => (
                Severity::Info,
                format!("without {lacks}, anybody can send mail in its name"),
            ),
            false => (
                Severity::Warning,
                format!(
                    "it has {}, but not {lacks}, so others can still misuse the name",
                    listed(&there)
                ),
            ),
        };
        findings.about_in(record, apex.scan);
        findings
            .report(
                place(record),
                format!("`{}` neither takes nor sends mail: {said}", apex.name()),
                format!("a domain without mail, and without {lacks}"),
            )
            .severity(severity)
            .help(help(&apex, &missing));
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [others @ .., last] if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        names => names.join(""),
    }
}

/// The records that are to be added.
fn help(apex: &Node<'_>, missing: &[&str]) -> String {
    let name: &Name = apex.name();
    let records: Vec<String> = missing
        .iter()
        .map(|part| match *part {
            "a null MX" => format!("`{name} MX 0 .`"),
            "`v=spf1 -all`" => format!("`{name} TXT \"v=spf1 -all\"`"),
            _ => format!("`_dmarc.{name} TXT \"v=DMARC1; p=reject; rua=mailto:...\"`"),
        })
        .collect();
    format!("publish {}", records.join(", "))
}

rule! {
    /// A domain without mail whose DMARC record asks for no reports.
    ///
    /// All mail in the name of such a domain is forged. Without `rua`, nobody hears of it.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 -all"
    /// _dmarc TXT "v=DMARC1; p=reject"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 -all"
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.net"
    /// ```
    /// # When to ignore
    /// If nobody would read the reports.
    /// # Source
    /// RFC 9989, section 5.1.3
    REPORT: "parked-domain-report", [Info], None, DmarcWithin(report), once_a_run
}

fn report<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    // Of a policy that only watches, and of domains that others may send for, the rules about DMARC tell the same.
    let is_enforced = dmarc.domain_policy().is_some_and(|policy| policy > Policy::None);
    if dmarc.role != Role::Policy || !dmarc.lacks(TagName::Rua) || !is_enforced {
        return;
    }
    let Some(domain) = dmarc.domain() else { return };
    let Some(apex) = place.node.ask(&domain, Wanted::Any).found() else {
        return;
    };
    let record: &Record = place.record;
    if *apex.name() != domain || !is_parked(&apex) || spf(&apex) != Some(Spf::Closed) {
        return;
    }
    findings
        .report(
            dmarc.text.whole().unwrap_or(record.span),
            format!(
                "`{domain}` sends no mail, and nobody hears who forges mail in its name: its DMARC record has no `rua`"
            ),
            "no `rua`",
        )
        .help("add `rua=mailto:` and an address that somebody reads");
}
