//! Rules about a policy file as a whole.

use crate::{
    diagnostic::{Safety, Severity},
    policy::sts_file::{
        SIZE_MAX, StsFile,
        form::{Form, MARK, Other},
    },
    rule::{Findings, Rule, rule},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[NOT_A_POLICY, EMPTY, BOM, ENCODING, TOO_LARGE, FRONT_MATTER, TEMPLATE];

/// What one deployed sender reads at most.
const SMALL: usize = 10_240;

rule! {
    /// A file at the path of the policy that is none.
    ///
    /// A sender that fetches it finds no field of a policy and goes on as if the domain had no MTA-STS, until an older
    /// policy that it still keeps runs out. Editors that save rich text and pages for errors are the usual cause.
    ///
    /// # Bad
    /// ```mta-sts
    /// <!doctype html>
    /// <title>Page not found</title>
    /// ```
    /// ```mta-sts
    /// {\rtf1\ansi version: STSv1\par mode: enforce\par
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never, at the path that senders ask for.
    /// # Source
    /// RFC 8461, section 3.2
    NOT_A_POLICY: "mta-sts-policy-not-a-policy", [Error], None, StsFile(not_a_policy)
}

fn not_a_policy(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let Form::Other(other) = file.form else { return };
    let (what, label) = match other {
        Other::Markup => ("a web page", "begins like HTML or XML"),
        Other::Json => ("JSON", "begins like JSON"),
        Other::Rtf => ("rich text", "begins like RTF"),
        Other::Pdf => ("a PDF", "begins like PDF"),
        Other::Script => ("a program", "begins like a program"),
        Other::Text => ("text without any field of a policy", "the first line"),
    };
    let bytes = file.text.bytes();
    let end = memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
    findings
        .report(
            file.span(0..end),
            format!("the policy file is {what}, so senders act as if the domain had no MTA-STS"),
            label,
        )
        .help("save it as plain text with the lines `version: STSv1`, `mode: ...`, `mx: ...` and `max_age: ...`");
}

rule! {
    /// An empty policy file.
    ///
    /// Senders act as if the domain had no MTA-STS, until an older policy that they still keep runs out.
    ///
    /// # Bad
    /// ```mta-sts-escaped
    /// \x20
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: none
    /// max_age: 86400
    /// ```
    /// # When to ignore
    /// Never: to withdraw a policy, publish `mode: none` first.
    /// # Source
    /// RFC 8461, section 3.2
    EMPTY: "mta-sts-policy-empty", [Error], None, StsFile(empty)
}

fn empty(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if file.form == Form::Empty {
        findings
            .report(
                file.span(0..0),
                "the policy file is empty, so senders act as if the domain had no MTA-STS",
                "nothing here",
            )
            .help("write a policy; to withdraw one, publish `mode: none` with a small `max_age`");
    }
}

rule! {
    /// A policy that starts with a byte order mark.
    ///
    /// The mark is invisible, but it belongs to the name of the first field: senders find no `version` and act as if the
    /// domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts-escaped
    /// \xEF\xBB\xBFversion: STSv1
    /// mode: enforce
    /// mx: mail.example.com
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
    /// Never: save the file as "UTF-8", not as "UTF-8 with BOM".
    /// # Source
    /// RFC 8461, section 3.2
    BOM: "mta-sts-policy-bom", [Error], Unsafe, StsFile(bom)
}

fn bom(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    if file.form != Form::Policy || !file.has_mark {
        return;
    }
    let mark = 0..MARK.len();
    findings
        .report(
            file.span(mark.clone()),
            "the policy starts with a byte order mark, so senders cannot read its first field and ignore it",
            "an invisible byte order mark",
        )
        .help("save the file as UTF-8 without a byte order mark")
        .fix(
            "remove the byte order mark",
            Safety::Unsafe,
            file.text.replace(mark, ""),
        );
}

rule! {
    /// A policy that is not in UTF-8.
    ///
    /// Senders read a policy as ASCII or UTF-8. In UTF-16, which some editors call "Unicode", and with bytes of another
    /// encoding, they find no policy and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts-escaped
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// note: Gr\xFC\xDFe
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// note: Grüße
    /// ```
    /// # When to ignore
    /// Never: save the file as UTF-8.
    /// # Source
    /// RFC 8461, section 3.2
    ENCODING: "mta-sts-policy-encoding", [Error], Unsafe, StsFile(encoding)
}

fn encoding(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let Form::Encoding { at, ascii } = &file.form else {
        return;
    };
    let (what, label) = match file.text.get(at.clone()) {
        b"\xff\xfe" | b"\xfe\xff" => ("in UTF-16", "the mark of UTF-16"),
        [_, _, ..] => ("in UTF-32", "the mark of UTF-32"),
        b"\0" => ("not plain text", "a NUL byte"),
        _ => ("not in UTF-8", "not UTF-8"),
    };
    let whole = 0..file.text.len();
    let edits = ascii
        .clone()
        .filter(|_| !file.is_cut)
        .and_then(|ascii| file.rewrite(whole, ascii));
    findings
        .report(
            file.span(at.clone()),
            format!("the policy is {what}, so senders cannot read it and act as if the domain had no MTA-STS"),
            label,
        )
        .help("save the file as UTF-8")
        .fix("convert the file to UTF-8", Safety::Unsafe, edits);
}

rule! {
    /// A policy file that is larger than what senders read.
    ///
    /// The specification proposes that senders take 64 kilobytes at most; one that is in use stops after 10 KiB. What is
    /// larger counts as no policy, and a policy is a few lines.
    ///
    /// # Severity
    /// An error above 64 kilobytes; a warning above 10 KiB.
    /// # Bad
    /// ```mta-sts-escaped
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// note: this line makes the file larger than 10 KiB\{300}
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If you know that all your correspondents take more: a policy with hundreds of hosts may need it.
    /// # Source
    /// RFC 8461, section 3.3
    TOO_LARGE: "mta-sts-policy-too-large", [Error, Warning], None, StsFile(too_large)
}

fn too_large(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let size = file.source.bytes().len();
    if file.form != Form::Policy || size <= SMALL {
        return;
    }
    let (severity, message) = if size > SIZE_MAX {
        let message = format!("the policy file has {size} bytes, and senders take {SIZE_MAX} at most and ignore it");
        (Severity::Error, message)
    } else {
        let message = format!("the policy file has {size} bytes, and some senders stop after {SMALL}");
        (Severity::Warning, message)
    };
    findings
        .report(file.first_line(), message, "far longer than a policy needs")
        .severity(severity)
        .help("leave the fields `version`, `mode`, `mx` and `max_age`; one wildcard can stand for many hosts");
}

rule! {
    /// Front matter of a static-site generator before a policy.
    ///
    /// A generator such as Jekyll takes the block out before it publishes the page, and what is left is judged here. If
    /// the file is published as it is, the block makes the policy malformed.
    ///
    /// # Bad
    /// ```mta-sts
    /// ---
    /// layout: none
    /// ---
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
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
    /// If a generator makes the published file of it.
    /// # Source
    /// Practice of static-site generators.
    FRONT_MATTER: "mta-sts-policy-front-matter", [Info], None, StsFile(front_matter)
}

fn front_matter(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let Some(block) = &file.front_matter else { return };
    let len = file.text.get(block.clone()).trim_ascii_end().len();
    findings
        .report(
            file.span(block.start..block.start + len),
            "front matter stands before the policy, so it works only if a site generator takes it out",
            "not part of the policy",
        )
        .help("see that the published file begins with `version: STSv1`");
}

rule! {
    /// A policy that a template fills in.
    ///
    /// What the template puts there is not known here, so these values are not checked.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: {{ mx }}
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
    /// If the rendered file is checked elsewhere.
    /// # Source
    /// Practice of template engines.
    TEMPLATE: "mta-sts-policy-template", [Info], None, StsFile(template)
}

fn template(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let holes = file.text.holes();
    let Some(first) = holes.first().filter(|_| file.form == Form::Policy) else {
        return;
    };
    let what = match holes.len() {
        1 => "a part of the policy is filled in by a template".to_string(),
        count => format!("{count} parts of the policy are filled in by a template"),
    };
    findings
        .report(first.span, format!("{what} and not checked"), "filled in by a template")
        .help("check the rendered file, too");
}
