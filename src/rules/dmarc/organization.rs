//! Rules about where an organization begins, and which tags of a DMARC record matter only there.

use crate::{
    diagnostic::Safety,
    name::Name,
    policy::dmarc::{
        self, Dmarc,
        owner::Role,
        tag::{Tag, TagName},
        value::{Psd, Word},
    },
    rule::{Findings, Rule, rule},
    rules::dmarc::{tags::span_of, wording::without},
    zones::{Place, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[PSD_Y, PSD_RUF, UNREACHABLE_BY_WALK, SP_ON_SUBDOMAIN];

/// What `psd` says, in whatever case.
fn psd(dmarc: &Dmarc<'_>) -> Option<Psd> {
    dmarc.psd().and_then(Word::read)
}

rule! {
    /// `psd=y` at a domain that is no public suffix.
    ///
    /// `psd=y` says that others register domains below this one, as below `com`. Each domain right below it is then an
    /// organization of its own: mail from `example.com` with a signature of `mail.example.com` no longer passes, nor the
    /// other way round. Only those who run a registry need it.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; psd=y; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; psd=n; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone co.uk.zone
    /// _dmarc TXT "v=DMARC1; p=reject; psd=y; rua=mailto:dmarc@co.uk"
    /// ```
    /// # When to ignore
    /// If others register domains below this one.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.10.2
    PSD_Y: "dmarc-psd-y", [Warning], None, Dmarc(psd_y)
}

fn psd_y(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    let domain = dmarc.domain().filter(Name::is_known);
    if dmarc.is_policy()
        && psd(dmarc) == Some(Psd::Yes)
        && let Some(domain) = domain.filter(|domain| !findings.sources().limits.suffixes.has(domain))
        && let Some(tag) = dmarc.tag(TagName::Psd)
        && let Some(span) = span_of(dmarc, tag)
    {
        findings
            .report(
                span,
                format!(
                    "`psd=y` makes each domain below `{domain}` another organization, so that SPF and DKIM of the one do \
                     not count for mail from the other"
                ),
                "only for public suffixes",
            )
            .help(format!(
                "remove it, or write `psd=n`, unless others register domains below `{domain}`"
            ));
    }
}

rule! {
    /// Failure reports for a public suffix.
    ///
    /// With `psd=y` failure reports would tell a registry of the mail of all that register domains there. Whoever sends such
    /// reports ignores `ruf` in this record.
    ///
    /// # Bad
    /// ```zone bank.zone
    /// _dmarc TXT "v=DMARC1; p=none; psd=y; rua=mailto:dmarc@nic.bank; ruf=mailto:fail@nic.bank"
    /// ```
    /// # Good
    /// ```zone bank.zone
    /// _dmarc TXT "v=DMARC1; p=none; psd=y; rua=mailto:dmarc@nic.bank"
    /// ```
    /// # When to ignore
    /// Never: nothing is sent there.
    /// # Source
    /// RFC 9989, section 10.2
    /// RFC 9991, section 2
    PSD_RUF: "dmarc-psd-ruf", [Error], Unsafe, Dmarc(psd_ruf)
}

fn psd_ruf(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if dmarc.is_policy()
        && psd(dmarc) == Some(Psd::Yes)
        && dmarc.has_valid_uri(TagName::Ruf) == Some(true)
        && let Some(tag) = dmarc.tag(TagName::Ruf)
        && let Some(span) = span_of(dmarc, tag)
    {
        let finding = findings
            .report(
                span,
                "receivers send no failure reports for a public suffix: beside `psd=y` they ignore `ruf`",
                "ignored",
            )
            .help("remove `ruf`, or `psd=y` if the domain is no public suffix")
            .fix("remove `ruf`", Safety::Unsafe, without(dmarc, tag));
        if let Some(psd) = dmarc.tag(TagName::Psd).and_then(|psd| span_of(dmarc, psd)) {
            finding.related(psd, "a public suffix by its own word");
        }
    }
}

/// How many labels a domain has at most that receivers look at on their way up (RFC 9989, section 4.10).
const WALKED_MAX: usize = 7;

rule! {
    /// A policy for subdomains at a name so long that receivers pass over it.
    ///
    /// For mail from a subdomain, receivers walk up from label to label, but ask no domain of more than seven labels, except
    /// the one that the mail is from. A record at a longer name is found for mail from that very name alone: `sp`, `np` and
    /// `psd=n` do nothing there.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc.a.b.c.d.e.f TXT "v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc.b.c.d.e.f TXT "v=DMARC1; p=reject; psd=n; rua=mailto:dmarc@example.com"
    /// _dmarc.a.b.c.d.e.f TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: nobody reads these tags there.
    /// # Source
    /// RFC 9989, section 4.10
    /// RFC 9989, section 5.1.8
    UNREACHABLE_BY_WALK: "dmarc-unreachable-by-walk", [Warning], None, Dmarc(unreachable_by_walk), once_a_file
}

fn unreachable_by_walk(dmarc: &Dmarc<'_>, findings: &mut Findings<'_>) {
    if dmarc.role != Role::Policy || !dmarc.is_read() {
        return;
    }
    let Some(domain) = dmarc.domain().filter(|domain| domain.is_known()) else {
        return;
    };
    let labels = domain.label_count();
    if labels <= WALKED_MAX {
        return;
    }
    for tag in dmarc.tags.iter().filter(|tag| tag.counts()) {
        let name = match tag.name {
            Some(name @ (TagName::Sp | TagName::Np)) => name.word(),
            Some(TagName::Psd) if psd(dmarc) == Some(Psd::No) => "psd=n",
            _ => continue,
        };
        let Some(span) = span_of(dmarc, tag) else { continue };
        findings
            .report(
                span,
                format!(
                    "`{name}` does nothing here: `{domain}` has {labels} labels, and for mail from below it receivers ask \
                     no domain of more than {WALKED_MAX}"
                ),
                "not found on the way up",
            )
            .help("publish a record at each name that mail comes from");
    }
}

rule! {
    /// A policy for subdomains in a record that is not the organization's.
    ///
    /// For mail from a subdomain without a record of its own, receivers use that of the organization: `example.com` and not
    /// `mail.example.com`. So `sp` and `np` count there alone. Only `psd=n` makes a domain an organization of its own, and
    /// receivers that follow RFC 7489 do not know it.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// _dmarc.mail TXT "v=DMARC1; p=reject; sp=none; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@example.com"
    /// _dmarc.mail TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// Never: nobody reads the tag there.
    /// # Source
    /// RFC 9989, section 4.7
    /// RFC 9989, section 4.10.2
    SP_ON_SUBDOMAIN: "dmarc-sp-on-subdomain", [Warning], Unsafe, DmarcWithin(sp_on_subdomain), once_a_file
}

fn sp_on_subdomain<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let tags: Vec<&Tag> = [TagName::Sp, TagName::Np]
        .into_iter()
        .filter_map(|name| dmarc.tag(name))
        .collect();
    if tags.is_empty() || !dmarc.is_read() {
        return;
    }
    let (Some(domain), Some(organization)) = (dmarc.domain(), organization_above(dmarc, place)) else {
        return;
    };
    for tag in tags {
        let (Some(span), Some(name)) = (span_of(dmarc, tag), tag.name) else {
            continue;
        };
        let name = name.word();
        findings
            .report(
                span,
                format!(
                    "`{name}` does nothing here: for mail from below `{domain}`, receivers use the record of \
                     `{organization}`"
                ),
                format!("not at `{organization}`"),
            )
            .help(format!(
                "remove it; what it says can stand at `_dmarc.{organization}`, or in a record of each subdomain"
            ))
            .fix(format!("remove `{name}`"), Safety::Unsafe, without(dmarc, tag));
    }
}

/// The organizational domain that the domain of a policy lies below, if it has a DMARC record in the repository: receivers
/// ask that one for mail from subdomains (RFC 9989, section 4.10.1). `None` too where a hole may hold `psd=n`.
pub(super) fn organization_above(dmarc: &Dmarc<'_>, place: &Place<'_>) -> Option<Name> {
    let may_begin = match dmarc.psd() {
        Some(word) => !matches!(word, Word::Right(Psd::Unstated) | Word::Case(Psd::Unstated)) && !word.is_wrong(),
        None => !dmarc.text.is_complete(),
    };
    if dmarc.role != Role::Policy || may_begin {
        return None;
    }
    let domain = dmarc.domain().filter(Name::is_known)?;
    let organization = place.node.organization_of(&domain);
    if organization == domain || !domain.is_within(&organization) {
        return None;
    }
    let owner = Name::from_labels([Some("_dmarc")], Some(&organization));
    let node = place.node.ask(&owner, Wanted::Txt).found()?;
    node.records()
        .filter_map(|record| record.txt())
        .any(|txt| dmarc::is_candidate(txt.text.bytes()))
        .then_some(organization)
}
