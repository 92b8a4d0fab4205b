//! DNS names.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
};

/// A DNS name, absolute, as it was written but compared without ASCII case (RFC 4343).
///
/// Labels come from the left. A part of it may be unknown: `_dmarc.${var.domain}` has a known first label.
///
/// A zone file has a name a line, so a name is small: it points at its labels in the file and shares the origin that
/// completes them.
#[derive(Clone)]
pub struct Name {
    base: Arc<Base>,
    start: u32,
    len: u16,
    form: Form,
    /// What its own labels may hold: an union of [`MARKS`].
    marks: u8,
}

/// The bytes in which names lie, and the name that completes them.
pub struct Base {
    octets: Arc<Vec<u8>>,
    origin: Option<Name>,
    /// What is asked of the origin for every name: its last label, its key, how many labels it has, what they may hold, and
    /// whether all of it is known.
    last: Option<Box<[u8]>>,
    key: u64,
    labels: usize,
    marks: u8,
    known: bool,
}

#[derive(Clone, Copy)]
enum Form {
    /// Labels between dots, without escapes, empty labels, or a final dot.
    Dotted,
    /// Each label behind its length; a length of 0 is an unknown number of unknown labels.
    Counted,
}

/// The longest label in bytes (RFC 1035, section 2.3.4).
pub const LABEL_MAX: usize = 63;
/// The longest name in bytes on the wire, lengths and the root included (RFC 1035, section 2.3.4).
pub const NAME_MAX: usize = 255;

/// How an unknown part of a name is shown; no name that can be written has such a label.
const UNNAMED: &str = "{?}";

/// How many bytes nearly all names have room in.
const NEAR: usize = 48;

const DOT: u8 = 1;
const UNDERSCORE: u8 = 2;
const STAR: u8 = 4;
const NOT_ASCII: u8 = 8;

/// What bytes of names are looked for so often that a name remembers whether it has any.
static MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    marks[b'.' as usize] = DOT;
    marks[b'_' as usize] = UNDERSCORE;
    marks[b'*' as usize] = STAR;
    let mut byte = 0x7f;
    while byte < 256 {
        marks[byte] = NOT_ASCII;
        byte += 1;
    }
    marks
};

impl Base {
    /// Names that lie in `octets` and are completed with `origin`; with `None` they are absolute.
    pub fn new(octets: Arc<Vec<u8>>, mut origin: Option<Name>) -> Arc<Base> {
        // An origin without labels of its own is another's: each `$ORIGIN @` would make the chain of origins longer.
        while let Some(name) = origin.take_if(|name| name.own().is_empty()) {
            origin = name.base.origin.clone();
        }
        let key = origin.as_ref().map_or(0, Name::raw_key);
        let last = origin
            .as_ref()
            .and_then(|origin| origin.labels().last().flatten())
            .map(Box::from);
        let labels = origin.as_ref().map_or(0, Name::label_count);
        let marks = origin.as_ref().map_or(0, |origin| origin.marks | origin.base.marks);
        let known = origin.as_ref().is_none_or(Name::is_known);
        Arc::new(Base {
            octets,
            origin,
            last,
            key,
            labels,
            marks,
            known,
        })
    }
}

impl Name {
    /// The root of all names.
    pub fn root() -> Name {
        Name::of_origin(&Base::new(Arc::default(), None))
    }

    /// The origin that completes the names of `base`.
    pub fn of_origin(base: &Arc<Base>) -> Name {
        Name {
            base: Arc::clone(base),
            start: 0,
            len: 0,
            form: Form::Dotted,
            marks: 0,
        }
    }

    /// A name of which nothing is known.
    pub fn unknown() -> Name {
        Name::from_labels::<&[u8]>([None], None)
    }

    /// A domain that has a name which nothing tells: records below it are known to be together in it, and it is none of the
    /// domains that have one.
    pub fn unnamed() -> Name {
        Name::from_labels([Some(UNNAMED)], None)
    }

    /// Whether it is such a domain, or lies in one.
    pub fn is_in_unnamed(&self) -> bool {
        self.labels().last().flatten() == Some(UNNAMED.as_bytes())
    }

    /// The name whose own labels stand in the octets of `base`, `len` bytes from `start`, counted from 0, with dots between
    /// them, without escapes and without a final dot; a whole name of at most 255 bytes. Empty for the origin itself. `None`
    /// if a label is empty or over 63 bytes.
    pub fn within(base: &Arc<Base>, start: usize, len: usize) -> Option<Name> {
        let own = base.octets.get(start..start + len)?;
        let (mut marks, mut before, mut empty) = (0, DOT, 0);
        for byte in own {
            let mark = MARKS[*byte as usize];
            empty |= mark & before;
            marks |= mark;
            before = mark;
        }
        let has_empty = len > 0 && (empty | before) & DOT != 0;
        let is_long = |label: &[u8]| label.len() > LABEL_MAX;
        if has_empty || len > LABEL_MAX && own.split(|byte| *byte == b'.').any(is_long) {
            return None;
        }
        Some(Name {
            start: start as u32,
            len: len as u16,
            marks,
            ..Name::of_origin(base)
        })
    }

    /// A name of labels, from the left, completed with `origin`; `None` stands for an unknown number of unknown labels.
    ///
    /// Labels and names may be too long, which [`Name::wire_len`] tells, but of a label over 255 bytes only the first 255 are
    /// kept, and of a name over 65535 only the first. An empty label is none.
    pub fn from_labels<L: AsRef<[u8]>>(labels: impl IntoIterator<Item = Option<L>>, origin: Option<&Name>) -> Name {
        let mut octets = Vec::with_capacity(NEAR);
        for label in labels {
            match label.as_ref().map(AsRef::as_ref) {
                Some([]) => {}
                Some(label) => {
                    let label = &label[..label.len().min(u8::MAX.into())];
                    octets.push(label.len() as u8);
                    octets.extend(label);
                }
                None => octets.push(0),
            }
        }
        let len = octets.len().min(u16::MAX.into()) as u16;
        let marks = octets.iter().fold(0, |marks, byte| marks | MARKS[*byte as usize]);
        Name {
            base: Base::new(Arc::new(octets), origin.cloned()),
            start: 0,
            len,
            form: Form::Counted,
            marks,
        }
    }

    /// A name as people write it outside of zone files: labels between dots, with or without a final dot, no escapes.
    /// `None` if a label is empty or too long, or the whole is.
    pub fn parse(text: &str) -> Option<Name> {
        let text = text.strip_suffix('.').unwrap_or(text);
        // On the wire a length stands in place of each dot, one before the first label, and one for the root.
        if text.is_empty() || text.len() + 2 > NAME_MAX {
            return None;
        }
        let base = Base::new(Arc::new(text.as_bytes().to_vec()), None);
        Name::within(&base, 0, text.len())
    }

    /// The labels from the left as they are written, without escapes; `None` stands for an unknown number of unknown labels.
    pub fn labels(&self) -> Labels<'_> {
        Labels {
            name: Some(self),
            at: 0,
        }
    }

    /// How many labels there are; an unknown part counts as one.
    pub fn label_count(&self) -> usize {
        match self.form {
            Form::Dotted if self.len == 0 => self.base.labels,
            Form::Dotted => self.base.labels + 1 + memchr::memchr_iter(b'.', self.own()).count(),
            Form::Counted => self.labels().count(),
        }
    }

    /// The first label, if there is one and it is known.
    pub fn first(&self) -> Option<&[u8]> {
        self.labels().next().flatten()
    }

    /// Whether the first label is `label`, without case.
    pub fn starts_with(&self, label: &str) -> bool {
        self.first()
            .is_some_and(|first| first.eq_ignore_ascii_case(label.as_bytes()))
    }

    /// The name without its first `count` labels; the root if there are not so many.
    pub fn skip(&self, count: usize) -> Name {
        if count == 0 {
            return self.clone();
        }
        let mut labels = Labels {
            name: Some(self),
            at: 0,
        };
        for _ in 0..count {
            if labels.next().is_none() {
                return Name::root();
            }
        }
        match labels.name {
            Some(name) if labels.at < name.len as usize => Name {
                start: name.start + labels.at as u32,
                len: name.len - labels.at as u16,
                ..name.clone()
            },
            Some(name) => name.base.origin.clone().unwrap_or_else(Name::root),
            None => Name::root(),
        }
    }

    /// The name without its first label; `None` for the root.
    pub fn parent(&self) -> Option<Name> {
        self.labels().next()?;
        Some(self.skip(1))
    }

    /// Whether this is `other` or below it. An unknown part equals nothing but an unknown part.
    pub fn is_within(&self, other: &Name) -> bool {
        // By far the most names lie in the zone because what completes them does.
        if let Some(origin) = self
            .base
            .origin
            .as_ref()
            .filter(|origin| origin.label_count() >= other.label_count())
        {
            return origin.is_within(other);
        }
        match self.label_count().checked_sub(other.label_count()) {
            Some(more) => self.labels().skip(more).eq_ignoring_case(other.labels()),
            None => false,
        }
    }

    /// Whether the last label before the origin is the last of the origin, too: false is certain, and cheap to tell.
    pub fn may_end_twice(&self) -> bool {
        let (Form::Dotted, Some(last)) = (self.form, &self.base.last) else {
            return true;
        };
        let own = self.own();
        own.len()
            .checked_sub(last.len())
            .is_some_and(|start| own[start..].eq_ignore_ascii_case(last) && (start == 0 || own[start - 1] == b'.'))
    }

    /// Whether it ends in the name of a zone twice: what stands before the zone's name ends in that name once more.
    pub fn ends_twice(&self, zone: &Name) -> bool {
        let labels = zone.label_count();
        let Some(own) = self.label_count().checked_sub(labels) else {
            return false;
        };
        let twice = || self.labels().skip(own - labels).take(labels);
        labels > 0 && own >= labels && twice().eq_ignoring_case(zone.labels()) && self.is_within(zone)
    }

    /// Whether all of it is known.
    pub fn is_known(&self) -> bool {
        match self.form {
            Form::Dotted => self.base.known,
            Form::Counted => self.labels().all(|label| label.is_some()),
        }
    }

    /// Whether a label may hold `byte`: `_`, `*` or one that is not printable ASCII. False is certain, and cheap to tell.
    pub fn may_hold(&self, byte: u8) -> bool {
        let mark = MARKS[byte as usize];
        debug_assert!(mark & !DOT != 0, "nothing is remembered of byte {byte}");
        (self.marks | self.base.marks) & mark != 0
    }

    /// Whether its first label is `*` (RFC 4592).
    pub fn is_wildcard(&self) -> bool {
        self.first() == Some(b"*")
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.labels().next().is_none()
    }

    /// Its length on the wire in bytes, lengths and the root included, unknown parts not.
    pub fn wire_len(&self) -> usize {
        self.labels()
            .map(|label| label.map_or(0, |label| label.len() + 1))
            .sum::<usize>()
            + 1
    }

    /// A number that equal names share, whatever the case and form they are written in.
    pub fn key(&self) -> u64 {
        mixed(self.raw_key())
    }

    /// The same, not yet mixed, so that it can be continued with labels to the left.
    fn raw_key(&self) -> u64 {
        let own = self.own();
        match self.form {
            Form::Dotted if own.is_empty() => self.base.key,
            Form::Dotted => raw_key(own, self.base.key),
            Form::Counted => self.fold_own(self.base.key, |key, label| raw_key(label, key)),
        }
    }

    /// Puts the keys of all names above this one, and its own, into `keys`: from the root on, so that the place of a key is
    /// the number of labels.
    pub fn keys(&self, keys: &mut Vec<u64>) {
        match &self.base.origin {
            Some(origin) => origin.keys(keys),
            None => {
                keys.clear();
                keys.push(mixed(0));
            }
        }
        self.fold_own(self.base.key, |key, label| {
            let key = raw_key(label, key);
            keys.push(mixed(key));
            key
        });
    }

    /// The name with one more label, at the left.
    pub fn below(&self, label: &str) -> Name {
        Name::from_labels([Some(label)], Some(self))
    }

    /// Folds the labels before the origin, from the right.
    fn fold_own(&self, start: u64, mut fold: impl FnMut(u64, &[u8]) -> u64) -> u64 {
        let own = self.own();
        match self.form {
            Form::Dotted if own.is_empty() => start,
            Form::Dotted => own.rsplit(|byte| *byte == b'.').fold(start, fold),
            Form::Counted => {
                let mut labels = Vec::new();
                let mut rest = own;
                while let Some((len, after)) = rest.split_first() {
                    let (label, after) = after.split_at((*len as usize).min(after.len()));
                    labels.push(label);
                    rest = after;
                }
                labels.into_iter().rev().fold(start, &mut fold)
            }
        }
    }

    fn own(&self) -> &[u8] {
        let start = self.start as usize;
        self.base
            .octets
            .get(start..start + self.len as usize)
            .unwrap_or_default()
    }
}

/// A key, mixed so that all of its bits tell.
fn mixed(key: u64) -> u64 {
    const MIX: u64 = 0x9e37_79b9_7f4a_7c15;
    (key ^ key >> 32).wrapping_mul(MIX)
}

/// The key of a name from that of its end and the labels before that, with dots between them: the value of a polynomial
/// whose coefficients are the bytes from the right. Small letters count for large ones; some other bytes fall together with
/// this, too, and then two names share a key, as any two may.
fn raw_key(labels: &[u8], end: u64) -> u64 {
    const X: u64 = 0x9e37_79b9_7f4a_7c15;
    const X2: u64 = X.wrapping_mul(X);
    const X3: u64 = X2.wrapping_mul(X);
    const X4: u64 = X3.wrapping_mul(X);
    let times = |byte: u8, factor: u64| u64::from(byte | 0x20).wrapping_mul(factor);
    let (first, fours) = labels.as_rchunks();
    let mut key = end.wrapping_mul(X).wrapping_add(u64::from(b'.'));
    for [a, b, c, d] in fours.iter().rev() {
        let right = times(*c, X2).wrapping_add(times(*d, X3));
        let left = times(*a, 1).wrapping_add(times(*b, X));
        key = key.wrapping_mul(X4).wrapping_add(left.wrapping_add(right));
    }
    first
        .iter()
        .rev()
        .fold(key, |key, byte| key.wrapping_mul(X).wrapping_add(times(*byte, 1)))
}

/// The labels of a name from the left.
pub struct Labels<'a> {
    name: Option<&'a Name>,
    at: usize,
}

impl<'a> Iterator for Labels<'a> {
    type Item = Option<&'a [u8]>;

    fn next(&mut self) -> Option<Option<&'a [u8]>> {
        loop {
            let name = self.name?;
            let rest = name.own().get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                self.name = name.base.origin.as_ref();
                self.at = 0;
                continue;
            }
            return match name.form {
                Form::Dotted => {
                    let len = rest.iter().position(|byte| *byte == b'.').unwrap_or(rest.len());
                    self.at += len + 1;
                    Some(Some(&rest[..len]))
                }
                Form::Counted => {
                    let len = (rest[0] as usize).min(rest.len() - 1);
                    self.at += len + 1;
                    Some((rest[0] != 0).then(|| &rest[1..=len]))
                }
            };
        }
    }
}

trait EqIgnoringCase {
    fn eq_ignoring_case(self, other: Labels<'_>) -> bool;
}

impl<'a, I: Iterator<Item = Option<&'a [u8]>>> EqIgnoringCase for I {
    /// An unknown part equals nothing but an unknown part.
    fn eq_ignoring_case(mut self, mut other: Labels<'_>) -> bool {
        loop {
            match (self.next(), other.next()) {
                (None, None) => return true,
                (Some(None), Some(None)) => {}
                (Some(Some(a)), Some(Some(b))) if a.eq_ignore_ascii_case(b) => {}
                _ => return false,
            }
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.eq_dotted(other)
            .unwrap_or_else(|| self.labels().eq_ignoring_case(other.labels()))
    }
}

/// What is left to be looked at of a name between dots.
struct Rest<'a> {
    base: &'a Arc<Base>,
    own: &'a [u8],
}

impl<'a> Rest<'a> {
    /// Goes on with the origin where nothing else is left; empty at the root. `None` if it is in another form.
    fn step(mut self) -> Option<Rest<'a>> {
        while let ([], Some(origin)) = (self.own, &self.base.origin) {
            self = origin.rest()?;
        }
        Some(self)
    }
}

impl Name {
    fn rest(&self) -> Option<Rest<'_>> {
        let rest = Rest {
            base: &self.base,
            own: self.own(),
        };
        matches!(self.form, Form::Dotted).then_some(rest)
    }

    /// Whether names between dots are equal, wherever they are cut into labels and an origin. `None` if a part of them is in
    /// another form.
    fn eq_dotted(&self, other: &Name) -> Option<bool> {
        let (mut a, mut b) = (self.rest()?, other.rest()?);
        loop {
            // By far the most names are completed alike, so that their own labels decide.
            if Arc::ptr_eq(a.base, b.base) {
                // Records of one name mostly have it from one place.
                return Some(std::ptr::eq(a.own, b.own) || a.own.eq_ignore_ascii_case(b.own));
            }
            (a, b) = (a.step()?, b.step()?);
            let len = a.own.len().min(b.own.len());
            if len == 0 {
                return Some(a.own.len() == b.own.len());
            }
            let ((left, more_left), (right, more_right)) = (a.own.split_at(len), b.own.split_at(len));
            if !left.eq_ignore_ascii_case(right) {
                return Some(false);
            }
            (a.own, b.own) = match (more_left, more_right) {
                ([], []) => ([].as_slice(), [].as_slice()),
                ([], [b'.', more @ ..]) => ([].as_slice(), more),
                ([b'.', more @ ..], []) => (more, [].as_slice()),
                _ => return Some(false),
            };
        }
    }
}

impl Eq for Name {}

impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.key());
    }
}

impl PartialOrd for Name {
    fn partial_cmp(&self, other: &Name) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Name {
    /// The order of RFC 4034, section 6.1: by labels from the right, so that a zone's names follow its apex. An unknown part
    /// comes before any label.
    fn cmp(&self, other: &Name) -> Ordering {
        let (own, others) = (self.label_count(), other.label_count());
        let pairs = self
            .labels()
            .skip(own.saturating_sub(others))
            .zip(other.labels().skip(others.saturating_sub(own)));
        // The last difference from the left is the first from the right.
        let different = pairs
            .map(|(a, b)| cmp_labels(a, b))
            .filter(|order| order.is_ne())
            .last();
        different.unwrap_or(own.cmp(&others))
    }
}

fn cmp_labels(a: Option<&[u8]>, b: Option<&[u8]>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => {
            let lower = u8::to_ascii_lowercase;
            a.iter().map(lower).cmp(b.iter().map(lower))
        }
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

impl fmt::Display for Name {
    /// Presentation form without the final dot, the root as `.`, an unknown part as `{?}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_root() {
            return f.write_str(".");
        }
        for (index, label) in self.labels().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            match label {
                Some(label) => write_label(label, f)?,
                None => f.write_str("{?}")?,
            }
        }
        Ok(())
    }
}

fn write_label(label: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let is_special = |byte: &u8| matches!(byte, b'.' | b'\\' | b'"' | b';' | b'(' | b')' | b'@' | b'$');
    let is_plain = |byte: &u8| byte.is_ascii_graphic() && !is_special(byte);
    let mut rest = label;
    while let Some(byte) = rest.first() {
        let len = rest.iter().take_while(|byte| is_plain(byte)).count();
        let (plain, more) = rest.split_at(len.max(1));
        match std::str::from_utf8(plain) {
            Ok(plain) if len > 0 => f.write_str(plain)?,
            _ if is_special(byte) => write!(f, "\\{}", *byte as char)?,
            _ => write!(f, "\\{byte:03}")?,
        }
        rest = more;
    }
    Ok(())
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
