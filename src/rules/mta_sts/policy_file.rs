//! Rules about a policy file as a whole.

use crate::{
    diagnostic::{Safety, Severity},
    policy::sts_file::{
        SIZE_MAX, StsFile,
        form::{Form, MARK, Other},
        line::{Ending, Kind, Line},
    },
    rule::{Findings, Rule, rule},
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    NOT_A_POLICY,
    EMPTY,
    BOM,
    ENCODING,
    TOO_LARGE,
    BARE_CR,
    MIXED_LINE_ENDINGS,
    BLANK_LINE,
    COMMENT,
    FRONT_MATTER,
    TEMPLATE,
];

/// What one deployed sender reads at most.
const SMALL: usize = 10_240;
/// How many other places a finding names.
const PLACES: usize = 20;

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
    let edits = ascii.clone().and_then(|ascii| file.rewrite(whole, ascii));
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
        .report(file.whole(), message, "far longer than a policy needs")
        .severity(severity)
        .help("leave the fields `version`, `mode`, `mx` and `max_age`; one wildcard can stand for many hosts");
}

rule! {
    /// A carriage return that ends no line.
    ///
    /// Lines of a policy end with LF or CRLF. With a CR alone, senders take what follows for a part of the same line: the
    /// policy is malformed, and they act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts-escaped
    /// version: STSv1\rmode: enforce\rmx: mail.example.com\rmax_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts-escaped
    /// version: STSv1\r
    /// mode: enforce\r
    /// mx: mail.example.com\r
    /// max_age: 604800\r
    /// ```
    /// # When to ignore
    /// Never: no sender ends a line there.
    /// # Source
    /// RFC 8461, section 3.2
    BARE_CR: "mta-sts-policy-bare-cr", [Error], Unsafe, StsFile(bare_cr)
}

fn bare_cr(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let stray: Vec<&Line> = file.lines.iter().filter(|line| line.ending == Ending::Cr).collect();
    let Some(first) = stray.first() else { return };
    let count = match stray.len() {
        1 => "a carriage return ends no line".to_string(),
        count => format!("{count} carriage returns end no line"),
    };
    let edits: Option<Vec<Edit>> = stray
        .iter()
        .map(|line| {
            let is_fed = file.text.get(line.end.clone()).ends_with(b"\n");
            let new = if is_fed { "\r\n" } else { "\n" };
            file.rewrite(line.end.clone(), new.to_string())?.pop()
        })
        .collect();
    let at = first.end.start;
    findings
        .report(
            file.span(at..at + 1),
            format!("{count}, so senders read the lines as one and ignore the policy"),
            "a CR without an LF",
        )
        .help("end each line with LF or CRLF")
        .fix("end the lines properly", Safety::Unsafe, edits);
}

rule! {
    /// LF and CRLF in one policy.
    ///
    /// Both end a line, and senders take both. Two kinds in one file mostly tell that an editor or git converted a part
    /// of it.
    ///
    /// # Bad
    /// ```mta-sts-escaped
    /// version: STSv1
    /// mode: enforce\r
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts-escaped
    /// version: STSv1\r
    /// mode: enforce\r
    /// mx: mail.example.com\r
    /// max_age: 604800\r
    /// ```
    /// # When to ignore
    /// Always, if you like: mail is not affected.
    /// # Source
    /// RFC 8461, section 3.2
    MIXED_LINE_ENDINGS: "mta-sts-policy-mixed-line-endings", [Info], Safe, StsFile(mixed_line_endings)
}

fn mixed_line_endings(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    let usual = file.usual_end();
    let (odd, name) = match usual {
        "\n" => (Ending::CrLf, "CRLF"),
        _ => (Ending::Lf, "LF"),
    };
    let lines: Vec<&Line> = file.lines.iter().filter(|line| line.ending == odd).collect();
    let Some(first) = lines.first() else { return };
    let edits: Option<Vec<Edit>> = lines
        .iter()
        .map(|line| file.rewrite(line.end.clone(), usual.to_string())?.pop())
        .collect();
    findings
        .report(
            file.span(first.end.clone()),
            "the policy has both LF and CRLF as line ends, which senders take",
            format!("{name}, other than most lines"),
        )
        .help("end all lines in the same way")
        .fix("end all lines in the same way", Safety::Safe, edits);
}

rule! {
    /// A blank line in a policy.
    ///
    /// The grammar has exactly one line end between two fields, and at most one at the end. Strict senders refuse the
    /// whole file and act as if there were no policy; most pass over the line.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    ///
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
    /// Never: the line does nothing good.
    /// # Source
    /// RFC 8461, section 3.2
    BLANK_LINE: "mta-sts-policy-blank-line", [Warning], Safe, StsFile(blank_line)
}

fn blank_line(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    // A template may take the blanks around its parts away.
    if !file.text.is_complete() {
        return;
    }
    let blank: Vec<&Line> = file
        .lines
        .iter()
        .filter(|line| matches!(line.kind, Kind::Blank))
        .collect();
    let Some((first, others)) = blank.split_first() else {
        return;
    };
    let is_last = file.lines.last().is_some_and(|line| line.at == first.at);
    let what = match (is_last, others.len()) {
        (true, _) => "the policy ends with a blank line".to_string(),
        (false, 0) => "the policy has a blank line".to_string(),
        (false, others) => format!("the policy has {} blank lines", others + 1),
    };
    let edits: Option<Vec<Edit>> = blank
        .iter()
        .map(|line| file.text.replace(line.whole(), "")?.pop())
        .collect();
    let title = if others.is_empty() {
        "remove the blank line"
    } else {
        "remove the blank lines"
    };
    let mut finding = findings.report(
        file.span(first.at.clone()),
        format!("{what}: strict senders refuse the whole policy, most pass over it"),
        "nothing in this line",
    );
    for line in others.iter().take(PLACES) {
        finding = finding.related(file.span(line.at.clone()), "blank, too");
    }
    finding
        .help("a policy has one field a line and nothing between them")
        .fix(title, Safety::Safe, edits);
}

rule! {
    /// A comment in a policy.
    ///
    /// Policies have no comments. Behind a value it becomes a part of the value, and a line of its own is no field: the
    /// policy is malformed, and senders act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce # since June
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// // policy of example.com
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
    /// note: # of hosts is 1
    /// ```
    /// # When to ignore
    /// Never: say it in the commit.
    /// # Source
    /// RFC 8461, section 3.2
    COMMENT: "mta-sts-policy-comment", [Error], Unsafe, StsFile(comment)
}

fn comment(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for line in &file.lines {
        let (comment, removed) = match &line.kind {
            Kind::Comment(comment) => (comment.clone(), line.whole()),
            Kind::Field(field) => match &field.comment {
                Some(comment) => (comment.clone(), field.value.end..comment.end),
                None => continue,
            },
            _ => continue,
        };
        findings
            .report(
                file.span(comment),
                "policies have no comments, so senders find this one malformed and ignore it",
                "taken for a part of the policy",
            )
            .help("remove the comment")
            .fix("remove the comment", Safety::Unsafe, file.text.replace(removed, ""));
    }
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
