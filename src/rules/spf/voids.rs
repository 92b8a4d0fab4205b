//! Rules about look-ups that find nothing.

use crate::{
    policy::spf::{Spf, term::Mechanism},
    rule::{Findings, Rule, rule},
    spf_tree::{Step, Tree},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[VOID_LOOKUP, TOO_MANY_VOID_LOOKUPS];

/// How many look-ups for a record may find nothing.
const VOIDS_MAX: u32 = 2;

/// What a void look-up was for.
fn sought(spf: &Spf<'_>, step: &Step<'_>) -> Option<&'static str> {
    match spf.terms.get(step.term)?.mechanism()? {
        Mechanism::Mx => Some("MX record"),
        Mechanism::Exists => Some("A record"),
        _ => Some("A or AAAA record"),
    }
}

rule! {
    /// A term that looks up what does not exist.
    ///
    /// The zone of the name is in the repository, and has no such record. The term matches nobody, and receivers allow two such
    /// look-ups before they give up on the whole record. An `mx` never falls back to the address of the name.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all"
    /// @ A 192.0.2.1
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx a:mail.example.net -all"
    /// @ MX 10 mail
    /// ```
    /// # When to ignore
    /// When the record is added elsewhere, or will be.
    /// # Source
    /// RFC 7208, section 4.6.4
    /// RFC 7208, section 5.4
    VOID_LOOKUP: "spf-void-lookup", [Warning], None, SpfTree(void_lookup), once_a_file
}

fn void_lookup(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    for step in tree.branch().steps.iter().filter(|step| step.is_void) {
        let (Some(at), Some(name), Some(sought)) = (step.at, &step.name, sought(spf, step)) else {
            continue;
        };
        findings
            .report(
                at,
                format!(
                    "`{}` finds nothing and matches no sender: `{name}` has no {sought}",
                    step.written
                ),
                format!("looks for an {sought}"),
            )
            .help("take the term out, or correct the name");
    }
}

rule! {
    /// An SPF record with more than two look-ups that find nothing.
    ///
    /// Receivers allow two look-ups for names that do not exist, or have no such record, those of the records that it leads to
    /// included. At the third they give up on the whole record, and mail from a sender that no term before matches does not
    /// pass.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 a:one.example.com a:two.example.com a:three.example.com -all"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 a:one.example.com a:two.example.com a:three.example.com -all"
    /// two A 192.0.2.1
    /// ```
    /// # When to ignore
    /// Never: the terms match nobody, and can be taken out.
    /// # Source
    /// RFC 7208, section 4.6.4
    TOO_MANY_VOID_LOOKUPS: "spf-too-many-void-lookups", [Error], None, SpfTree(too_many_void_lookups)
}

fn too_many_void_lookups(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    const PLACES: usize = 20;
    let branch = tree.branch();
    let Some(span) = spf.text.whole().filter(|_| branch.voids > VOIDS_MAX) else {
        return;
    };
    let mut finding = findings.report(
        span,
        format!(
            "{} look-ups of the SPF record find nothing and receivers allow {VOIDS_MAX}, so mail from a sender that no term \
             before matches does not pass (permerror)",
            branch.voids
        ),
        "",
    );
    let mut places = 0;
    for step in &branch.steps {
        let behind = tree
            .behind(step)
            .filter(|behind| !behind.is_broken())
            .map_or(0, |behind| behind.voids);
        let label = match (step.is_void, behind) {
            (true, _) => "finds nothing".to_string(),
            (false, 0) => continue,
            (false, 1) => "1 look-up of the record there finds nothing".to_string(),
            (false, count) => format!("{count} look-ups of the record there find nothing"),
        };
        if let Some(at) = step.at.filter(|_| places < PLACES) {
            finding = finding.related(at, label);
            places += 1;
        }
    }
    finding.help("take the terms out that find nothing");
}
