//! Rules about the name that a DKIM key stands at.

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::dkim::{
        Dkim,
        content::pasted_name,
        owner::{self, Role},
    },
    rule::{Findings, Rule, rule},
    rules::{
        dkim::leftovers::is_domainkeys_policy,
        dmarc::location::repeated,
        owner::{place as place_of, rename, rewrite},
    },
    span::Span,
    zones::Place,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[WRONG_OWNER, OWNER_DOUBLED, SELECTOR_SYNTAX, WILDCARD_OWNER];

const DOMAINKEY: &str = "_domainkey";

rule! {
    /// A DKIM key at a name where nobody looks for it.
    ///
    /// A signature with `d=example.com` and `s=s1` is checked with the key at `s1._domainkey.example.com`, and no other name
    /// is asked. A key at the domain itself, at `s1.example.com`, or at `s1.domainkey.example.com` without the underscore,
    /// is never found, and all signatures made with it fail. A `CNAME` at the name of a selector may lead to any name; where
    /// none in the repository does, but the name looks as if it was made for that, the finding is an info.
    ///
    /// # Severity
    /// An error; an info where the name looks as if a `CNAME` from elsewhere leads there.
    /// # Bad
    /// ```zone
    /// s1.domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// @ TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// s1._domainkey CNAME s1.keys
    /// s1.keys TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If a `CNAME` in a zone that is kept elsewhere leads to the key.
    /// # Source
    /// RFC 6376, section 3.6.2.1
    WRONG_OWNER: "dkim-wrong-owner", [Error, Info], Unsafe, DkimWithin(wrong_owner)
}

fn wrong_owner<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let is_key = match dkim.role {
        Role::Elsewhere => true,
        Role::DomainKeys => dkim.is_key_by_its_looks() && !is_domainkeys_policy(dkim),
        _ => false,
    };
    if !is_key {
        return;
    }
    let owner = dkim.owner;
    // Where only the file's name tells the owner, the record itself is at the wrong place.
    let span = place_of(place.record);
    if let Some(name) = pasted_name(dkim.raw.bytes()).and_then(|name| dkim.raw.span(name)) {
        findings
            .report(
                name,
                format!(
                    "nobody looks for a DKIM key at `{owner}`, so signatures made with it fail: its name stands in its text"
                ),
                "the name that the key was to be at",
            )
            .help("put the text behind it at this name");
        return;
    }
    if is_made_for_aliases(owner) {
        findings
            .report(
                span,
                format!(
                    "verifiers find this DKIM key only if a `CNAME` leads to `{owner}`, and none in these files does"
                ),
                "not a name at which a key is looked for",
            )
            .severity(Severity::Info)
            .help("let the names of selectors that it is for lead here with a `CNAME`, or remove it");
        return;
    }
    let new = right_owner(place, owner);
    let edits = new
        .as_ref()
        .and_then(|new| rename(&place.node, place.record, new, findings));
    let help = match &new {
        Some(new) => format!("move it to `{new}`"),
        None => format!("move it to the selector, `{DOMAINKEY}`, and the domain that it is for"),
    };
    findings
        .report(
            span,
            format!("nobody looks for a DKIM key at `{owner}`, so signatures made with it fail"),
            "not a name at which a key is looked for",
        )
        .help(help.clone())
        .fix(help, Safety::Unsafe, edits);
}

/// Whether a name looks as if keys are kept there for others that lead to them: below a name for DKIM, or set aside.
fn is_made_for_aliases(owner: &Name) -> bool {
    let has = |label: &[u8], part: &[u8]| memchr::memmem::find(&label.to_ascii_lowercase(), part).is_some();
    let mut labels = owner.labels().flatten();
    let first = labels.next().unwrap_or_default();
    let is_dkim = |label: &[u8]| {
        !is_typo(label)
            && !label.eq_ignore_ascii_case(DOMAINKEY.as_bytes())
            && (has(label, b"dkim") || has(label, b"domainkey"))
    };
    first.starts_with(b"_") && is_dkim(first) || labels.any(is_dkim)
}

/// Whether a label is a slip for `_domainkey`.
fn is_typo(label: &[u8]) -> bool {
    let label = String::from_utf8_lossy(label).to_ascii_lowercase();
    label.len() <= DOMAINKEY.len() + 2 && label != DOMAINKEY && strsim::osa_distance(&label, DOMAINKEY) <= 2
}

/// The name that a key was meant to be at.
fn right_owner(place: &Place<'_>, owner: &Name) -> Option<Name> {
    let labels: Vec<&[u8]> = owner.labels().flatten().collect();
    let mut new: Vec<Vec<u8>> = labels.iter().map(|label| label.to_vec()).collect();
    if let Some(at) = labels.iter().skip(1).position(|label| is_typo(label)) {
        new[at + 1] = DOMAINKEY.into();
    } else {
        // A single label before the name of the zone is the selector.
        let zone = place.node.zone()?;
        let own = labels.len().checked_sub(zone.origin.label_count())?;
        if own != 1 || labels[0].starts_with(b"_") || labels[0] == b"*" || !owner.is_within(&zone.origin) {
            return None;
        }
        new.insert(1, DOMAINKEY.into());
    }
    Some(Name::from_labels(new.into_iter().map(Some), None))
}

rule! {
    /// A DKIM key whose owner ends in the same name twice.
    ///
    /// `s1._domainkey.example.com.example.com` comes about where the name of the zone is added to a name that has it already,
    /// as many programs and forms do. Verifiers look at `s1._domainkey.example.com`.
    ///
    /// # Bad
    /// ```zone
    /// s1._domainkey.example.com.example.com. TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s1._domainkey.example.com. TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If there is such a domain.
    /// # Source
    /// RFC 1035, section 5.1
    OWNER_DOUBLED: "dkim-owner-doubled", [Warning], Unsafe, DkimWithin(owner_doubled)
}

fn owner_doubled<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let owner = dkim.owner;
    // What a file with a forgotten dot makes of a name is a fault of its own.
    if dkim.role != Role::Selector || place.record.owner != *owner {
        return;
    }
    let Some(count) = owner::domain(owner).and_then(|domain| repeated(&domain)) else {
        return;
    };
    let kept = owner.label_count() - count;
    let new = Name::from_labels(owner.labels().take(kept), None);
    let edits = rewrite(&place.node, place.record, &new, findings, |written| {
        let labels: Vec<&str> = written.strip_suffix('.')?.split('.').collect();
        (labels.len() == kept + count).then(|| format!("{}.", labels[..kept].join(".")))
    });
    findings
        .report(
            place.record.owner_span(),
            format!("`{owner}` ends in the same name twice, and verifiers look for this DKIM key at `{new}`"),
            "the name of the zone is there twice",
        )
        .help(format!("move it to `{new}`"))
        .fix(format!("move it to `{new}`"), Safety::Unsafe, edits);
}

rule! {
    /// A DKIM selector with characters that the grammar of signatures does not have.
    ///
    /// Each label of a selector consists of letters, digits and hyphens, neither first nor last of which is a hyphen. `s_1` is a
    /// name that the DNS can hold, but a verifier that reads signatures strictly refuses `s=s_1`, and the mail counts as
    /// unsigned. Most verifiers take it.
    ///
    /// # Bad
    /// ```zone
    /// s_1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// s-1._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// ```zone
    /// 2026.nov._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # When to ignore
    /// If a service that signs for you chose the selector.
    /// # Source
    /// RFC 6376, section 3.1
    /// RFC 5321, section 4.1.2
    SELECTOR_SYNTAX: "dkim-selector-syntax", [Info], None, DkimWithin(selector_syntax), once_a_file
}

fn selector_syntax<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if dkim.role != Role::Selector {
        return;
    }
    let is_lone_star = dkim.owner.is_wildcard() && owner::selector(dkim.owner).count() == 1;
    let Some((index, label)) = owner::selector(dkim.owner)
        .enumerate()
        .find(|(_, label)| !is_lone_star && !is_right_label(label))
    else {
        return;
    };
    let shown = Name::from_labels([Some(label)], None);
    let span = label_span(place, index, findings);
    findings
        .report(
            span,
            format!(
                "strict verifiers refuse signatures with `{shown}` in their selector, and the mail counts as unsigned"
            ),
            "a selector has letters, digits, and hyphens inside",
        )
        .help("choose another selector when you next change the key");
}

fn is_right_label(label: &[u8]) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    is_end(label.first())
        && is_end(label.last())
        && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
}

/// Where the label with this number is written; the whole owner where it is written otherwise.
fn label_span(place: &Place<'_>, index: usize, findings: &Findings<'_>) -> Span {
    let span = place.record.owner_span();
    if span.is_empty() {
        return place.record.span;
    }
    let written = findings.source(span);
    let mut at = 0;
    for (number, label) in place.record.owner.labels().enumerate() {
        let Some(label) = label.filter(|label| written.get(at..).is_some_and(|rest| rest.starts_with(label))) else {
            return span;
        };
        let end = at + label.len();
        if number == index {
            let start = span.start + at as u32;
            let end = span.start + end as u32;
            return Span { start, end, ..span };
        }
        at = end + 1;
    }
    span
}

rule! {
    /// A DKIM key at a wildcard.
    ///
    /// `*._domainkey.example.com` answers for each selector that does not exist: whoever has the private half can sign under
    /// any selector, a selector that was taken away still has a key, and what should be no key at all is one. An empty `p` at
    /// this name is a common way to say that there are no others.
    ///
    /// # Bad
    /// ```zone
    /// *._domainkey TXT "v=DKIM1; k=ed25519; p=2inKwfiksAPMiLnGrOoZbpX/mR+UTRxNyVBO2Kykxy4="
    /// ```
    /// # Good
    /// ```zone
    /// *._domainkey TXT "v=DKIM1; p="
    /// ```
    /// # When to ignore
    /// If each message is signed under a selector of its own, with one key.
    /// # Source
    /// RFC 6376, section 6.1.2
    WILDCARD_OWNER: "dkim-wildcard-owner", [Warning], None, DkimWithin(wildcard_owner)
}

fn wildcard_owner<'a>(dkim: &Dkim<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if dkim.role != Role::Selector || !dkim.owner.is_wildcard() || !dkim.has_key() {
        return;
    }
    findings
        .report(
            place_of(place.record),
            "a DKIM key at a wildcard is one for every selector, also for those that were never made or are taken away",
            "a wildcard",
        )
        .help("publish the key at the selector that is signed with, and nothing at the wildcard");
}
