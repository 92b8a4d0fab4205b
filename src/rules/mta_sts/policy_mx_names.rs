//! Rules about `mx` values of a policy file that are no host names.

use std::ops::Range;

use crate::{
    diagnostic::Safety,
    policy::sts_file::{
        Mx, StsFile,
        mx::{self, Value, Why},
    },
    punycode,
    rule::{Findings, Rule, rule},
    shown::shown,
    span::Span,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    MX_LIST,
    MX_TRAILING_DOT,
    MX_WILDCARD,
    MX_UNDERSCORE,
    MX_IP,
    MX_NON_ASCII,
    MX_INVALID,
];

/// What happens to a policy with such a value.
const SO: &str = "so senders ignore the policy, or never find the host in it";

/// Characters that cannot be seen, and come along when text is copied.
const INVISIBLE: [char; 7] = [
    '\u{a0}', '\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}',
];

rule! {
    /// Several hosts in one `mx`.
    ///
    /// Each host has a line of its own. Senders take the whole value for one name, which is malformed: they ignore the
    /// policy, or find none of the hosts in it.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail1.example.com, mail2.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail1.example.com
    /// mx: mail2.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: write a line for each host.
    /// # Source
    /// RFC 8461, section 3.2
    MX_LIST: "mta-sts-policy-mx-list", [Error], Unsafe, StsFile(mx_list)
}

fn mx_list(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx() {
        let Value::List(hosts) = &mx.value else { continue };
        let names: Vec<&[u8]> = hosts.iter().map(|host| &mx.bytes[host.clone()]).collect();
        findings
            .report(
                file.span(mx.field.value.clone()),
                format!("`mx` has {} hosts in one line, {SO}", hosts.len()),
                "more than one host",
            )
            .help("write a line `mx: ` for each host")
            .fix("write a line for each host", Safety::Unsafe, rewrite(file, &mx, &names));
    }
}

rule! {
    /// A host with a final dot.
    ///
    /// Zone files have it, policies do not. Strict senders find the policy malformed and ignore it; others compare the name
    /// as it stands and never find the host.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com.
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: no sender needs the dot.
    /// # Source
    /// RFC 8461, section 3.2
    MX_TRAILING_DOT: "mta-sts-policy-mx-trailing-dot", [Error], Unsafe, StsFile(mx_trailing_dot)
}

fn mx_trailing_dot(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx().filter(|mx| mx.value == Value::TrailingDot) {
        let end = mx.field.value.end;
        findings
            .report(
                file.span(end - 1..end),
                format!("{} ends in a dot, {SO}", shown(mx.bytes)),
                "no dot here in policies",
            )
            .help("remove the final dot")
            .fix(
                "remove the final dot",
                Safety::Unsafe,
                file.text.replace(end - 1..end, ""),
            );
    }
}

rule! {
    /// A `*` in the wrong place.
    ///
    /// A wildcard is `*.` before a name and stands for exactly one label. In another place, or twice, it is no host name:
    /// senders ignore the policy, or never find the host in it.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail*.example.net
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: *
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: *.example.net
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: no sender has more than the one wildcard.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 8461, section 4.1
    MX_WILDCARD: "mta-sts-policy-mx-wildcard", [Error], None, StsFile(mx_wildcard)
}

fn mx_wildcard(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx() {
        let Value::Wildcard(star) = &mx.value else { continue };
        findings
            .report(
                part(file, &mx, star),
                format!("{} has a `*` that is not its whole first label, {SO}", shown(mx.bytes)),
                "no wildcard here",
            )
            .help("write `*.` and the rest of the name, for exactly one label, or list the hosts");
    }
}

rule! {
    /// A host with an underscore.
    ///
    /// Names of hosts have none, so a policy cannot name it: strict senders find the policy malformed and ignore it. Some
    /// providers generate such names for MX records.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: _dc-mx.0a1b2c3d4e5f.example.net
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: *.0a1b2c3d4e5f.example.net
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: let the MX record point to a name without an underscore.
    /// # Source
    /// RFC 8461, section 3.2
    MX_UNDERSCORE: "mta-sts-policy-mx-underscore", [Error], None, StsFile(mx_underscore)
}

fn mx_underscore(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx() {
        let Value::Underscore(label) = &mx.value else { continue };
        findings
            .report(
                part(file, &mx, label),
                format!(
                    "{} has an underscore, which a policy cannot name, {SO}",
                    shown(mx.bytes)
                ),
                "no label of a host name",
            )
            .help("let the MX record point to a host name without an underscore, and list that");
    }
}

rule! {
    /// An IP address as `mx`.
    ///
    /// Senders compare the values with the names in MX records, and those are never addresses: the line matches nothing,
    /// and with `mode: enforce` mail to this host is not delivered.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: 192.0.2.1
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: an address has no certificate that senders would accept.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 8461, section 4.1
    MX_IP: "mta-sts-policy-mx-ip", [Error], None, StsFile(mx_ip)
}

fn mx_ip(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx().filter(|mx| mx.value == Value::Address) {
        findings
            .report(
                file.span(mx.field.value.clone()),
                format!(
                    "{} is an address, and senders look for the names in MX records: it matches none",
                    shown(mx.bytes)
                ),
                "an address, not a name",
            )
            .help("write the host name that the MX record has");
    }
}

rule! {
    /// A host that is not in ASCII.
    ///
    /// Host names in other letters stand in DNS, and so in policies, in their ASCII form, `xn--...`. Senders compare bytes
    /// and never find the host; strict ones ignore the policy.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mäil.example.net
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: xn--mil-qla.example.net
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: MX records have the ASCII form.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 5321, section 4.1.2
    MX_NON_ASCII: "mta-sts-policy-mx-non-ascii", [Error], Unsafe, StsFile(mx_non_ascii)
}

fn mx_non_ascii(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx() {
        let Value::NonAscii(label) = &mx.value else { continue };
        let meant = in_ascii(mx.bytes);
        let title = format!("write {}", shown(meant.as_deref().unwrap_or_default().as_bytes()));
        let edits = meant.and_then(|meant| file.text.replace(mx.field.value.clone(), &meant));
        findings
            .report(
                part(file, &mx, label),
                format!("{} has characters outside of ASCII, {SO}", shown(mx.bytes)),
                "not ASCII",
            )
            .help("write the name as DNS has it, in ASCII")
            .fix(title, Safety::Unsafe, edits);
    }
}

/// A name in ASCII: without characters that cannot be seen, and with `xn--` labels for those in other letters.
fn in_ascii(value: &[u8]) -> Option<String> {
    let visible = std::str::from_utf8(value).ok()?.replace(INVISIBLE, "");
    let labels: Option<Vec<String>> = visible
        .split('.')
        .map(|label| match label.is_ascii() {
            true => Some(label.to_string()),
            false => punycode::to_ascii(label),
        })
        .collect();
    labels
        .map(|labels| labels.join("."))
        .filter(|name| mx::is_pattern(name.as_bytes()))
}

rule! {
    /// An `mx` value that is no host name.
    ///
    /// It is a host name, or `*.` and a host name: no preference before it, no port, no URL, no hyphen at the end of a
    /// label. Strict senders find the policy malformed and ignore it; others never find the host in it, and with
    /// `mode: enforce` do not deliver there.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: 10 mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com:25
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: no sender reads more than a name.
    /// # Source
    /// RFC 8461, section 3.2
    /// RFC 5321, section 4.1.2
    MX_INVALID: "mta-sts-policy-mx-invalid", [Error], Unsafe, StsFile(mx_invalid)
}

fn mx_invalid(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for mx in file.mx() {
        let Value::Invalid { at, why, meant } = &mx.value else {
            continue;
        };
        let label = match why {
            Why::Repeated => "the name of the field again",
            Why::Url => "a part of a URL",
            Why::Preference => "a preference, which only MX records have",
            Why::Port => "a port",
            Why::Words => "more than a name",
            Why::Punctuation => "nothing follows the name",
            Why::Quotes => "quotes",
            Why::Mailbox => "a mail address",
            Why::EmptyLabel => "no label before this dot",
            Why::Hyphen => "a label starts and ends with a letter or digit",
            Why::LabelTooLong => "over 63 bytes",
            Why::NameTooLong => "over 253 bytes",
            Why::Character => "not a letter, digit, hyphen or dot",
        };
        let meant = meant.clone().map(|meant| &mx.bytes[meant]);
        let help = match (meant, why) {
            (Some(meant), _) => format!("write `mx: {}`", String::from_utf8_lossy(meant)),
            (None, Why::EmptyLabel) => "write the whole name of the host, or `*.` for any one label".to_string(),
            (None, _) => "write the name of the host alone, as the MX record has it".to_string(),
        };
        findings
            .report(
                part(file, &mx, at),
                format!("{} is no host name, {SO}", shown(mx.bytes)),
                label,
            )
            .help(help)
            .fix(
                format!("leave {}", shown(meant.unwrap_or_default())),
                Safety::Unsafe,
                meant.and_then(|meant| rewrite(file, &mx, &[meant])),
            );
    }
}

/// The place of a part of a value.
fn part(file: &StsFile<'_>, mx: &Mx<'_, '_>, range: &Range<usize>) -> Span {
    let start = mx.field.value.start;
    file.span(start + range.start..start + range.end)
}

/// The edits after which the value is these hosts, each on a line of its own.
fn rewrite(file: &StsFile<'_>, mx: &Mx<'_, '_>, hosts: &[&[u8]]) -> Option<Vec<Edit>> {
    let hosts: Option<Vec<&str>> = hosts.iter().map(|host| std::str::from_utf8(host).ok()).collect();
    let lines = hosts?.join(&format!("{}mx: ", file.usual_end()));
    file.rewrite(mx.field.value.clone(), lines)
}
