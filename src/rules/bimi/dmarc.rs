//! Rules about the DMARC policy that BIMI asks for.

use crate::{
    name::Name,
    policy::{
        bimi::{self, Bimi, TagName},
        dmarc::{self, Dmarc, tag, value::Policy},
    },
    record::Record,
    rule::{Finding, Findings, Rule, rule},
    rules::bimi::owner::each_at,
    slip,
    span::Span,
    zones::{Answer, Holds, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[DMARC_NOT_ENFORCED, DMARC_MISSING];

/// The records at a name that give a logo, and the domain that it is for. Without a selector nobody asks for it.
fn logos<'a>(node: &Node<'a>) -> Option<(Name, Vec<&'a Record>)> {
    let place = bimi::place(node.name()).filter(|place| place.selector > 0)?;
    let mut found: Vec<&Record> = Vec::new();
    let mut domain = place.domain;
    each_at(node, |record, bimi| {
        if gives_logo(bimi) {
            domain = bimi.place.domain.clone();
            found.push(record);
        }
    });
    (!found.is_empty() && domain.is_known() && !domain.is_wildcard()).then_some((domain, found))
}

fn gives_logo(bimi: &Bimi<'_>) -> bool {
    bimi.is_read() && bimi.gives(TagName::L)
}

rule! {
    /// A logo beside a DMARC policy that is not enforced.
    ///
    /// Receivers show a logo only for a domain whose mail nobody can forge: the DMARC policy of the domain, and of the
    /// organization that it belongs to, is `quarantine` or `reject`, for subdomains too, and not for a part of the mail
    /// alone. With `p=none`, `sp=none`, or `p=quarantine` and a `pct` under 100, they show no logo.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@example.com"
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// default._bimi TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// While the policy is on its way to `quarantine` or `reject`. BIMI is a draft: `bimi = "off"` in the settings switches
    /// off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, sections "Introduction" and "Authentication
    /// Requirements".
    DMARC_NOT_ENFORCED: "bimi-dmarc-not-enforced", [Warning], None, Node(Holds::TXT, dmarc_not_enforced)
}

fn dmarc_not_enforced<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some((domain, records)) = logos(node) else { return };
    let organization = node.organization_of(&domain);
    let above = Some(organization).filter(|organization| *organization != domain);
    let weak = [Some(&domain), above.as_ref()].into_iter().flatten();
    let weak = weak.filter_map(|domain| Some((domain, weakness(node, domain)?)));
    let Some((whose, (what, at))) = weak.into_iter().next() else {
        return;
    };
    for record in records {
        findings.about(record);
        let message = match *whose == domain {
            true => format!("receivers show no logo for `{domain}`, whose DMARC policy has {what}"),
            false => format!("receivers show no logo for `{domain}`: the DMARC policy of `{whose}` has {what}"),
        };
        let finding: Finding<'_> = findings
            .report(record.span, message, "a logo")
            .help("bring the DMARC policy to `p=quarantine` or `p=reject`, for all mail and for subdomains");
        finding.related(at, "not enforced");
    }
}

/// The tag of a domain's DMARC record that leaves mail unprotected.
fn weakness(node: &Node<'_>, domain: &Name) -> Option<(String, Span)> {
    let Answer::Found(found) = node.ask(&domain.below("_dmarc"), Wanted::Txt) else {
        return None;
    };
    let mut records = found.records().filter(|record| record.txt().is_some());
    let (record, None) = (records.next()?, records.next()) else {
        return None;
    };
    let text = slip::meant_text(record, record.txt()?);
    let owner = slip::meant_owner(record, found.scan);
    let dmarc = dmarc::parse(&text, &owner)
        .filter(|dmarc| dmarc.is_policy())
        .or_else(|| dmarc::parse_shared(&text, &owner))?;
    let (name, what) = weak_tag(&dmarc)?;
    let at = dmarc.text.span(dmarc.tag(name)?.at.clone())?;
    Some((what, at))
}

fn weak_tag(dmarc: &Dmarc<'_>) -> Option<(tag::TagName, String)> {
    use tag::TagName::{P, Pct, Sp};
    let stated = |name| dmarc.policy(name).and_then(|word| word.read());
    let percent = dmarc
        .percent()
        .and_then(|word| word.read())
        .filter(|percent| *percent < 100);
    if !dmarc.is_read() {
        None
    } else if stated(P) == Some(Policy::None) {
        Some((P, "`p=none`".to_string()))
    } else if stated(Sp) == Some(Policy::None) {
        Some((Sp, "`sp=none`".to_string()))
    } else if stated(P) == Some(Policy::Quarantine) {
        percent.map(|percent| (Pct, format!("`p=quarantine` and `pct={percent}`")))
    } else {
        None
    }
}

rule! {
    /// A logo in a domain without DMARC.
    ///
    /// Receivers show a logo only for mail that passes DMARC with an enforced policy. The zone has no DMARC record for the
    /// domain nor for one above it, so they show none. Reported where the zone is stated whole.
    ///
    /// # Bad
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// default._bimi 3600 TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # Good
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// _dmarc 3600 TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@example.com"
    /// default._bimi 3600 TXT "v=BIMI1; l=https://example.com/logo.svg"
    /// ```
    /// # When to ignore
    /// If a service adds the DMARC record to what this repository has. BIMI is a draft: `bimi = "off"` in the settings
    /// switches off all rules about it.
    /// # Source
    /// The Internet-Draft draft-brand-indicators-for-message-identification-12, sections "Introduction" and "Authentication
    /// Requirements".
    DMARC_MISSING: "bimi-dmarc-missing", [Warning], None, Node(Holds::TXT, dmarc_missing)
}

fn dmarc_missing<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let Some((domain, records)) = logos(node) else { return };
    let Some(zone) = node.zone().filter(|zone| domain.is_within(&zone.origin)) else {
        return;
    };
    let organization = node.organization_of(&domain);
    let top = zone.origin.label_count().min(organization.label_count());
    let count = domain.label_count();
    let is_absent = |labels: usize| {
        let owner = domain.skip(count - labels).below("_dmarc");
        node.ask(&owner, Wanted::Txt).is_absent()
    };
    if !(top..=count).rev().all(is_absent) {
        return;
    }
    for record in records {
        findings.about(record);
        findings
            .report(
                record.span,
                format!("`{domain}` has no DMARC record, so receivers show no logo"),
                "a logo, and no DMARC",
            )
            .help(format!(
                "publish a DMARC record at `{}`, and show logos once its policy is `quarantine` or `reject`",
                domain.below("_dmarc")
            ));
    }
}
