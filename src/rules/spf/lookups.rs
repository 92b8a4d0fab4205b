//! Rules about how much receivers have to look up (RFC 7208, sections 3.4 and 4.6.4).

use crate::{
    policy::spf::{
        Spf,
        term::{Mechanism, Term},
    },
    rule::{Findings, Rule, rule},
    rules::{
        spf::{
            tree::{self, costs},
            wording::{at_all, span_of},
        },
        wording::quoted,
    },
    zones::Place,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    RECORD_SIZE,
    TOO_MANY_LOOKUPS,
    LOOKUP_LIMIT_NEAR,
    LOOP,
    VOID_LOOKUP,
    TOO_MANY_VOID_LOOKUPS,
    MX_LIMIT,
];

/// The most look-ups that an evaluation may need.
const LOOKUPS_MAX: usize = 10;
/// From here on, one more service that sends mail breaks the record.
const LOOKUPS_NEAR: usize = 9;
/// The most look-ups that may find nothing.
const VOIDS_MAX: usize = 2;
/// The most mail exchangers of a name in `mx`.
const MX_MAX: usize = 10;
/// The octets of a name and its texts that are too many for an answer in one UDP packet.
const SIZE_MAX: usize = 450;

/// Whether receivers evaluate the record.
fn is_evaluated(spf: &Spf<'_>) -> bool {
    spf.is_selected() && !spf.type99
}

rule! {
    /// More text at a name with an SPF record than fits into a small DNS answer.
    ///
    /// A resolver that asks for the SPF record gets all TXT records of the name. From about 450 octets on, name included,
    /// the answer may not fit into a UDP packet of 512; where the second try over TCP fails, receivers find no record.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net -all"
    /// @ TXT "token-1=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    /// @ TXT "token-2=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_spf.example.net -all"
    /// @ TXT "token-1=aaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    /// ```
    /// # When to ignore
    /// If mail of the domain passes everywhere: many resolvers take larger answers.
    /// # Source
    /// RFC 7208, section 3.4
    RECORD_SIZE: "spf-record-size", [Warning], None, SpfWithin(record_size), once_a_file
}

fn record_size<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) || !spf.owner.is_known() {
        return;
    }
    let owner = spf.owner.wire_len().saturating_sub(2);
    let texts = place.node.records().filter_map(|record| record.txt());
    let texts: usize = texts.filter(|txt| !txt.type99).map(|txt| txt.text.len()).sum();
    let size = owner + texts;
    if size < SIZE_MAX {
        return;
    }
    if let Some(span) = spf.text.whole() {
        findings
            .report(
                span,
                format!(
                    "the name and its TXT records have {size} octets: the answer may not fit into a DNS packet, and then \
                     some receivers find no SPF record"
                ),
                "one of them",
            )
            .help("remove tokens that nobody checks any more, or move a part of the record behind an `include`");
    }
}

/// The sum of what the terms cost, and how that comes.
fn sum(costs: &[(usize, tree::Cost)]) -> (usize, bool, String) {
    const SHOWN: usize = 400;
    let lookups = costs.iter().map(|(_, cost)| cost.lookups).sum();
    let is_open = costs.iter().any(|(_, cost)| cost.is_open);
    let shown: Vec<&str> = costs.iter().map(|(_, cost)| cost.shown.as_str()).collect();
    let mut shown = shown.join(", ");
    if shown.len() > SHOWN {
        let end = (0..=SHOWN).rev().find(|at| shown.is_char_boundary(*at)).unwrap_or(0);
        shown.truncate(end);
        shown.push_str("...");
    }
    (lookups, is_open, shown)
}

/// Reports the look-ups of a record; its terms that need more than one are beside it.
fn report_lookups<'a>(spf: &Spf<'_>, costs: &[(usize, tree::Cost)], message: &str, findings: &mut Findings<'a>) {
    let (lookups, is_open, shown) = sum(costs);
    let Some(span) = spf.text.whole() else { return };
    let at_least = if is_open { "at least " } else { "" };
    let mut finding = findings
        .report(
            span,
            format!("the record needs {at_least}{lookups} DNS look-ups {message}"),
            format!("{at_least}{lookups} of {LOOKUPS_MAX}"),
        )
        .help(format!(
            "each of these counts: {shown}; drop some, or list addresses by `ip4` and `ip6`"
        ));
    for (index, cost) in costs.iter().filter(|(_, cost)| cost.lookups > 1) {
        if let Some(span) = span_of(spf, &spf.terms[*index]) {
            finding = finding.related(span, format!("{} look-ups", cost.lookups));
        }
    }
}

rule! {
    /// An SPF record that needs more than ten DNS look-ups.
    ///
    /// `include`, `a`, `mx`, `ptr`, `exists` and `redirect` count, and so do those of the records that they lead to. With the
    /// eleventh, receivers give up: SPF fails for all mail of the domain that no term before it matched. Records that are not
    /// in the repository count for one, so there may be more.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 a:a.example.net a:b.example.net a:c.example.net a:d.example.net a:e.example.net a:f.example.net a:g.example.net a:h.example.net a:i.example.net a:j.example.net a:k.example.net -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 a:a.example.net mx ip4:192.0.2.0/24 -all"
    /// ```
    /// # When to ignore
    /// Never: which mail passes depends on the order of the terms.
    /// # Source
    /// RFC 7208, section 4.6.4
    TOO_MANY_LOOKUPS: "spf-too-many-lookups", [Error], None, SpfWithin(too_many_lookups)
}

fn too_many_lookups<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) {
        return;
    }
    let costs = costs(spf, &place.node);
    let is_loop = costs.iter().any(|(_, cost)| cost.is_loop);
    if sum(&costs).0 > LOOKUPS_MAX && !is_loop {
        let message = "and receivers give up after 10 (permerror): SPF fails for mail that nothing before matched";
        report_lookups(spf, &costs, message, findings);
    }
}

rule! {
    /// An SPF record that needs nine or ten DNS look-ups.
    ///
    /// Receivers give up after ten. The records of others that are included may grow any day, and the next service that is
    /// to send mail for the domain adds its own.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 a:a.example.net a:b.example.net a:c.example.net a:d.example.net a:e.example.net a:f.example.net a:g.example.net a:h.example.net a:i.example.net -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 a:a.example.net mx ip4:192.0.2.0/24 -all"
    /// ```
    /// # When to ignore
    /// If all these records are your own.
    /// # Source
    /// RFC 7208, section 4.6.4
    LOOKUP_LIMIT_NEAR: "spf-lookup-limit-near", [Info], None, SpfWithin(lookup_limit_near)
}

fn lookup_limit_near<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) {
        return;
    }
    let costs = costs(spf, &place.node);
    if (LOOKUPS_NEAR..=LOOKUPS_MAX).contains(&sum(&costs).0) {
        report_lookups(spf, &costs, "of the 10 that receivers make", findings);
    }
}

rule! {
    /// An SPF record that refers to itself.
    ///
    /// `include` or `redirect` leads back to the record, or to others that lead to one another. Receivers go round until they give up:
    /// SPF fails for all mail of the domain that nothing before matched.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 include:example.com -all"
    /// ```
    /// ```zone
    /// _a TXT "v=spf1 include:_b.example.com -all"
    /// _b TXT "v=spf1 redirect=_a.example.com"
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 include:_a.example.com -all"
    /// _a TXT "v=spf1 ip4:192.0.2.1 -all"
    /// ```
    /// # When to ignore
    /// Never: the term does nothing but harm.
    /// # Source
    /// RFC 7208, section 4.6.4
    LOOP: "spf-loop", [Error], None, SpfWithin(looped)
}

fn looped<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) {
        return;
    }
    for (index, _) in costs(spf, &place.node).iter().filter(|(_, cost)| cost.is_loop) {
        let term = &spf.terms[*index];
        if let Some(span) = span_of(spf, term) {
            findings
                .report(
                    span,
                    format!(
                        "{} leads into a circle of records, and receivers go round until they give up (permerror)",
                        quoted(&spf.text, &term.at)
                    ),
                    "leads into a circle",
                )
                .help("break the circle: one of its records may not refer to the next");
        }
    }
}

/// The mechanisms that find nothing, as far as the repository tells.
fn voids<'s>(spf: &'s Spf<'_>, place: &Place<'_>) -> Vec<&'s Term> {
    let is_void = |term: &&Term| {
        spf.target(term)
            .is_some_and(|target| tree::is_void(term, &target, &place.node))
    };
    spf.reached().filter(|term| term.is_counted()).filter(is_void).collect()
}

rule! {
    /// A mechanism that asks for something that does not exist.
    ///
    /// `a` and `exists` ask for addresses, `mx` for MX records; `mx` never falls back to the address of the name. Where there
    /// are none, the mechanism matches nobody, and after two such look-ups receivers may give up on the record.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ A 192.0.2.1
    /// @ TXT "v=spf1 mx -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ A 192.0.2.1
    /// @ TXT "v=spf1 a -all"
    /// ```
    /// # When to ignore
    /// If the records are about to come.
    /// # Source
    /// RFC 7208, section 4.6.4
    /// RFC 7208, section 5.4
    VOID_LOOKUP: "spf-void-lookup", [Warning], None, SpfWithin(void_lookup)
}

fn void_lookup<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) {
        return;
    }
    for term in voids(spf, place) {
        let (Some(span), Some(target)) = (span_of(spf, term), spf.target(term)) else {
            continue;
        };
        let what = if term.is(Mechanism::Mx) { "MX record" } else { "address" };
        findings
            .report(
                span,
                format!(
                    "`{target}` has no {what}, so {} matches nobody, and receivers may give up after two look-ups that \
                     find nothing",
                    quoted(&spf.text, &term.at)
                ),
                format!("no {what}"),
            )
            .help("remove it, or publish what it asks for");
    }
}

rule! {
    /// More than two mechanisms that ask for something that does not exist.
    ///
    /// Receivers should stop after two look-ups that find nothing and give up on the record: SPF then fails for all mail of
    /// the domain that nothing before matched.
    ///
    /// # Bad
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 a:one.example.com a:two.example.com a:three.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 a:one.example.com -all"
    /// one A 192.0.2.1
    /// ```
    /// # When to ignore
    /// Never: these mechanisms match nobody.
    /// # Source
    /// RFC 7208, section 4.6.4
    TOO_MANY_VOID_LOOKUPS: "spf-too-many-void-lookups", [Error], None, SpfWithin(too_many_void_lookups)
}

fn too_many_void_lookups<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) {
        return;
    }
    let costs = costs(spf, &place.node);
    let voids: usize = costs.iter().map(|(_, cost)| cost.voids).sum();
    if voids <= VOIDS_MAX {
        return;
    }
    let terms = costs.iter().filter(|(_, cost)| cost.voids > 0);
    let places = terms.filter_map(|(index, _)| span_of(spf, &spf.terms[*index]));
    let message = format!(
        "{voids} look-ups find nothing, and receivers give up after {VOIDS_MAX} (permerror): SPF fails for mail that nothing \
         before matched"
    );
    if let Some(finding) = at_all(findings, places, message, "finds nothing, or leads to what does") {
        finding.help("remove what matches nobody");
    }
}

rule! {
    /// `mx` for a name with more than ten MX records.
    ///
    /// Receivers look up the addresses of at most ten mail exchangers and give up on the record if there are more.
    ///
    /// # Bad
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// @ MX 1 a.example.net.
    /// @ MX 1 b.example.net.
    /// @ MX 1 c.example.net.
    /// @ MX 1 d.example.net.
    /// @ MX 1 e.example.net.
    /// @ MX 1 f.example.net.
    /// @ MX 1 g.example.net.
    /// @ MX 1 h.example.net.
    /// @ MX 1 i.example.net.
    /// @ MX 1 j.example.net.
    /// @ MX 1 k.example.net.
    /// ```
    /// # Good
    /// ```zone
    /// @ TXT "v=spf1 mx -all"
    /// @ MX 1 a.example.net.
    /// @ MX 1 b.example.net.
    /// ```
    /// # When to ignore
    /// Never: list the addresses by `ip4` and `ip6`.
    /// # Source
    /// RFC 7208, section 4.6.4
    MX_LIMIT: "spf-mx-limit", [Error], None, SpfWithin(mx_limit)
}

fn mx_limit<'a>(spf: &Spf<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if !is_evaluated(spf) {
        return;
    }
    for term in spf.reached().filter(|term| term.is(Mechanism::Mx) && term.is_counted()) {
        let (Some(span), Some(target)) = (span_of(spf, term), spf.target(term)) else {
            continue;
        };
        let count = tree::mx_count(&place.node, &target).unwrap_or(0);
        if count > MX_MAX {
            findings
                .report(
                    span,
                    format!(
                        "`{target}` has {count} MX records, and receivers give up on the record (permerror) if there are \
                         more than {MX_MAX}"
                    ),
                    format!("{count} MX records"),
                )
                .help("list the addresses by `ip4` and `ip6`");
        }
    }
}
