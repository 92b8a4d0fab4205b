//! Named sets of levels: what somebody asks of domains, as far as records show it.

use self::Level::At;
use crate::diagnostic::Severity::{self, Error, Warning};

/// What becomes of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// It does not run.
    Off,
    /// It runs and reports with its own severities.
    On,
    /// It runs, and reports with this severity alone.
    At(Severity),
}

/// What somebody asks of domains.
#[derive(Debug)]
pub struct Preset {
    /// Its name in options and settings.
    pub name: &'static str,
    /// Who asks it of whom, in a sentence.
    pub summary: &'static str,
    /// Where it is written, as links.
    pub documents: &'static [&'static str],
    /// The rules and what becomes of them.
    pub lines: &'static [Line],
    /// What is asked, too, and no record shows.
    pub beyond: &'static str,
}

/// What becomes of a rule, and what asks for it.
#[derive(Debug)]
pub struct Line {
    /// The rule.
    pub rule: &'static str,
    /// Its level.
    pub level: Level,
    /// What is asked, and where it stands in the documents.
    pub because: &'static str,
}

const fn line(rule: &'static str, level: Level, because: &'static str) -> Line {
    Line { rule, level, because }
}

/// All presets, by name.
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "bod-18-01",
        summary: "What the United States ask of federal agencies since 2017 (Binding Operational Directive 18-01).",
        documents: &["https://www.cisa.gov/news-events/directives/binding-operational-directive-18-01"],
        lines: &[
            line(
                "spf-missing-record",
                At(Error),
                "every second-level domain has a valid SPF record",
            ),
            line(
                "dmarc-missing-record",
                At(Error),
                "every second-level domain has a valid DMARC record",
            ),
            line("dmarc-policy-none", At(Error), "the policy is `p=reject`"),
            line(
                "dmarc-policy-not-reject",
                At(Error),
                "the policy is `p=reject`, and that of subdomains where it is given",
            ),
            line(
                "dmarc-subdomain-policy-weaker",
                At(Error),
                "the policy of subdomains is `reject` where it is given",
            ),
            line("dmarc-pct-partial", At(Error), "the policy holds for all mail"),
            line(
                "dmarc-test-mode",
                At(Error),
                "the policy is in force; `t=y` takes it back",
            ),
            line("dmarc-none-without-rua", At(Error), "there is an address for reports"),
            line("dmarc-missing-rua", At(Error), "there is an address for reports"),
        ],
        beyond: "That reports go to reports@dmarc.cyber.dhs.gov, too; STARTTLS; ciphers; web security; domains that are not in the \
                 repository.",
    },
    Preset {
        name: "bulk-sender",
        summary: "What Google, Yahoo and Microsoft ask since 2024 and 2025 of those who send them thousands of messages a day.",
        documents: &[
            "https://support.google.com/a/answer/81126",
            "https://senders.yahooinc.com/best-practices/",
            "https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/strengthening-email-ecosystem-outlook%E2%80%99s-new-requirements-for-high%E2%80%90volume-senders/4399730",
        ],
        lines: &[
            line(
                "spf-missing-record",
                At(Error),
                "the domain has an SPF record (all three)",
            ),
            line(
                "dmarc-missing-record",
                At(Error),
                "the domain has a DMARC record, `p=none` at least (all three)",
            ),
            line(
                "dmarc-missing-policy",
                At(Error),
                "the DMARC record has a policy (all three)",
            ),
            line(
                "dmarc-missing-rua",
                At(Warning),
                "an address for reports is recommended (Yahoo)",
            ),
            line(
                "spf-neutral-all",
                At(Warning),
                "SPF passes for the mail that is sent, and says so of no other (Microsoft)",
            ),
        ],
        beyond: "That mail is signed with DKIM and aligned with its `From`; the spam rate; unsubscribing with one click; names of \
                 sending hosts; TLS.",
    },
    Preset {
        name: "internet-nl",
        summary: "What the mail test of internet.nl and the Dutch list of required standards ask.",
        documents: &[
            "https://internet.nl/test-mail/",
            "https://github.com/internetstandards/toolbox-wiki",
        ],
        lines: &[
            line("spf-missing-record", At(Error), "there is an SPF record"),
            line(
                "spf-missing-all",
                At(Error),
                "the SPF record ends with `~all` or `-all`",
            ),
            line(
                "spf-neutral-all",
                At(Error),
                "the SPF record ends with `~all` or `-all`",
            ),
            line("dmarc-missing-record", At(Error), "there is a DMARC record"),
            line("dmarc-policy-none", At(Error), "the policy is `quarantine` or `reject`"),
            line(
                "dmarc-none-without-rua",
                At(Error),
                "the policy is `quarantine` or `reject`",
            ),
            line(
                "dmarc-subdomain-policy-weaker",
                At(Error),
                "the policy of subdomains is not `none`",
            ),
            line("dmarc-test-mode", At(Error), "`p=quarantine` with `t=y` is not enough"),
            line(
                "dmarc-external-destination-unauthorized",
                At(Error),
                "addresses for reports elsewhere are authorized",
            ),
        ],
        beyond: "DKIM signatures; STARTTLS and DANE; DNSSEC; IPv6. `p=reject` with `t=y` passes the test, and is an error here.",
    },
    Preset {
        name: "ncsc-uk",
        summary: "What the National Cyber Security Centre and the government of the United Kingdom advise.",
        documents: &[
            "https://www.ncsc.gov.uk/collection/email-security-and-anti-spoofing",
            "https://www.security.gov.uk/guidance/email-guidance/mta-sts/set-up",
        ],
        lines: &[
            line("spf-missing-record", At(Error), "there is an SPF record"),
            line("dmarc-missing-record", At(Error), "there is a DMARC record"),
            line(
                "dmarc-policy-none",
                At(Warning),
                "the policy becomes `quarantine`, then `reject`",
            ),
            line(
                "dmarc-none-without-rua",
                At(Error),
                "reports are read before the policy is tightened",
            ),
            line("dmarc-missing-rua", At(Warning), "reports are read"),
            line(
                "tls-rpt-missing-record",
                At(Warning),
                "TLS reporting comes before MTA-STS",
            ),
            line("mta-sts-missing-record", At(Warning), "MTA-STS is set up"),
            line("mta-sts-policy-testing", At(Warning), "the policy becomes `enforce`"),
            line(
                "mta-sts-policy-max-age-short",
                At(Warning),
                "`max_age` is two weeks or more; what is below one is reported",
            ),
        ],
        beyond: "DKIM signatures; TLS of the mail servers; whether reports are read.",
    },
    Preset {
        name: "parked",
        summary: "Domains that send and take no mail, so that nobody else does in their name (M3AAWG).",
        documents: &["https://www.m3aawg.org/sites/default/files/m3aawg_parked_domains_bp-2015-12.pdf"],
        lines: &[
            line("spf-parked-domain", At(Error), "the SPF record is `v=spf1 -all`"),
            line("dmarc-policy-none", At(Error), "the DMARC policy is `p=reject`"),
            line("dmarc-none-without-rua", At(Error), "the DMARC policy is `p=reject`"),
            line("dmarc-policy-not-reject", At(Error), "the DMARC policy is `p=reject`"),
            line("dmarc-test-mode", At(Error), "the DMARC policy is in force"),
            line(
                "dmarc-subdomain-policy-weaker",
                At(Error),
                "no subdomain sends mail either",
            ),
        ],
        beyond: "That the domain is meant to be parked: name its files in an `[[override]]`.",
    },
];

/// The preset with this name.
pub fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

impl Preset {
    /// What becomes of a rule; `None` if nothing is asked of it.
    pub fn level(&self, id: &str) -> Option<Level> {
        self.lines.iter().find(|line| line.rule == id).map(|line| line.level)
    }
}
