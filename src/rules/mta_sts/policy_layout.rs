//! Rules about line ends, blanks and comments in a policy file.

use crate::{
    diagnostic::Safety,
    policy::sts_file::{
        StsFile,
        line::{Ending, Kind, Line},
    },
    rule::{Findings, Rule, rule},
    shown::shown,
    text::Edit,
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[
    BARE_CR,
    MIXED_LINE_ENDINGS,
    BLANK_LINE,
    COMMENT,
    LEADING_WHITESPACE,
    SPACE_BEFORE_COLON,
];

/// How many other places a finding names.
const PLACES: usize = 20;

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
    /// Blanks before the name of a field.
    ///
    /// A line of a policy starts with the name. Behind blanks, senders find no field: the policy is malformed, and they act
    /// as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    ///   mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode:   enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: strict senders refuse the whole file.
    /// # Source
    /// RFC 8461, section 3.2
    LEADING_WHITESPACE: "mta-sts-policy-leading-whitespace", [Error], Unsafe, StsFile(leading_whitespace)
}

fn leading_whitespace(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field) in file.fields().filter(|(_, field)| !field.indent.is_empty()) {
        findings
            .report(
                file.span(field.indent.clone()),
                format!(
                    "blanks stand before {}, so senders ignore the policy",
                    shown(file.name(field))
                ),
                "a line starts with the name of its field",
            )
            .help("remove the blanks")
            .fix(
                "remove the blanks",
                Safety::Unsafe,
                file.text.replace(field.indent.clone(), ""),
            );
    }
}

rule! {
    /// Blanks between the name of a field and its colon.
    ///
    /// Blanks may stand behind the colon, not before it. Senders find no field with this name: the policy is malformed,
    /// and they act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version : STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version:STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: strict senders refuse the whole file.
    /// # Source
    /// RFC 8461, section 3.2
    SPACE_BEFORE_COLON: "mta-sts-policy-space-before-colon", [Error], Unsafe, StsFile(space_before_colon)
}

fn space_before_colon(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field) in file.fields().filter(|(_, field)| !field.gap.is_empty()) {
        findings
            .report(
                file.span(field.gap.clone()),
                format!(
                    "blanks stand between {} and its colon, so senders ignore the policy",
                    shown(file.name(field))
                ),
                "the colon follows the name at once",
            )
            .help("remove the blanks")
            .fix(
                "remove the blanks",
                Safety::Unsafe,
                file.text.replace(field.gap.clone(), ""),
            );
    }
}
