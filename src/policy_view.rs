//! The answer to `maillint policy`: what receivers do with mail that fails, who may send, and why, for people and for programs.

pub(crate) mod json;
mod table;
pub(crate) mod words;

use std::io::{self, Write};

use crate::{
    mail_domain::{Cost, Ending, LOOKUPS_MAX, MailDomain, Sender, Spf, Told},
    name::Name,
    policy::spf::term::Qualifier,
    report::harmless,
    source::Sources,
    span::Span,
};

pub use json::json;

/// How places and values from files are shown.
#[derive(Clone, Copy)]
pub struct Showing<'s> {
    /// The files.
    pub sources: &'s Sources,
    /// How a path is shown.
    pub shown_path: &'s dyn Fn(&str) -> String,
    /// Whether something reads the output and obeys commands in it.
    pub hostile_log: bool,
}

impl Showing<'_> {
    /// A value on one line that nothing obeys.
    pub fn line(&self, text: &str) -> String {
        harmless::line(text, self.hostile_log)
    }

    /// A place as `path:line:column`.
    pub fn place(&self, span: Span) -> String {
        let source = self.sources.get(span.source);
        let position = source.position(span.start as usize);
        format!(
            "{}:{}:{}",
            self.line(&(self.shown_path)(&source.path)),
            position.line,
            position.char
        )
    }

    /// The file that a domain is seen from.
    fn seen_from(&self, domain: &MailDomain<'_>) -> String {
        let path = &self.sources.get(domain.from.scan.source).path;
        self.line(&(self.shown_path)(path))
    }
}

/// Writes what the repository tells of a domain: once for all sources that tell the same.
pub fn text(name: &Name, told: &[MailDomain<'_>], showing: &Showing<'_>, to: &mut dyn Write) -> io::Result<()> {
    let shown = showing.line(&name.to_string().to_ascii_lowercase());
    if told.is_empty() {
        writeln!(
            to,
            "{shown}\n\n  Nothing here tells of this domain, nor of one above it."
        )?;
        return writeln!(to, "  `maillint records` shows what was read.");
    }
    let mut bodies: Vec<(String, Vec<String>)> = Vec::new();
    for domain in told {
        let body = body(domain, showing);
        let seen_from = showing.seen_from(domain);
        match bodies.iter_mut().find(|(other, _)| *other == body) {
            Some((_, files)) => files.push(seen_from),
            None => bodies.push((body, vec![seen_from])),
        }
    }
    for (number, (body, files)) in bodies.iter().enumerate() {
        if number > 0 {
            writeln!(to)?;
        }
        match bodies.len() {
            1 => writeln!(to, "{shown}")?,
            _ => writeln!(to, "{shown}, as {} tells it", files.join(" and "))?,
        }
        to.write_all(body.as_bytes())?;
    }
    Ok(())
}

fn body(domain: &MailDomain<'_>, showing: &Showing<'_>) -> String {
    let mut body = String::new();
    body.push_str("\nMail that fails DMARC\n");
    body.push_str(&table::policies(&domain.effective, showing));
    body.push_str("\nHow the record is found (RFC 9989)\n");
    body.push_str(&table::walk(&domain.effective, showing));
    body.push_str("\nWho may send (SPF)\n");
    body.push_str(&senders(&domain.spf, showing));
    if let Some(lines) = transport(domain, showing) {
        body.push_str("\nMail on its way here (MTA-STS)\n");
        body.push_str(&lines);
    }
    body
}

/// Who may send, a line each.
fn senders(spf: &Told<Spf>, showing: &Showing<'_>) -> String {
    let spf = match spf {
        Told::Is(spf) => spf,
        Told::Absent => return "  there is no SPF record: receivers check nothing\n".to_string(),
        Told::Unknown => return "  not told here\n".to_string(),
    };
    let mut lines = Vec::new();
    if let Some(breaks) = &spf.breaks {
        lines.push(words::broken(breaks, showing));
    }
    for sender in &spf.senders {
        lines.push(match sender {
            Sender::Network(..) | Sender::Everybody => words::sender(sender, showing),
            other => format!("{} (not told here which addresses)", words::sender(other, showing)),
        });
    }
    if spf.senders.is_empty() && spf.breaks.is_none() {
        lines.push("nobody".to_string());
    }
    if spf.breaks.is_none() {
        lines.push(format!("everybody else: {}", ending(&spf.ending, showing)));
    }
    let cost = |cost: &Cost| {
        let behind = if cost.leads_out {
            ", and those of its record, which is not here"
        } else {
            ""
        };
        format!(
            "  {}  {}{behind}",
            showing.line(&cost.written),
            words::lookups(cost.lookups)
        )
    };
    if !spf.costs.is_empty() {
        let at_least = if spf.is_exact { "" } else { "at least " };
        let over = if spf.lookups > LOOKUPS_MAX {
            ": too many, so that receivers make nothing of the record"
        } else {
            ""
        };
        let lookups = spf.lookups;
        lines.push(format!("look-ups: {at_least}{lookups} of {LOOKUPS_MAX}{over}"));
        lines.extend(spf.costs.iter().map(cost));
    }
    lines.iter().map(|line| format!("  {line}\n")).collect()
}

fn ending(ending: &Ending, showing: &Showing<'_>) -> String {
    match ending {
        Ending::All(Qualifier::Pass) => "passes (`+all`)".to_string(),
        Ending::All(Qualifier::Fail) => "fails (`-all`)".to_string(),
        Ending::All(Qualifier::SoftFail) => "fails softly (`~all`)".to_string(),
        Ending::All(Qualifier::Neutral) => "nothing is said (`?all`)".to_string(),
        Ending::None => "nothing is said (there is no `all`)".to_string(),
        Ending::Redirected(name) => format!("as `{}` says, which is not here", showing.line(name)),
        Ending::Unknown => "not told here".to_string(),
    }
}

/// The MTA-STS policy and the hosts that take mail; `None` where nothing is said of either.
fn transport(domain: &MailDomain<'_>, showing: &Showing<'_>) -> Option<String> {
    let mut lines = Vec::new();
    match (&domain.sts.policy, &domain.sts.id) {
        (Told::Is(policy), _) => lines.push(format!("mode {}, kept for {} s", policy.mode.name(), policy.max_age)),
        (Told::Unknown, _) => lines.push("what the policy file says is not told here".to_string()),
        (Told::Absent, Told::Is(_)) => lines.push("the policy file is not here".to_string()),
        (Told::Absent, Told::Absent | Told::Unknown) => return None,
    }
    match &domain.sts.id {
        Told::Is(id) => lines.push(format!("id {}", showing.line(id))),
        Told::Absent => lines.push("no record at `_mta-sts`: senders do not look for the policy".to_string()),
        Told::Unknown => {}
    }
    if let (Told::Is(mx), Told::Is(_)) = (&domain.mx, &domain.sts.policy) {
        for host in mx.hosts.keys() {
            let is_uncovered = domain.sts.uncovered.contains(host);
            let listed = if is_uncovered {
                "not listed in the policy"
            } else {
                "listed"
            };
            lines.push(format!("{}  {listed}", showing.line(&host.to_string())));
        }
    }
    Some(lines.iter().map(|line| format!("  {line}\n")).collect())
}
