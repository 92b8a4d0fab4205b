//! What a rule is, and how it reports. The rules themselves are in [`rules`](crate::rules).

use std::borrow::Cow;

use crate::{
    diagnostic::{About, Diagnostic, Fix, Label, Safety, Severity},
    ignore::Ignore,
    policy::{
        bimi::Bimi, dkim::Dkim, dmarc::Dmarc, mta_sts::MtaSts, spf::Spf, sts_file::StsFile, tls_rpt::TlsRpt, tlsa::Tlsa,
    },
    record::{Mx, Record, Scan, Txt},
    source::{Source, Sources},
    span::Span,
    spf_tree::Tree,
    sts::{Change, Sts},
    text::Edit,
    zones::{Holds, Node, Place, Zones},
};

/// A rule: what it is called, what it says of itself, and the function that looks.
#[derive(Debug)]
pub struct Rule {
    /// Its name: family first, then the fault. Never renamed once released.
    pub id: &'static str,
    /// The severities it reports with, the worst first.
    pub severities: &'static [Severity],
    /// Whether it runs without being selected.
    pub on_by_default: bool,
    /// Whether its findings in one file become one, with the other places beside it.
    pub once_a_file: bool,
    /// Whether its findings with the same label become one in the whole run, with the other places beside it.
    pub once_a_run: bool,
    /// Whether it looks at the notation of zone files, and so at no others.
    pub is_about_zone_files: bool,
    /// The repair it offers at best.
    pub fix: FixKind,
    /// Its documentation in Markdown: a summary, the reason, `# Bad`, `# Good`, `# When to ignore`, `# Source`.
    pub docs: &'static str,
    /// What it looks at.
    pub check: Check,
}

/// The repair that a rule offers at best.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FixKind {
    /// None.
    None,
    /// One that a person has to decide about.
    Unsafe,
    /// One that changes nothing of what is published.
    Safe,
}

/// What a rule looks at, which is also when it runs: those about DMARC, and those that are handed a node, a place or the
/// zones, when all files are read, the others on one file alone. Records are handed on as the repair of slips in their
/// notation would leave them.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// A TXT record that is meant to be BIMI.
    Bimi(fn(&Bimi<'_>, &mut Findings<'_>)),
    /// A TXT record that is meant to be DKIM, or stands where a key is looked for.
    Dkim(fn(&Dkim<'_>, &mut Findings<'_>)),
    /// The same, among all other records.
    DkimWithin(for<'a> fn(&Dkim<'_>, &Place<'a>, &mut Findings<'a>)),
    /// A TXT record that is meant to be DMARC.
    Dmarc(fn(&Dmarc<'_>, &mut Findings<'_>)),
    /// The same, among all other records.
    DmarcWithin(for<'a> fn(&Dmarc<'_>, &Place<'a>, &mut Findings<'a>)),
    /// A TXT record that is meant to be SPF. Equal texts that nothing is reported of are looked at once.
    Spf(fn(&Spf<'_>, &mut Findings<'_>)),
    /// The same, among all other records.
    SpfWithin(for<'a> fn(&Spf<'_>, &Place<'a>, &mut Findings<'a>)),
    /// The same, with all that receivers look up for it. Not one of type 99, which nobody asks for.
    SpfTree(fn(&Spf<'_>, &Tree<'_, '_>, &mut Findings<'_>)),
    /// A TXT record at `_mta-sts`.
    MtaSts(fn(&MtaSts<'_>, &mut Findings<'_>)),
    /// The MTA-STS of a domain, once for each source with records at its `_mta-sts`.
    MtaStsWithin(for<'a> fn(&Sts<'a>, &mut Findings<'a>)),
    /// An MTA-STS policy file.
    StsFile(fn(&StsFile<'_>, &mut Findings<'_>)),
    /// The same with the MTA-STS of a domain that it is for, once for each of its domains.
    StsFileWithin(for<'a> fn(&StsFile<'a>, &Sts<'a>, &mut Findings<'a>)),
    /// The MTA-STS of a domain, in another revision and now.
    StsChange(for<'a> fn(&Change<'a>, &mut Findings<'a>)),
    /// A TXT record at `_smtp._tls`.
    TlsRpt(fn(&TlsRpt<'_>, &mut Findings<'_>)),
    /// An MX record.
    Mx(fn(&Mx, &Record, &mut Findings<'_>)),
    /// A TLSA record.
    Tlsa(fn(&Tlsa<'_>, &mut Findings<'_>)),
    /// Any record.
    Record(fn(&Record, &Scan, &mut Findings<'_>)),
    /// Any TXT record: its text, and all of it.
    Txt(fn(&Txt, &Record, &Scan, &mut Findings<'_>)),
    /// A file: its bytes, its faults.
    File(for<'a> fn(&Source, &'a Scan, &mut Findings<'a>)),
    /// All records at one name of a zone that has all of these.
    Node(Holds, for<'a> fn(&Node<'a>, &mut Findings<'a>)),
    /// An order in a comment to leave out findings, once it is known what it left out.
    Ignore(for<'a> fn(&Ignored<'_>, &mut Findings<'a>)),
    /// The whole repository.
    Across(for<'a> fn(&'a Zones<'a>, &mut Findings<'a>)),
}

/// An order to leave out findings, and what came of it.
#[derive(Debug)]
pub struct Ignored<'a> {
    /// The order.
    pub ignore: &'a Ignore,
    /// Whether something was left out because of each of the names in it.
    pub used: &'a [bool],
    /// The rules that ran.
    pub ran: &'a [&'static Rule],
}

/// Where a rule reports.
pub struct Findings<'a> {
    rule: &'static Rule,
    sources: &'a Sources,
    format: &'static str,
    record: Option<&'a Record>,
    into: &'a mut Vec<Diagnostic>,
}

impl<'a> Findings<'a> {
    /// Findings of `rule` in a file of `format`, about `record` if it is about one.
    pub fn new(
        rule: &'static Rule,
        sources: &'a Sources,
        format: &'static str,
        record: Option<&'a Record>,
        into: &'a mut Vec<Diagnostic>,
    ) -> Findings<'a> {
        Findings {
            rule,
            sources,
            format,
            record,
            into,
        }
    }

    /// Reports with the rule's worst severity. `message`: what is wrong and what happens to mail, without a full stop;
    /// `label`: what stands at the place.
    pub fn report(
        &mut self,
        span: Span,
        message: impl Into<Cow<'static, str>>,
        label: impl Into<Cow<'static, str>>,
    ) -> Finding<'_> {
        let about = self.record.map(|record| About {
            owner: record.owner.to_string(),
            kind: kind(record, self.sources),
            format: self.format,
        });
        let maker = self.record.and_then(|record| record.txt()?.maker);
        let maker = maker.filter(|maker| !maker.whole.contains(span)).map(|maker| Label {
            span: maker.head,
            message: "published by this".into(),
        });
        self.into.push(Diagnostic {
            rule: self.rule.id,
            severity: self.rule.severities[0],
            message: message.into(),
            primary: Label {
                span,
                message: label.into(),
            },
            related: maker.into_iter().collect(),
            help: None,
            fix: None,
            about,
        });
        Finding {
            diagnostic: self.into.last_mut().expect("just pushed"),
            rule: self.rule,
        }
    }

    /// The record that the following findings are about.
    pub fn about(&mut self, record: &'a Record) {
        self.record = Some(record);
    }

    /// The record that the following findings are about, and what it was read with.
    pub fn about_in(&mut self, record: &'a Record, scan: &Scan) {
        self.record = Some(record);
        self.format = scan.format;
    }

    /// The bytes at a place.
    pub fn source(&self, span: Span) -> &'a [u8] {
        self.sources.bytes(span)
    }

    /// What stands at a place, to be shown in a message.
    pub fn shown(&self, span: Span) -> String {
        String::from_utf8_lossy(self.source(span)).into_owned()
    }

    /// All files of the run.
    pub fn sources(&self) -> &'a Sources {
        self.sources
    }
}

/// The type of a record in capitals; empty where the file does not tell it.
pub fn kind(record: &Record, sources: &Sources) -> Cow<'static, str> {
    match (&record.data, record.data.kind()) {
        (_, Some(kind)) => kind.into(),
        (crate::record::Data::Other(other), None) => {
            let written = String::from_utf8_lossy(sources.bytes(other.kind_span(record)));
            written.to_ascii_uppercase().into()
        }
        (_, None) => "".into(),
    }
}

/// A finding that was just reported, to be told more about.
pub struct Finding<'a> {
    diagnostic: &'a mut Diagnostic,
    rule: &'static Rule,
}

impl Finding<'_> {
    /// Another severity than the rule's worst; one that the rule declares.
    pub fn severity(self, severity: Severity) -> Self {
        debug_assert!(
            self.rule.severities.contains(&severity),
            "{} declares no {severity:?}",
            self.rule.id
        );
        self.diagnostic.severity = severity;
        self
    }

    /// What to do now.
    pub fn help(self, help: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic.help = Some(help.into());
        self
    }

    /// Another place, and why it matters.
    pub fn related(self, span: Span, label: impl Into<Cow<'static, str>>) -> Self {
        self.diagnostic.related.push(Label {
            span,
            message: label.into(),
        });
        self
    }

    /// A repair, if there is one: `None` and an empty list leave the finding without.
    pub fn fix(self, title: impl Into<Cow<'static, str>>, safety: Safety, edits: Option<Vec<Edit>>) -> Self {
        debug_assert!(
            match self.rule.fix {
                FixKind::None => edits.is_none(),
                FixKind::Unsafe => safety == Safety::Unsafe,
                FixKind::Safe => true,
            },
            "{} declares no such fix",
            self.rule.id
        );
        self.diagnostic.fix = edits.filter(|edits| !edits.is_empty()).map(|edits| Fix {
            title: title.into(),
            safety,
            edits,
        });
        self
    }
}

/// Declares a rule with its documentation:
///
/// ```text
/// rule! {
///     /// Summary.
///     /// ...
///     NAME: "rule-id", [Error, Warning], Fix::Safe, Record(check)
/// }
/// ```
///
/// After the check may follow `off` (does not run by default), `once_a_file` and `once_a_run`.
macro_rules! rule {
    (
        $(#[doc = $doc:literal])+
        $name:ident: $id:literal, [$($severity:ident),+], $fix:ident, $kind:ident($($check:expr),+) $(, $flag:ident)*
    ) => {
        #[doc = concat!("The rule `", $id, "`.")]
        pub(crate) const $name: crate::rule::Rule = crate::rule::Rule {
            id: $id,
            severities: &[$(crate::diagnostic::Severity::$severity),+],
            on_by_default: !crate::rule::has_flag(&[$(stringify!($flag)),*], "off"),
            once_a_file: crate::rule::has_flag(&[$(stringify!($flag)),*], "once_a_file"),
            once_a_run: crate::rule::has_flag(&[$(stringify!($flag)),*], "once_a_run"),
            is_about_zone_files: crate::rule::begins_with($id, "zone-"),
            fix: crate::rule::FixKind::$fix,
            docs: concat!($($doc, "\n"),+),
            check: crate::rule::Check::$kind($($check),+),
        };
    };
}
pub(crate) use rule;

/// Whether a flag of [`rule!`] is set.
pub(crate) const fn has_flag(flags: &[&str], wanted: &str) -> bool {
    let mut index = 0;
    while index < flags.len() {
        if flags[index].len() == wanted.len() && begins_with(flags[index], wanted) {
            return true;
        }
        index += 1;
    }
    false
}

/// Whether a text begins with another.
pub(crate) const fn begins_with(text: &str, start: &str) -> bool {
    let (text, start) = (text.as_bytes(), start.as_bytes());
    let mut at = 0;
    while at < start.len() && at < text.len() && text[at] == start[at] {
        at += 1;
    }
    at == start.len()
}

/// The families of rules: what `--select` and `--ignore` name.
pub const FAMILIES: &[&str] = &[
    "bimi", "data", "dkim", "dmarc", "ignore", "jsonl", "mta-sts", "mx", "names", "parked", "spf", "tls-rpt", "tlsa",
    "ttl", "zone",
];

/// What ids begin with whose family has another name.
const PREFIXES: &[(&str, &str)] = &[
    ("mail-record-", "names"),
    ("null-mx-", "mx"),
    ("owner-", "names"),
    ("parked-domain-", "parked"),
    ("record-", "names"),
    ("wildcard-", "names"),
];

impl Rule {
    /// The family, which most ids begin with.
    pub fn family(&self) -> &'static str {
        let other = PREFIXES.iter().find(|(prefix, _)| self.id.starts_with(prefix));
        let is_own = |family: &&&str| self.id.strip_prefix(**family).is_some_and(|rest| rest.starts_with('-'));
        let own = || FAMILIES.iter().find(is_own).copied();
        other.map(|(_, family)| *family).or_else(own).unwrap_or("")
    }

    /// Whether it may report something as bad as `least`, or worse.
    pub fn reaches(&self, least: Severity) -> bool {
        self.severities.iter().any(|severity| *severity <= least)
    }

    /// Whether `name` is its id or its family, or `all`.
    pub fn is_named(&self, name: &str) -> bool {
        name == self.id || name == self.family() || name == "all"
    }

    /// Whether it looks at what was read into `scan`.
    pub fn is_for(&self, scan: &Scan) -> bool {
        !self.is_about_zone_files || scan.is_zone_file()
    }

    /// The first sentence of the documentation, without its full stop.
    pub fn summary(&self) -> String {
        let line = self.docs.lines().next().unwrap_or("").trim();
        line.strip_suffix('.').unwrap_or(line).to_string()
    }

    /// The paragraphs of a section of the documentation, such as `Bad`; empty without it.
    pub fn section(&self, title: &str) -> String {
        let mut lines = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line));
        let mut fenced = false;
        lines.by_ref().find(|line| line.strip_prefix("# ") == Some(title));
        let body: Vec<&str> = lines
            .take_while(|line| {
                fenced ^= line.starts_with("```");
                fenced || !line.starts_with("# ")
            })
            .collect();
        body.join("\n").trim().to_string()
    }

    /// The documents and sections that the rule rests on, such as `("RFC 8461", "3.1")`. The section is empty where the
    /// whole document is meant, and what is practice and no document is left out.
    pub fn spec(&self) -> Vec<(String, String)> {
        self.section("Source")
            .lines()
            .filter(|line| line.starts_with("RFC "))
            .map(|line| match line.split_once(", section ") {
                Some((document, section)) => (document.to_string(), section.to_string()),
                None => (line.to_string(), String::new()),
            })
            .collect()
    }

    /// Where the rule is described.
    pub fn url(&self) -> String {
        format!(
            "https://github.com/maillint/maillint/blob/main/docs/rules/{}.md",
            self.id
        )
    }
}
