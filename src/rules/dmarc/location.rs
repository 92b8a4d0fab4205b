//! Rules about the name that a DMARC record stands at.

use crate::{
    diagnostic::{Safety, Severity},
    name::Name,
    policy::dmarc::{Dmarc, owner::Role, version::pasted_name},
    rule::{Findings, Rule, rule},
    rules::owner::rewrite,
    zones::Place,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[WRONG_OWNER, OWNER_DOUBLED, WILDCARD_OWNER, WILDCARD_RECORD];

fn is(label: Option<&[u8]>, wanted: &str) -> bool {
    label.is_some_and(|label| label.eq_ignore_ascii_case(wanted.as_bytes()))
}

rule! {
    /// A DMARC record at a name where nobody looks for it.
    ///
    /// Receivers look up the policy of `example.com` at `_dmarc.example.com`, and nowhere else; who may send reports to
    /// `example.net` is looked up at `<domain>._report._dmarc.example.net`. A record at the domain itself, at `dmarc` without
    /// its underscore, or at `mail._dmarc`, does nothing. A `CNAME` at a `_dmarc` name may lead to any name; where none in
    /// the repository does, but the name looks as if it was made for that, the finding is an info.
    ///
    /// # Severity
    /// An error; an info at a name that looks as if it was made for a `CNAME` to lead to.
    /// # Bad
    /// ```zone
    /// @ TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// mail._dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If a `CNAME` in a zone that is kept elsewhere leads to the record.
    /// # Source
    /// RFC 9989, section 4.1
    /// RFC 9989, section 4.5
    WRONG_OWNER: "dmarc-wrong-owner", [Error, Info], Unsafe, DmarcWithin(wrong_owner)
}

fn wrong_owner<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if dmarc.role != Role::Elsewhere {
        return;
    }
    let owner = dmarc.owner;
    // Where only the file's name tells the owner, the record itself is at the wrong place.
    let span = Some(place.record.owner_span()).filter(|span| !span.is_empty());
    let span = span.unwrap_or(place.record.span);
    if is_made_for_aliases(owner) {
        findings
            .report(
                span,
                format!("receivers find this DMARC record only if a `CNAME` leads to `{owner}`, and none in these files does"),
                "not a name at which DMARC is looked up",
            )
            .severity(Severity::Info)
            .help("let the `_dmarc` names that it is for lead here with a `CNAME`, or remove it");
        return;
    }
    if let Some(name) = pasted_name(dmarc.raw.bytes()).and_then(|name| dmarc.raw.span(name)) {
        let home = right_owner(owner).map_or_else(|| "the `_dmarc` name".to_string(), |new| format!("`{new}`"));
        findings
            .report(
                name,
                format!(
                    "nobody looks for DMARC at `{owner}`, so this record does nothing: its name stands in its text"
                ),
                "the name that the record was to be at",
            )
            .help(format!("put the text from `v=DMARC1` on at {home}"));
        return;
    }
    let Some(new) = right_owner(owner) else {
        findings
            .report(
                span,
                format!("nobody looks for DMARC at `{owner}`, so this record does nothing"),
                "not a name at which DMARC is looked up",
            )
            .help("move it to `_dmarc` and the domain that it is for");
        return;
    };
    let edits = rewrite(&place.node, place.record, &new, findings, |written| {
        right_written(written, owner)
    });
    findings
        .report(
            span,
            format!("nobody looks for DMARC at `{owner}`, so this record does nothing"),
            "not a name at which DMARC is looked up",
        )
        .help(format!("move it to `{new}`"))
        .fix(format!("move it to `{new}`"), Safety::Unsafe, edits);
}

/// Whether a name looks as if policies are kept there for others that lead to them.
fn is_made_for_aliases(owner: &Name) -> bool {
    let mut labels = owner.labels().flatten();
    let has_dmarc = |label: &[u8]| memchr::memmem::find(&label.to_ascii_lowercase(), b"dmarc").is_some();
    let first = labels.next().unwrap_or_default();
    first.starts_with(b"_") && has_dmarc(first) && !is_typo(first)
        || labels.any(|label| has_dmarc(label) && !label.eq_ignore_ascii_case(b"_dmarc"))
}

/// Whether a label is a slip for `_dmarc`.
fn is_typo(label: &[u8]) -> bool {
    let label = String::from_utf8_lossy(label).to_ascii_lowercase();
    label.len() <= "_dmarc".len() + 1 && strsim::osa_distance(&label, "_dmarc") <= 1
}

/// The name that a record was meant to be at.
fn right_owner(owner: &Name) -> Option<Name> {
    let labels: Vec<Option<&[u8]>> = owner.labels().collect();
    let plain = |labels: &[Option<&[u8]>]| -> Vec<Vec<u8>> {
        let others = labels
            .iter()
            .copied()
            .flatten()
            .filter(|label| !is(Some(label), "_dmarc"));
        others.map(<[u8]>::to_vec).collect()
    };
    let mut new = Vec::new();
    if let Some(at) = labels.iter().position(|label| is(*label, "_report")) {
        new.extend(plain(&labels[..at]));
        if new.is_empty() {
            return None;
        }
        new.extend([b"_report".to_vec(), b"_dmarc".to_vec()]);
        new.extend(plain(&labels[at + 1..]));
    } else {
        let first = usize::from(labels.first().copied().flatten().is_some_and(is_typo));
        new.push(b"_dmarc".to_vec());
        new.extend(plain(&labels[first..]));
        // No mail comes from a domain with an underscore.
        if new[1..].first().is_some_and(|label| label.starts_with(b"_")) {
            return None;
        }
    }
    let new = Name::from_labels(new.into_iter().map(Some), None);
    (new != *owner).then_some(new)
}

/// The same for the owner as it is written. `None` where too much of it is the origin's.
fn right_written(written: &str, owner: &Name) -> Option<String> {
    let has = |label: &str| owner.labels().any(|other| is(other, label));
    let first = written.split('.').next()?;
    if has("_report") {
        return None;
    }
    if written == "@" {
        return Some("_dmarc".to_string());
    }
    if is_typo(first.as_bytes()) && !has("_dmarc") {
        return Some(format!("_dmarc{}", &written[first.len()..]));
    }
    match written.to_ascii_lowercase().split("._dmarc").count() {
        1 if !has("_dmarc") => Some(format!("_dmarc.{written}")),
        2 if !first.eq_ignore_ascii_case("_dmarc") => {
            let at = written.to_ascii_lowercase().find("._dmarc")?;
            Some(format!("_dmarc.{}{}", &written[..at], &written[at + "._dmarc".len()..]))
        }
        _ => None,
    }
}

rule! {
    /// A DMARC record whose owner ends in the same name twice.
    ///
    /// `_dmarc.example.com.example.com` comes about where the name of the zone is added to a name that has it already, as
    /// many programs and forms do. Receivers look at `_dmarc.example.com`.
    ///
    /// # Bad
    /// ```zone
    /// _dmarc.example.com.example.com. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc.example.com. TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If there is such a domain.
    /// # Source
    /// RFC 1035, section 5.1
    OWNER_DOUBLED: "dmarc-owner-doubled", [Warning], Unsafe, DmarcWithin(owner_doubled)
}

fn owner_doubled<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let domain = match dmarc.role {
        Role::Policy | Role::Wildcard => dmarc.domain(),
        Role::Authorization => dmarc.destination(),
        Role::Shared | Role::Unasked | Role::Elsewhere => return,
    };
    // What a file with a forgotten dot makes of a name is a fault of its own.
    if place.record.owner != *dmarc.owner {
        return;
    }
    let Some(count) = domain.and_then(|domain| repeated(&domain)) else {
        return;
    };
    let owner = dmarc.owner;
    let kept = owner.label_count() - count;
    let new = Name::from_labels(owner.labels().take(kept), None);
    let edits = rewrite(&place.node, place.record, &new, findings, |written| {
        let labels: Vec<&str> = written.strip_suffix('.')?.split('.').collect();
        (labels.len() == kept + count).then(|| format!("{}.", labels[..kept].join(".")))
    });
    findings
        .report(
            place.record.owner_span(),
            format!("`{owner}` ends in the same name twice, and receivers look for this DMARC record at `{new}`"),
            "the name of the zone is there twice",
        )
        .help(format!("move it to `{new}`"))
        .fix(format!("move it to `{new}`"), Safety::Unsafe, edits);
}

/// How many labels, two or more, a name ends in twice.
fn repeated(name: &Name) -> Option<usize> {
    if name.label_count() < 4 {
        return None;
    }
    let labels: Vec<_> = name
        .labels()
        .map(|label| label.map(<[u8]>::to_ascii_lowercase))
        .collect();
    let count = labels.len();
    (2..=count / 2).rev().find(|len| {
        let (first, second) = (&labels[count - 2 * len..count - len], &labels[count - len..]);
        first == second && second.iter().all(Option::is_some)
    })
}

rule! {
    /// A `*` beside `_dmarc` in the owner of a DMARC record.
    ///
    /// Only as the first label is `*` a wildcard, and below `_dmarc` nobody looks for anything. `*._dmarc.example.com` and
    /// `_dmarc.*.example.com` answer no question of DMARC. The policy of `example.com` holds for its subdomains anyway, as
    /// far as they have none of their own. Only for permissions to send reports there is a wildcard:
    /// `*._report._dmarc.example.net`.
    ///
    /// # Bad
    /// ```zone
    /// *._dmarc TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// _dmarc.* TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; sp=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// ```zone
    /// *._report._dmarc TXT "v=DMARC1;"
    /// ```
    /// # When to ignore
    /// Never: no receiver asks for such a name.
    /// # Source
    /// RFC 9989, section 4.5
    /// RFC 4592, section 2.1.1
    WILDCARD_OWNER: "dmarc-wildcard-owner", [Error], Unsafe, DmarcWithin(wildcard_owner)
}

fn wildcard_owner<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    if dmarc.role != Role::Unasked {
        return;
    }
    let owner = dmarc.owner;
    let new = Name::from_labels(owner.labels().filter(|label| *label != Some(b"*")), None);
    let edits = rewrite(&place.node, place.record, &new, findings, |written| {
        let stars = written.split('.').filter(|label| *label == "*").count();
        let kept: Vec<&str> = written.split('.').filter(|label| *label != "*").collect();
        (stars == owner.labels().filter(|label| *label == Some(b"*")).count() && written != "*").then(|| kept.join("."))
    });
    let message = match owner.is_wildcard() {
        true => format!(
            "nobody asks for names below `{}`, so this record does nothing",
            owner.skip(1)
        ),
        false => "`*` is a wildcard only as the first label, so this record does nothing".to_string(),
    };
    findings
        .report(place.record.owner_span(), message, "a name that nobody asks for")
        .help(format!("move it to `{new}`, or remove it"))
        .fix(format!("move it to `{new}`"), Safety::Unsafe, edits);
}

rule! {
    /// A DMARC record at a wildcard.
    ///
    /// `*.example.com` also answers for `_dmarc.shop.example.com`, but only where nothing exists at or below `shop`, and
    /// only until something is added there. And every other question for TXT records below `example.com` gets a DMARC record
    /// for an answer. What is meant is mostly said by the record at `_dmarc.example.com`: it holds for all subdomains, `sp`
    /// tells what to do with those that exist, and `np` with the others.
    ///
    /// # Bad
    /// ```zone
    /// * TXT "v=DMARC1; p=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # Good
    /// ```zone
    /// _dmarc TXT "v=DMARC1; p=reject; np=reject; rua=mailto:dmarc@example.com"
    /// ```
    /// # When to ignore
    /// If receivers that know nothing of RFC 9989 are to find a policy for names that do not exist.
    /// # Source
    /// RFC 9989, section 4.5
    /// RFC 4592
    WILDCARD_RECORD: "dmarc-wildcard-record", [Warning], None, DmarcWithin(wildcard_record)
}

fn wildcard_record<'a>(dmarc: &Dmarc<'_>, place: &Place<'a>, findings: &mut Findings<'a>) {
    let Some(domain) = dmarc.domain().filter(|_| dmarc.role == Role::Wildcard) else {
        return;
    };
    findings
        .report(
            place.record.owner_span(),
            format!(
                "a DMARC record at a wildcard: receivers find it only for names below `{domain}` that do not exist, and \
                 every other TXT look-up finds it there, too"
            ),
            "a wildcard",
        )
        .help(format!("say it at `_dmarc.{domain}`, with `sp` or `np` for subdomains"));
}
