//! The MTA-STS policy file (RFC 8461, section 3.2).

use std::{collections::BTreeSet, ops::Range};

use crate::{
    name::Name,
    policy::sts_file::{
        form::Form,
        line::{Ending, Field, Kind, Line, Slip},
        value::{Known, Mode, Naming},
    },
    source::Source,
    span::Span,
    text::{Edit, Text},
};

pub mod form;
pub mod line;
pub mod mx;
pub mod value;

/// An MTA-STS policy file.
#[derive(Debug)]
pub struct StsFile<'a> {
    /// The file.
    pub source: &'a Source,
    /// Its text, byte by byte.
    pub text: &'a Text,
    /// What it is as a whole.
    pub form: Form,
    /// Whether it starts with a UTF-8 byte order mark.
    pub has_mark: bool,
    /// A block before the policy that a static-site generator takes out.
    pub front_matter: Option<Range<usize>>,
    /// The lines of the policy; none if the file is something else.
    pub lines: Vec<Line>,
    /// Whether it goes on behind what is in `text`.
    pub is_cut: bool,
}

/// An `mx` field whose value is known.
#[derive(Debug)]
pub struct Mx<'f, 'a> {
    /// Its line.
    pub line: &'f Line,
    /// The field.
    pub field: &'f Field,
    /// Its value.
    pub bytes: &'a [u8],
    /// What the value is.
    pub value: mx::Value,
}

impl Mx<'_, '_> {
    /// The value as a name; the first label of a wildcard is `*`.
    pub fn name(&self) -> Option<Name> {
        Name::parse(std::str::from_utf8(self.bytes).ok()?)
    }

    /// The name that a wildcard is right below; `None` if it is no wildcard.
    pub fn parent_of_wildcard(&self) -> Option<Name> {
        self.name().filter(Name::is_wildcard)?.parent()
    }
}

/// What a policy says; policies that say the same are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Meaning {
    /// What senders do.
    pub mode: Mode,
    /// How many seconds they keep it.
    pub max_age: u64,
    /// The hosts, in lower case.
    pub mx: BTreeSet<Vec<u8>>,
}

/// How many bytes of a file are read. No sender takes more (RFC 8461, section 3.3).
pub const SIZE_MAX: usize = 65_536;

/// Reads a policy file, whatever it is.
pub fn parse<'a>(source: &'a Source, text: &'a Text) -> StsFile<'a> {
    let has_mark = text.bytes().starts_with(form::MARK);
    let start = if has_mark { form::MARK.len() } else { 0 };
    let mut file = StsFile {
        source,
        text,
        form: form::of(text),
        has_mark,
        front_matter: None,
        lines: Vec::new(),
        is_cut: source.bytes().len() > SIZE_MAX,
    };
    if file.form == Form::Policy {
        file.front_matter = form::front_matter(text, start);
        file.read_lines(file.front_matter.as_ref().map_or(start, |block| block.end));
        file.let_the_best_count();
    }
    file
}

impl<'a> StsFile<'a> {
    fn read_lines(&mut self, start: usize) {
        let mut at = start;
        while at < self.text.len() {
            let line = line::split(self.text.bytes(), at);
            at = line.end.end;
            if at == self.text.len() && self.is_cut {
                break;
            }
            self.lines.push(Line {
                kind: line::read(self.text, line.at.clone()),
                ..line
            });
        }
    }

    /// A field with a typo in its name counts only where there is none without.
    fn let_the_best_count(&mut self) {
        for known in Known::ALL {
            let is_better = |field: &Field| field.known == Some(known) && field.naming != Naming::Typo;
            if !self.fields().any(|(_, field)| is_better(field)) && !self.is_glued(known) {
                continue;
            }
            for line in &mut self.lines {
                if let Kind::Field(field) = &mut line.kind
                    && field.known == Some(known)
                {
                    field.counts = field.naming != Naming::Typo;
                }
            }
        }
    }

    /// Whether a field stands in the line of another one.
    fn is_glued(&self, known: Known) -> bool {
        self.fields()
            .any(|(_, field)| matches!(&field.slip, Some(Slip::Glued(others)) if others.contains(&known)))
    }

    /// All fields with their lines, in order.
    pub fn fields(&self) -> impl Iterator<Item = (&Line, &Field)> {
        self.lines.iter().filter_map(|line| Some((line, line.field()?)))
    }

    /// The fields that stand for `known`.
    pub fn all(&self, known: Known) -> impl Iterator<Item = (&Line, &Field)> {
        self.fields()
            .filter(move |(_, field)| field.known == Some(known) && field.counts)
    }

    /// The field that senders take for `known`.
    pub fn first(&self, known: Known) -> Option<(&Line, &Field)> {
        self.all(known).next()
    }

    /// The name of a field, as it is written.
    pub fn name(&self, field: &Field) -> &'a [u8] {
        self.text.get(field.name.clone())
    }

    /// The value of a field, if the file tells it.
    pub fn value(&self, field: &Field) -> Option<&'a [u8]> {
        field.is_value_known.then(|| self.text.get(field.value.clone()))
    }

    /// The value that senders take for `known` and its place, if it is known and not in the grammar.
    pub fn invalid(&self, known: Known) -> Option<(Range<usize>, &'a [u8])> {
        let (_, field) = self.first(known)?;
        let value = self.value(field)?;
        (!known.accepts(value)).then(|| (field.value.clone(), value))
    }

    /// Whether it is certain that nothing in the file is meant to be `known`.
    pub fn lacks(&self, known: Known) -> bool {
        self.is_whole() && self.all(known).next().is_none() && !self.is_glued(known)
    }

    /// Whether the file is a policy of which all is known.
    pub fn is_whole(&self) -> bool {
        self.form == Form::Policy && self.text.is_complete() && !self.is_cut
    }

    /// What senders are to do, also if the mode is written in other words.
    pub fn mode(&self) -> Option<Mode> {
        let (_, field) = self.first(Known::Mode)?;
        Mode::meant(self.value(field)?)
    }

    /// How many seconds senders keep the policy.
    pub fn max_age(&self) -> Option<u64> {
        let (_, field) = self.first(Known::MaxAge)?;
        value::max_age(self.value(field)?)
    }

    /// The `mx` fields whose values are known.
    pub fn mx(&self) -> impl Iterator<Item = Mx<'_, 'a>> {
        self.all(Known::Mx).filter_map(|(line, field)| {
            let bytes = self.value(field)?;
            Some(Mx {
                line,
                field,
                bytes,
                value: mx::read(bytes),
            })
        })
    }

    /// The `mx` fields whose values are host names, or `*.` and a host name.
    pub fn patterns(&self) -> impl Iterator<Item = Mx<'_, 'a>> {
        self.mx().filter(|mx| mx.value == mx::Value::Pattern)
    }

    /// The hosts that the policy is meant to list, and `*.` before names, each with its place; what the repair of a malformed
    /// value would leave. `None` where it cannot be told of each.
    pub fn meant_hosts(&self) -> Option<Vec<(Range<usize>, &'a [u8])>> {
        let mut hosts = Vec::new();
        let is_known = self.is_whole() && !self.is_glued(Known::Mx) && self.mx().count() == self.all(Known::Mx).count();
        for mx in self.mx() {
            let ranges = mx.value.meant(mx.bytes.len())?;
            let start = mx.field.value.start;
            hosts.extend(
                (ranges.into_iter()).filter_map(|at| Some((start + at.start..start + at.end, mx.bytes.get(at)?))),
            );
        }
        is_known.then_some(hosts)
    }

    /// What the policy says; `None` if a part of it is malformed, or unknown.
    pub fn meaning(&self) -> Option<Meaning> {
        let (_, version) = self.first(Known::Version)?;
        let is_read = self.is_whole()
            && self.value(version)? == value::VERSION.as_bytes()
            && self.mx().count() == self.all(Known::Mx).count()
            && self.mx().count() == self.patterns().count();
        let mx = self.patterns().map(|mx| mx.bytes.to_ascii_lowercase()).collect();
        is_read.then_some(Meaning {
            mode: self.mode()?,
            max_age: self.max_age()?,
            mx,
        })
    }

    /// How most lines end.
    pub fn usual_end(&self) -> &'static str {
        let count = |ending: Ending| self.lines.iter().filter(|line| line.ending == ending).count();
        if count(Ending::CrLf) > count(Ending::Lf) {
            "\r\n"
        } else {
            "\n"
        }
    }

    /// The edits after which the value at `at` is `new`, with a blank where it would be the first thing behind its colon.
    pub fn write_value(&self, at: Range<usize>, new: &str) -> Option<Vec<Edit>> {
        let is_behind_colon = at.is_empty() && self.text.get(0..at.start).ends_with(b":");
        let blank = if is_behind_colon { " " } else { "" };
        self.text.replace(at, &format!("{blank}{new}"))
    }

    /// The edits that add a line at the end.
    pub fn append_line(&self, line: &str) -> Option<Vec<Edit>> {
        let end = self.text.len();
        let usual = self.usual_end();
        let is_open = self.lines.last().is_some_and(|line| line.ending == Ending::Nothing);
        let before = if is_open { usual } else { "" };
        self.rewrite(end..end, format!("{before}{line}{usual}"))
    }

    /// The edits after which the text at `range` is `new`, which may be several lines. `None` if a hole is touched.
    pub fn rewrite(&self, range: Range<usize>, new: String) -> Option<Vec<Edit>> {
        let span = self.text.span(range.clone()).filter(|_| self.text.is_known(range))?;
        Some(vec![Edit { span, new }])
    }

    /// Where a part of the text is written.
    pub fn span(&self, range: Range<usize>) -> Span {
        self.text.span(range).unwrap_or(self.source.span().start())
    }

    /// The first line, which stands for the file: code scanning shows a finding in a pull request only if all its lines are
    /// in it.
    pub fn first_line(&self) -> Span {
        let bytes = self.text.bytes();
        let end = memchr::memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
        self.span(0..bytes[..end].trim_ascii_end().len())
    }
}
