//! Rules about the text that `exp` leads to.

use std::collections::BTreeSet;

use crate::{
    name::Name,
    policy::spf::{
        Spf, domain,
        term::{Modifier, Term},
    },
    record::{Data, Record},
    rule::{Findings, Rule, rule},
    rules::spf::wording::span_of,
    slip,
    span::Span,
    spf_tree::Tree,
    zones::{Answer, Node, Wanted},
};

/// The rules of this theme.
pub static RULES: &[Rule] = &[EXP_MISSING];

rule! {
    /// An `exp` that leads to no usable text.
    ///
    /// When mail fails, receivers may tell the sender why, in a text that stands in a TXT record at the name behind `exp=`. There
    /// has to be exactly one, in ASCII, with well-formed macros. If not, they leave the text out without a word.
    ///
    /// # Bad
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all exp=why.example.com"
    /// why TXT "100% of mail from %(i) is refused"
    /// ```
    /// # Good
    /// ```zone
    /// $ORIGIN example.com.
    /// @ SOA ns hostmaster 1 1h 1h 1w 1h
    /// @ TXT "v=spf1 mx -all exp=why.example.com"
    /// why TXT "%{i} may not send mail as %{d}, see %{r}"
    /// ```
    /// # When to ignore
    /// When the text is added elsewhere.
    /// # Source
    /// RFC 7208, section 6.2
    EXP_MISSING: "spf-exp-missing", [Warning], None, SpfTree(exp_missing), once_a_file
}

fn exp_missing(spf: &Spf<'_>, tree: &Tree<'_, '_>, findings: &mut Findings<'_>) {
    let Some((exp, name)) = explanation(spf) else { return };
    let (what, label, place) = match tree.node.ask(&name, Wanted::Txt) {
        Answer::Unknown => return,
        Answer::Absent => ("has no TXT record", "", None),
        Answer::Found(node) => match texts(&node)[..] {
            [] => return,
            [text] => match wrong_text(text) {
                Some((what, at)) => (what, "here", at),
                None => return,
            },
            [_, second, ..] => ("has more than one TXT record", "one more", Some(second.span)),
        },
    };
    let Some(span) = span_of(spf, exp) else { return };
    let mut finding = findings.report(
        span,
        format!("`{name}` {what}, so receivers tell nobody why mail failed"),
        "leads to no text",
    );
    if let Some(place) = place {
        finding = finding.related(place, label);
    }
    finding.help("publish one TXT record with a text in ASCII there, or take `exp` out");
}

fn explanation<'s>(spf: &'s Spf<'_>) -> Option<(&'s Term, Name)> {
    let exp = spf.modifier(Modifier::Exp)?;
    Some((exp, spf.target(exp)?))
}

/// The TXT records at a name, each once and not more than two; none if there may be others.
fn texts<'a>(node: &Node<'a>) -> Vec<&'a Record> {
    let is_whole = node.zone().is_some_and(|zone| zone.whole);
    let mut texts: Vec<&Record> = Vec::new();
    let mut seen = BTreeSet::new();
    for record in node.records() {
        match &record.data {
            Data::Unknown => return Vec::new(),
            Data::Other(other) if !other.is_registered => return Vec::new(),
            Data::Txt(txt) if !txt.type99 => {
                if record.many || !txt.text.is_complete() {
                    return Vec::new();
                }
                let strings: Vec<&[u8]> = txt.strings().map(|string| txt.text.get(string)).collect();
                if texts.len() < 2 && seen.insert(strings) {
                    texts.push(record);
                }
            }
            _ => {}
        }
    }
    if is_whole { texts } else { Vec::new() }
}

/// What keeps receivers from using a text, and where that stands.
fn wrong_text(record: &Record) -> Option<(&'static str, Option<Span>)> {
    let text = slip::meant_text(record, record.txt()?);
    let bytes = text.bytes();
    if let Some(odd) = bytes.iter().position(|byte| !(0x20..0x7f).contains(byte)) {
        return Some(("has a text with characters outside of ASCII", text.span(odd..odd + 1)));
    }
    let all = domain::read(&text, 0..bytes.len());
    let broken = all.broken().next()?;
    Some(("has a text with a malformed macro", text.span(broken.at.clone())))
}
