//! Rules about which TXT record at `_mta-sts` counts, and how it begins.

use crate::{
    policy::mta_sts::MtaSts,
    rule::{Findings, Rule, rule},
    rules::{version, wording::MTA_STS},
    zones::{Holds, Node},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    VERSION_INVALID,
    VERSION_SEPARATOR,
    RECORD_MULTIPLE,
    RECORD_FOREIGN,
    MISSING_RECORD,
];

rule! {
    /// An MTA-STS record that does not begin with `v=STSv1`.
    ///
    /// Senders drop every TXT record at `_mta-sts` that does not begin with these very characters: small `v`, capital `STS`,
    /// no blank, no quote, nothing before them. The domain is then one without MTA-STS, and an attacker on the way can
    /// read its mail or send it elsewhere.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=stsv1; id=20240102T0304"
    /// ```
    /// ```zone
    /// _mta-sts TXT "id=20240102T0304; v=STSv1"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// # When to ignore
    /// Never: no sender looks at such a record.
    /// # Source
    /// RFC 8461, section 3.1
    VERSION_INVALID: "mta-sts-version-invalid", [Error], Unsafe, MtaSts(version_invalid)
}

fn version_invalid(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    version::version_invalid(&sts.record, &MTA_STS, findings);
}

rule! {
    /// Something other than `;` right after `v=STSv1`.
    ///
    /// Senders pick the record that begins with `v=STSv1;`. With a comma, or without any separator, they find none and take
    /// the domain for one without MTA-STS. Blanks before the `;` are a warning: the grammar allows them, so that some senders
    /// accept the record and others do not.
    ///
    /// # Severity
    /// An error; a warning for blanks before the `;`, which the grammar allows and some senders do not.
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1, id=20240102T0304"
    /// ```
    /// ```zone
    /// _mta-sts TXT "v=STSv1 ; id=20240102T0304"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1;id=20240102T0304"
    /// ```
    /// # When to ignore
    /// Never: the blanks can always be removed.
    /// # Source
    /// RFC 8461, section 3.1
    /// Erratum 6285 of RFC 8461, reported and not verified.
    VERSION_SEPARATOR: "mta-sts-version-separator", [Error, Warning], Unsafe, MtaSts(version_separator)
}

fn version_separator(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    version::version_separator(&sts.record, &MTA_STS, findings);
}

rule! {
    /// More than one MTA-STS record at a name.
    ///
    /// Where more than one record begins with `v=STSv1;`, senders use none of them and take the domain for one without
    /// MTA-STS. Two records with the same character-strings are one record to DNS; the same text in other character-strings
    /// is another record.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// _mta-sts TXT "v=STSv1; id=20240506T0708"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240506T0708"
    /// _mta-sts TXT "v=STSv1; id=20240506T0708"
    /// ```
    /// # When to ignore
    /// Never: no sender chooses between them.
    /// # Source
    /// RFC 8461, section 3.1
    RECORD_MULTIPLE: "mta-sts-record-multiple", [Error], None, Node(Holds::TXT.and(Holds::SEVERAL), record_multiple)
}

fn record_multiple<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let help = "keep one of them";
    version::record_multiple(node, &MTA_STS, help, findings);
}

rule! {
    /// A TXT record at `_mta-sts` that is of another kind.
    ///
    /// Nobody looks for SPF, DMARC or verification tokens at `_mta-sts`. Senders skip the record, and whoever is meant to
    /// find it looks elsewhere.
    ///
    /// # Bad
    /// ```zone
    /// _mta-sts TXT "v=spf1 -all"
    /// ```
    /// # Good
    /// ```zone
    /// _mta-sts TXT "v=STSv1; id=20240102T0304"
    /// @ TXT "v=spf1 -all"
    /// ```
    /// # When to ignore
    /// If a service asks for a token at this very name.
    /// # Source
    /// RFC 8461, section 3.1
    RECORD_FOREIGN: "mta-sts-record-foreign", [Warning], None, MtaSts(record_foreign)
}

fn record_foreign(sts: &MtaSts<'_>, findings: &mut Findings<'_>) {
    version::record_foreign(&sts.record, &MTA_STS, findings);
}

rule! {
    /// A domain that takes mail and has no MTA-STS record.
    ///
    /// Without MTA-STS, senders encrypt mail to the domain only if nobody on the way objects: an attacker can make them send
    /// it in the clear, or to another host. Reported at the apex of a zone that is stated whole, if it has an MX record with
    /// a host and nothing at all is at `_mta-sts`: no record, no CNAME, no delegation, no wildcard.
    ///
    /// # Bad
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 10 mail
    /// ```
    /// # Good
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 10 mail
    /// _mta-sts 3600 TXT "v=STSv1; id=20240102T0304"
    /// ```
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 10 mail
    /// _mta-sts 3600 CNAME _mta-sts.example.net.
    /// ```
    /// ```zone
    /// @ 3600 SOA ns hostmaster 1 7200 3600 1209600 300
    /// @ 3600 MX 0 .
    /// ```
    /// # When to ignore
    /// If the mail hosts have no certificates that senders can check, or DANE does the same for all your senders.
    /// # Source
    /// RFC 8461, section 3
    MISSING_RECORD: "mta-sts-missing-record", [Info], None, Node(Holds::MX, missing_record), off
}

fn missing_record<'a>(node: &Node<'a>, findings: &mut Findings<'a>) {
    let lost = "an attacker on the way can read mail to it, or send it elsewhere";
    let help = "publish a policy at `https://mta-sts.<domain>/.well-known/mta-sts.txt`, then a TXT record at \
                `_mta-sts` that begins with `v=STSv1;`";
    version::record_missing(node, &MTA_STS, lost, help, findings);
}
