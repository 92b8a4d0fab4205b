//! Rules about which TXT record at `_mta-sts` counts, and how it begins.

use crate::{
    policy::mta_sts::MtaSts,
    rule::{Findings, Rule, rule},
    rules::{version, wording::MTA_STS},
    zones::Node,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[VERSION_INVALID, VERSION_SEPARATOR, RECORD_MULTIPLE, RECORD_FOREIGN];

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
    RECORD_MULTIPLE: "mta-sts-record-multiple", [Error], None, Node(record_multiple)
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
