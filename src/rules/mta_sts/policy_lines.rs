//! Rules about which fields the lines of a policy file are.

use crate::{
    diagnostic::{Safety, Severity},
    policy::sts_file::{
        StsFile,
        line::{Kind, Slip},
        value::{Known, Mode, Naming},
    },
    rule::{Findings, Rule, rule},
    shown::{replacement, shown},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[LINE_SYNTAX, FIELD_CASE, FIELD_TYPO, UNKNOWN_FIELD, DUPLICATE_FIELD];

/// The longest name of a field.
const NAME_MAX: usize = 32;

rule! {
    /// A line of a policy that is no field.
    ///
    /// Each line is a name, a colon and a value: not `name=value`, not an item of a YAML list, not two fields. Another line
    /// makes the policy malformed, and senders act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode=enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail1.example.com
    ///   - mail2.example.com
    /// max_age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1 mode: enforce
    /// mx: mail.example.com
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
    /// Never: strict senders refuse the whole file.
    /// # Source
    /// RFC 8461, section 3.2
    LINE_SYNTAX: "mta-sts-policy-line-syntax", [Error], Unsafe, StsFile(line_syntax)
}

fn line_syntax(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    const SO: &str = "so senders find the policy malformed and ignore it";
    for line in &file.lines {
        let at = file.span(line.at.clone());
        let field = match &line.kind {
            Kind::Bad => {
                findings
                    .report(at, format!("this line is no field, {SO}"), "no `name: value`")
                    .help("write one field a line, as `name: value`, or remove the line");
                continue;
            }
            Kind::Field(field) => field,
            _ => continue,
        };
        let name = shown(file.name(field));
        match &field.slip {
            Some(Slip::Equals(sign)) => {
                let is_valid = file
                    .value(field)
                    .zip(field.known)
                    .is_some_and(|(value, known)| known.accepts(value));
                let edits = file.text.replace(sign.clone(), ": ").filter(|_| is_valid);
                findings
                    .report(
                        at,
                        format!("a `=` follows {name}, {SO}"),
                        "a colon belongs between name and value",
                    )
                    .help("write `name: value`")
                    .fix("replace `=` by `: `", Safety::Unsafe, edits);
            }
            Some(Slip::NoColon) => {
                findings
                    .report(
                        at,
                        format!("no colon follows {name}, {SO}"),
                        "a colon belongs between name and value",
                    )
                    .help("write `name: value`");
            }
            Some(Slip::ListItem(bullet)) => {
                let new = if field.name.is_empty() { "mx: " } else { "" };
                let title = match new {
                    "" => "remove the sign of a list".to_string(),
                    new => format!("write `{new}` in place of the sign of a list"),
                };
                findings
                    .report(
                        at,
                        format!("policies have no lists as in YAML, {SO}"),
                        "an item of a list",
                    )
                    .help("write a line `mx: ` for each host")
                    .fix(title, Safety::Unsafe, file.text.replace(bullet.clone(), new));
            }
            Some(Slip::Glued(others)) => {
                let other = others.first().map_or("", |known| known.name());
                findings
                    .report(
                        at,
                        format!("{name} and `{other}` stand in one line, {SO}"),
                        "two fields, or two files, without a line end between them",
                    )
                    .help("write one field a line");
            }
            None => {}
        }
    }
}

rule! {
    /// The name of a field in wrong capitals.
    ///
    /// Names are compared with their capitals: `Mode` is another field than `mode`, and one that nobody knows. Senders
    /// then find the policy incomplete and act as if the domain had no MTA-STS.
    ///
    /// # Bad
    /// ```mta-sts
    /// Version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: MAIL.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// Never: senders do not guess.
    /// # Source
    /// RFC 8461, section 3.2
    FIELD_CASE: "mta-sts-policy-field-case", [Error], Unsafe, StsFile(field_case)
}

fn field_case(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field) in file.fields().filter(|(_, field)| field.naming == Naming::Case) {
        let Some(known) = field.known else { continue };
        let name = shown(file.name(field));
        findings
            .report(
                file.span(field.name.clone()),
                format!(
                    "{name} is not `{}`: senders tell capitals apart and do not find the field",
                    known.name()
                ),
                "wrong capitals",
            )
            .help(format!("write `{}`", known.name()))
            .fix(
                replacement(file.name(field), known.name()),
                Safety::Unsafe,
                file.text.replace(field.name.clone(), known.name()),
            );
    }
}

rule! {
    /// A field whose name is nearly that of a field of the specification.
    ///
    /// Senders pass over fields that they do not know. If the field that was meant is missing, they find the policy
    /// incomplete and act as if the domain had no MTA-STS; if it is there, what this line says has no effect.
    ///
    /// # Severity
    /// An error where the field that was meant is needed and missing; a warning where the line merely has no effect.
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max-age: 604800
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail1.example.com
    /// ms: mail2.example.com
    /// max_age: 604800
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// note: hosts are in the rack downstairs
    /// ```
    /// # When to ignore
    /// If you mean a field of your own, and it is no slip.
    /// # Source
    /// RFC 8461, section 3.2
    FIELD_TYPO: "mta-sts-policy-field-typo", [Error, Warning], Unsafe, StsFile(field_typo)
}

fn field_typo(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field) in file.fields().filter(|(_, field)| field.naming == Naming::Typo) {
        let Some(known) = field.known else { continue };
        let is_needed = field.counts && (known != Known::Mx || file.mode() != Some(Mode::None));
        let (severity, what) = if is_needed {
            (Severity::Error, "so senders find no")
        } else {
            (Severity::Warning, "so senders pass over it: it is no")
        };
        let name = shown(file.name(field));
        findings
            .report(
                file.span(field.name.clone()),
                format!("no field is called {name}, {what} `{}`", known.name()),
                format!("`{}`?", known.name()),
            )
            .severity(severity)
            .help(format!("if that is what you mean, write `{}`", known.name()))
            .fix(
                replacement(file.name(field), known.name()),
                Safety::Unsafe,
                file.text.replace(field.name.clone(), known.name()),
            );
    }
}

rule! {
    /// A field that the specification does not define.
    ///
    /// Senders pass over it. It must be in the grammar all the same: a name of up to 32 letters, digits, `_`, `-` and `.`,
    /// and a value. If it is not, strict senders find the whole policy malformed and ignore it.
    ///
    /// # Severity
    /// An error where the line breaks the grammar; an info where it does not.
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// id: 20260101
    /// ```
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// note:
    /// ```
    /// # Good
    /// ```mta-sts
    /// version: STSv1
    /// mode: enforce
    /// mx: mail.example.com
    /// max_age: 604800
    /// ```
    /// # When to ignore
    /// If something of your own reads the field.
    /// # Source
    /// RFC 8461, section 3.2
    UNKNOWN_FIELD: "mta-sts-policy-unknown-field", [Error, Info], None, StsFile(unknown_field), once_a_file
}

fn unknown_field(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    for (_, field) in file.fields() {
        if field.known.is_some() || field.slip.is_some() {
            continue;
        }
        let name = shown(file.name(field));
        let problem = name_problem(file.name(field)).or_else(|| file.value(field).and_then(value_problem));
        let (severity, message) = match problem {
            Some(problem) => {
                let message = format!("field {name} {problem}, so strict senders ignore the whole policy");
                (Severity::Error, message)
            }
            None => (
                Severity::Info,
                format!("no field is called {name}, so senders pass over it"),
            ),
        };
        findings
            .report(
                file.span(field.name.clone()),
                message,
                "not a field of the specification",
            )
            .severity(severity)
            .help("remove the line");
    }
}

fn name_problem(name: &[u8]) -> Option<&'static str> {
    let is_inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.');
    if name.len() > NAME_MAX {
        Some("has a name over 32 bytes")
    } else if !name.first().is_some_and(u8::is_ascii_alphanumeric) || !name.iter().all(is_inside) {
        Some("has a name with other characters than letters, digits, `_`, `-` and `.`")
    } else {
        None
    }
}

fn value_problem(value: &[u8]) -> Option<&'static str> {
    if value.is_empty() {
        Some("has no value")
    } else if value.iter().any(u8::is_ascii_control) {
        Some("has a control character in its value")
    } else {
        None
    }
}

rule! {
    /// A second `version`, `mode` or `max_age`.
    ///
    /// The first counts, says the specification. Not all senders do so: some take the last, some refuse the policy. If the
    /// two differ, mail is treated in different ways.
    ///
    /// # Bad
    /// ```mta-sts
    /// version: STSv1
    /// mode: testing
    /// mode: enforce
    /// mx: mail.example.com
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
    /// Never: leave the one that you mean.
    /// # Source
    /// RFC 8461, section 3.2
    DUPLICATE_FIELD: "mta-sts-policy-duplicate-field", [Warning], Safe, StsFile(duplicate_field)
}

fn duplicate_field(file: &StsFile<'_>, findings: &mut Findings<'_>) {
    // A template may have them in alternative branches.
    if !file.text.is_complete() {
        return;
    }
    for known in [Known::Version, Known::Mode, Known::MaxAge] {
        let mut all = file
            .all(known)
            .filter(|(_, field)| field.naming != Naming::Typo)
            .filter_map(|(line, field)| Some((line, field, file.value(field)?)));
        let first = file.first(known).and_then(|(_, field)| file.value(field));
        let (Some(first), Some((first_line, ..))) = (first, all.next()) else {
            continue;
        };
        for (line, _, value) in all {
            let name = known.name();
            let is_equal = value == first;
            let message = if is_equal {
                format!("`{name}` stands there twice, and some senders refuse such a policy")
            } else {
                format!(
                    "`{name}` is {} and {}: the first counts, but some senders take the last or refuse the policy",
                    shown(first),
                    shown(value)
                )
            };
            let edits = file.text.replace(line.whole(), "").filter(|_| is_equal);
            findings
                .report(file.span(line.at.clone()), message, "the second one")
                .related(file.span(first_line.at.clone()), "the first one")
                .help("leave the one that you mean")
                .fix("remove the second one", Safety::Safe, edits);
        }
    }
}
