//! How well a domain is protected: the order of domains, the worst first.

use crate::{
    effective::{Level, Look},
    mail_domain::{Ending, Key, MailDomain, Mx, Sender, Spf, Told},
    policy::{dmarc::value::Policy, spf::term::Qualifier, sts_file::value::Mode},
};

/// What a domain is for, as far as the repository tells.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Kind {
    /// It takes or sends mail, or may.
    Mail,
    /// No host takes its mail, and it says that nobody sends any, or that it takes none.
    Parked,
    /// It has no records for mail, except perhaps for DMARC.
    Bare,
}

/// How well a domain is protected: the worst that is true of it. The order is from bad to good.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Standing {
    /// SPF passes everybody, and DMARC with it.
    Everybody,
    /// Receivers do nothing about mail that fails.
    NoDmarc,
    /// Receivers send reports about mail that fails, and deliver it.
    Monitored,
    /// Receivers make nothing of the SPF record.
    BrokenSpf,
    /// Nothing says who may send.
    NoSpf,
    /// The MTA-STS policy forbids delivery to a host that takes mail.
    ShutOut,
    /// The DMARC policy is not for all mail, all names below, or all receivers.
    Gaps,
    /// Nothing is wrong in what is here, but not all is here.
    Unknown,
    /// Nothing of that.
    Protected,
}

/// What the standings mean for whoever is responsible. The order is from bad to good.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// Anybody can send mail in its name, and it is delivered.
    Exposed,
    /// There is a hole, or mail of its own is at risk.
    Faulty,
    /// The repository does not tell.
    Unknown,
    /// Mail that fails is refused or set aside.
    Protected,
}

impl Kind {
    /// All kinds, in order.
    pub const ALL: [Kind; 3] = [Kind::Mail, Kind::Parked, Kind::Bare];

    /// What a domain is for.
    pub fn of(facts: &MailDomain<'_>) -> Kind {
        let takes_mail = facts.mx.is().is_some_and(|mx| !mx.is_null());
        let signs = facts.keys.values().any(|key| !matches!(key, Key::Revoked | Key::None));
        let has_policy = facts.sts.id.is().is_some() || facts.sts.policy != Told::Absent;
        let has_own_dmarc = matches!(
            facts.effective.walk.first().map(|step| &step.look),
            Some(Look::One(_) | Look::Several(_))
        );
        let lets_nobody_send =
            |spf: &Spf| spf.breaks.is_none() && spf.senders.is_empty() && spf.ending == Ending::All(Qualifier::Fail);
        let is_null = facts.mx.is().is_some_and(Mx::is_null);
        let is_told = facts.mx == Told::Absent && facts.spf == Told::Absent;
        let has_records = facts.mx.is().is_some() || facts.spf.is().is_some() || !facts.bimi.is_empty();
        match facts.spf.is() {
            _ if takes_mail || signs || has_policy => Kind::Mail,
            Some(spf) if lets_nobody_send(spf) => Kind::Parked,
            None if is_null => Kind::Parked,
            None if !has_records && facts.tls_reports.is().is_none() && (is_told || !has_own_dmarc) => Kind::Bare,
            _ => Kind::Mail,
        }
    }

    /// In one word, for programs.
    pub fn id(self) -> &'static str {
        match self {
            Kind::Mail => "mail",
            Kind::Parked => "parked",
            Kind::Bare => "bare",
        }
    }

    /// So many domains of this kind, in words.
    pub fn counted(self, number: usize) -> String {
        let domains = if number == 1 { "domain" } else { "domains" };
        match self {
            Kind::Mail => format!("{number} mail {domains}"),
            Kind::Parked => format!("{number} parked {domains}"),
            Kind::Bare => format!("{number} {domains} without records for mail"),
        }
    }
}

impl Standing {
    /// All standings, in order.
    pub const ALL: [Standing; 9] = [
        Standing::Everybody,
        Standing::NoDmarc,
        Standing::Monitored,
        Standing::BrokenSpf,
        Standing::NoSpf,
        Standing::ShutOut,
        Standing::Gaps,
        Standing::Unknown,
        Standing::Protected,
    ];

    /// How well a domain is protected.
    pub fn of(facts: &MailDomain<'_>, kind: Kind) -> Standing {
        let spf = facts.spf.is();
        let is_void = spf.is_some_and(Spf::is_void);
        let passes_everybody = |spf: &Spf| !is_void && spf.senders.contains(&Sender::Everybody);
        let is_weak = |level: Level| level <= Level::Policy(Policy::None);
        let levels = facts.dmarc.by_walk.iter().chain(&facts.dmarc.by_list);
        let has_gaps = facts.dmarc.percent.is_some() || levels.flatten().any(|level| is_weak(*level));
        let is_enforced = facts.sts.policy.is().is_some_and(|policy| policy.mode == Mode::Enforce);
        let is_told = !facts.dmarc.by_walk.contains(&None) && !facts.spf.is_unknown();
        match facts.dmarc.by_walk[0] {
            _ if spf.is_some_and(passes_everybody) => Standing::Everybody,
            Some(Level::Nothing) => Standing::NoDmarc,
            Some(Level::Policy(Policy::None)) => Standing::Monitored,
            _ if is_void => Standing::BrokenSpf,
            _ if kind == Kind::Mail && facts.spf == Told::Absent => Standing::NoSpf,
            _ if is_enforced && facts.sts.id != Told::Absent && !facts.sts.uncovered.is_empty() => Standing::ShutOut,
            Some(_) if has_gaps => Standing::Gaps,
            Some(_) if is_told => Standing::Protected,
            _ => Standing::Unknown,
        }
    }

    /// What it means for whoever is responsible.
    pub fn class(self) -> Class {
        match self {
            Standing::Everybody | Standing::NoDmarc | Standing::Monitored => Class::Exposed,
            Standing::BrokenSpf | Standing::NoSpf | Standing::ShutOut | Standing::Gaps => Class::Faulty,
            Standing::Unknown => Class::Unknown,
            Standing::Protected => Class::Protected,
        }
    }

    /// In a word, for programs.
    pub fn id(self) -> &'static str {
        match self {
            Standing::Everybody => "spf-passes-everybody",
            Standing::NoDmarc => "no-dmarc",
            Standing::Monitored => "dmarc-none",
            Standing::BrokenSpf => "spf-broken",
            Standing::NoSpf => "no-spf",
            Standing::ShutOut => "mta-sts-shuts-out",
            Standing::Gaps => "dmarc-gaps",
            Standing::Unknown => "unknown",
            Standing::Protected => "protected",
        }
    }

    /// In few words.
    pub fn words(self) -> &'static str {
        match self {
            Standing::Everybody => "SPF passes everybody",
            Standing::NoDmarc => "no DMARC",
            Standing::Monitored => "DMARC only reports",
            Standing::BrokenSpf => "SPF is broken",
            Standing::NoSpf => "no SPF",
            Standing::ShutOut => "MTA-STS shuts out",
            Standing::Gaps => "gaps in DMARC",
            Standing::Unknown => "unknown",
            Standing::Protected => "protected",
        }
    }

    /// What that means.
    pub fn meaning(self) -> &'static str {
        match self {
            Standing::Everybody => "anybody may send as the domain, and passes SPF and DMARC",
            Standing::NoDmarc => "receivers do nothing about mail that pretends to be from the domain",
            Standing::Monitored => "receivers report mail that pretends to be from the domain, and deliver it",
            Standing::BrokenSpf => "receivers make nothing of the SPF record, so mail that is not signed fails",
            Standing::NoSpf => "nothing says who may send, so mail that is not signed fails",
            Standing::ShutOut => "senders that obey the MTA-STS policy cannot deliver to every mail host",
            Standing::Gaps => "the policy is weaker for some mail, for names below the domain, or by RFC 7489",
            Standing::Unknown => "nothing is wrong in what is here, but not all is here",
            Standing::Protected => {
                "receivers refuse or set aside mail that fails, whichever name it pretends to be from"
            }
        }
    }
}

impl Class {
    /// All classes, in order.
    pub const ALL: [Class; 4] = [Class::Exposed, Class::Faulty, Class::Unknown, Class::Protected];

    /// In one word.
    pub fn id(self) -> &'static str {
        match self {
            Class::Exposed => "exposed",
            Class::Faulty => "faulty",
            Class::Unknown => "unknown",
            Class::Protected => "protected",
        }
    }
}
