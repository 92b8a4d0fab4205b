//! What a reader finds in a file: records, zones, policy files, and what it could not read.

mod line;

use std::{
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
    sync::OnceLock,
};

pub use self::line::{JsonProblem, LineProblem, Shape};
use crate::{
    name::Name,
    source::Server,
    span::{SourceId, Span},
    spelling::Spelling,
    text::Text,
};

mod by_owner;
mod numbers;

pub use by_owner::{ByOwner, Entry};
pub use numbers::Numbers;

/// All that a reader found in one file, and in those that it includes.
#[derive(Default, Debug)]
pub struct Scan {
    /// The file, once it is inspected.
    pub source: SourceId,
    /// The name of the format that the file is in.
    pub format: &'static str,
    /// The records in the order of the file.
    pub records: Vec<Record>,
    /// The zones that the file holds.
    pub zones: Vec<Zone>,
    /// The MTA-STS policy files: at most one.
    pub policies: Vec<PolicyFile>,
    /// What could not be read, or only in spite of something.
    pub faults: Vec<Fault>,
    /// The servers that are known to read the file; empty if nothing tells.
    pub servers: Vec<Server>,
    /// See [`Scan::by_owner`].
    pub sorted: OnceLock<ByOwner>,
}

/// A zone, or the part of it that a file holds.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Its apex.
    pub origin: Name,
    /// Whether the file states all of the zone: only then is a name that it lacks absent.
    pub whole: bool,
    /// Whether this is the zone, and not a part that is added to one: a zone file has its SOA.
    pub has_soa: bool,
}

/// One resource record.
///
/// A large zone has millions, so it is small: places are kept relative to the entry.
#[derive(Clone, Debug)]
pub struct Record {
    /// The owner, as it is published.
    pub owner: Name,
    /// What the record says.
    pub data: Data,
    /// The whole entry.
    pub span: Span,
    seconds: u32,
    owner_at: u32,
    ttl_at: u32,
    owner_len: u16,
    ttl_len: u8,
    has_ttl: bool,
    /// How the owner is written.
    pub written: Written,
    /// Whether it may stand for several records, or for none: written under a loop or a condition.
    pub many: bool,
    /// Whether a server would load it. If not, it is not published, but what it was meant to be can be judged.
    pub loads: bool,
}

/// How an owner is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Written {
    /// With a final dot.
    Absolute,
    /// Completed with an origin.
    Relative,
    /// As `@`, or what else stands for the origin.
    Origin,
    /// Not at all: it is that of the record before.
    Inherited,
}

/// Record data.
#[derive(Clone, Debug)]
pub enum Data {
    /// Text; also that of the obsolete type SPF.
    Txt(Box<Txt>),
    /// A mail exchanger.
    Mx(Box<Mx>),
    /// An alias of this name.
    Cname(Box<Target>),
    /// An alias of what is below this name.
    Dname(Box<Target>),
    /// A name server.
    Ns(Box<Target>),
    /// A pointer.
    Ptr(Box<Target>),
    /// A service.
    Srv(Box<Srv>),
    /// The start of a zone.
    Soa(Box<Soa>),
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Box<Ipv6Addr>),
    /// A certificate association.
    Tlsa(Box<Tlsa>),
    /// Another type, whose data is not looked into.
    Other(Other),
    /// The file does not tell the type.
    Unknown,
}

/// The data of a TXT record.
#[derive(Clone, Debug)]
pub struct Txt {
    /// The character-strings joined without anything between, as every mail protocol reads them.
    pub text: Text,
    /// Where the character-strings lie in it; empty if there is just one.
    pub strings: Vec<Range<u32>>,
    /// Whether the record has the obsolete type 99 (SPF).
    pub type99: bool,
    /// The comment that follows on the line of a last word without quotes, from its `;` to the line's end.
    pub tail: Option<Box<Text>>,
    /// What publishes the text, where that may be written elsewhere.
    pub maker: Option<Maker>,
}

/// Something that publishes a text: a resource, whose value may come from a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Maker {
    /// Its kind and name.
    pub head: Span,
    /// All of it.
    pub whole: Span,
}

/// The data of an MX record.
#[derive(Clone, Debug)]
pub struct Mx {
    /// Lower is tried first.
    pub preference: u16,
    /// Where the preference is written.
    pub preference_at: Span,
    /// The host.
    pub host: Target,
}

/// The data of an SRV record (RFC 2782).
#[derive(Clone, Debug)]
pub struct Srv {
    /// Priority, weight and port; `None` where the file does not tell.
    pub numbers: [Option<u16>; 3],
    /// The host.
    pub host: Target,
}

/// A name in record data.
#[derive(Clone, Debug)]
pub struct Target {
    /// The name, completed.
    pub name: Name,
    /// Where it is written.
    pub at: Span,
    /// Whether it was written without a final dot and completed with the origin. `@` is not relative.
    pub relative: bool,
}

/// The data of an SOA record.
#[derive(Clone, Debug)]
pub struct Soa {
    /// The primary server.
    pub primary: Target,
    /// The mailbox of the person responsible, as a name.
    pub mailbox: Target,
    /// The five numbers as written: serial, refresh, retry, expire, minimum.
    pub numbers: Range<u32>,
    /// How long an absence is cached, in seconds, if it is a known number.
    pub minimum: Option<u32>,
}

/// The data of a TLSA record.
#[derive(Clone, Debug)]
pub struct Tlsa {
    /// Usage, selector and matching type, as they are written.
    pub fields: [Text; 3],
    /// The hexadecimal digits, as they are written, without the blanks between them.
    pub digits: Text,
}

/// A record whose data is not looked into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Other {
    /// Where the type is written: bytes from the start of the file of the entry.
    pub kind_at: u32,
    /// How long the type is written, in bytes.
    pub kind_len: u8,
    /// Whether the type is one that the registry of RRs knows.
    pub is_registered: bool,
    /// Where the data starts, in bytes from the start of the file of the entry. It ends with the entry.
    pub data_at: u32,
}

/// An MTA-STS policy file (RFC 8461, section 3.2).
#[derive(Clone, Debug)]
pub struct PolicyFile {
    /// The file.
    pub source: SourceId,
    /// Its text, byte by byte.
    pub text: Text,
}

/// Something that a reader could not read, or that the notation forbids. A reader gives no sentence: rules do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: FaultKind,
}

/// Kinds of fault in files.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// A word where a record type should stand.
    NoType,
    /// An entry that ends before its type.
    Incomplete,
    /// The class, or the TTL, stands there a second time.
    FieldTwice,
    /// A quote that no quote closes; the place is the opening one.
    UnterminatedQuote,
    /// A quoted string that goes on over a line's end; the place is the opening quote.
    MultilineQuote {
        /// The closing quote.
        close: Span,
        /// Whether it stands in parentheses.
        grouped: bool,
    },
    /// A parenthesis without its other half.
    UnbalancedParenthesis,
    /// A parenthesis inside another.
    NestedParenthesis {
        /// The one that closes it.
        close: Option<Span>,
    },
    /// A backslash that starts no escape.
    EscapeInvalid,
    /// A line that starts with `#` or `//`.
    HashComment,
    /// A directive without its arguments, with too many, or with malformed ones.
    DirectiveInvalid,
    /// A directive that does not exist.
    UnknownDirective,
    /// A directive behind blanks, so that it is no directive; the place is the blanks.
    IndentedDirective,
    /// Data of the wrong form for its type; the type is given in capitals.
    RdataInvalid {
        /// The type.
        kind: String,
        /// What is wrong with it.
        problem: RdataProblem,
    },
    /// `\#` data whose length or digits are wrong; `length` is the right one if the digits decode as the type.
    GenericInvalid {
        /// The right length, where the length alone is wrong.
        length: Option<usize>,
        /// Where the length is written.
        length_at: Option<Span>,
    },
    /// A class that is not that of the zone.
    ClassMismatch,
    /// A UTF-8 byte order mark.
    ByteOrderMark,
    /// Data in YAML or JSON that is neither, from here on; what the parser says of it.
    Malformed(String),
    /// A byte that is not UTF-8 in data that must be.
    NotUtf8,
    /// A semicolon without a backslash in a zone of OctoDNS.
    BareSemicolon {
        /// Whether the configuration asks for the backslash; if not, other semicolons of the file have one.
        is_configured: bool,
    },
    /// The file is in UTF-16, or holds NUL bytes: no server can read it.
    NotText,
    /// A CRLF inside parentheses.
    CrlfInParentheses,
    /// A marker of a template.
    Template,
    /// `$INCLUDE` of a file that is not there.
    IncludeMissing,
    /// `$INCLUDE` of a file that lies outside of the repository.
    IncludeOutside,
    /// `$INCLUDE` of a file that is being read already, or too deep.
    IncludeCycle,
    /// A malformed `$GENERATE`; `unquoted` is its data, if that is several words and nothing else is wrong.
    GenerateInvalid {
        /// The data, from its first word to its last.
        unquoted: Option<Span>,
    },
    /// `$GENERATE` with more records than are expanded.
    GenerateTooLarge,
    /// A `$GENERATE`, which some servers lack.
    Generate,
    /// `$ORIGIN` without a final dot.
    OriginRelative {
        /// Whether the result ends in the zone's name twice.
        doubled: bool,
    },
    /// A relative name where nothing tells the origin.
    OriginUnknown,
    /// A record without an owner, before there is one.
    NoOwner,
    /// A record without an owner, first after `$ORIGIN` or `$INCLUDE`: it has the owner from before.
    InheritedAfterOrigin {
        /// That owner.
        owner: Name,
    },
    /// An owner that looks like a class, a TTL or a type.
    OwnerLooksLikeField {
        /// Whether the entry is a record all the same.
        is_record: bool,
    },
    /// An owner that is not in the zone, or an origin that makes owners so.
    OutOfZone {
        /// The owner, or the origin.
        name: Name,
        /// The zone.
        zone: Name,
    },
    /// An MX record whose host is nothing, or is written otherwise than the root that was meant.
    NoHost,
    /// A label over 63 bytes.
    LabelTooLong,
    /// A name over 255 bytes.
    NameTooLong,
    /// Two dots in a row, or a dot at the start.
    EmptyLabel,
    /// A name in quotes.
    QuotedName {
        /// Whether it is an owner; else it stands in data.
        owner: bool,
    },
    /// A TTL over 2147483647.
    TtlTooLarge,
    /// A record without any TTL.
    TtlMissing,
    /// The first record whose TTL comes from a record before, in a file without `$TTL`.
    TtlInherited,
    /// A TTL or class behind the type.
    TtlAfterType,
    /// A line of JSON Lines that is no record, or only a part of one.
    LineInvalid(LineProblem),
    /// Something that refers to itself, by way of others or at once: what it is called.
    ReferenceCycle(String),
    /// Something that is too much to be computed.
    TooMuch(TooMuch),
}

/// What is too much to be computed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TooMuch {
    /// A loop over so many elements.
    Elements(usize),
    /// A call of a module, behind many others.
    Calls,
    /// An expression, behind many others.
    Steps,
}

/// What is wrong with record data.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RdataProblem {
    /// There is none, or too little.
    Missing,
    /// There is more than the type has.
    Superfluous,
    /// A part of it has the wrong form.
    Malformed,
}

/// Where the parts of an entry are written, for [`Record::new`].
#[derive(Clone, Copy, Default, Debug)]
pub struct Parts {
    /// The owner: bytes from the start of the file. Empty where it is not written.
    pub owner: (u32, u16),
    /// The TTL: bytes from the start of the file. Empty where it is not written.
    pub ttl: (u32, u8),
}

impl Record {
    /// A record written at `span`; `parts` are in the same file.
    pub fn new(owner: Name, written: Written, ttl: Option<u32>, data: Data, span: Span, parts: Parts) -> Record {
        Record {
            owner,
            data,
            span,
            seconds: ttl.unwrap_or_default(),
            has_ttl: ttl.is_some(),
            owner_at: parts.owner.0,
            ttl_at: parts.ttl.0,
            owner_len: parts.owner.1,
            ttl_len: parts.ttl.1,
            written,
            many: false,
            loads: true,
        }
    }

    /// Whether the file tells all of the owner and of the text, if the record has one.
    pub fn is_known(&self) -> bool {
        self.owner.is_known() && self.txt().is_none_or(|txt| txt.text.is_complete())
    }

    /// Whether it is at a known name, and a server would load it.
    pub fn is_published(&self) -> bool {
        self.loads && self.owner.is_known()
    }

    /// Where the owner is written; the start of the entry if it is inherited.
    pub fn owner_span(&self) -> Span {
        if self.owner_len == 0 {
            return self.span.start();
        }
        Span {
            source: self.span.source,
            start: self.owner_at,
            end: self.owner_at + u32::from(self.owner_len),
        }
    }

    /// Its TTL in seconds, if the file tells it: its own or an inherited one. Saturates at 4294967295.
    pub fn ttl(&self) -> Option<u32> {
        self.has_ttl.then_some(self.seconds)
    }

    /// Where the TTL is written; `None` if it is inherited.
    pub fn ttl_span(&self) -> Option<Span> {
        (self.ttl_len > 0).then(|| Span {
            source: self.span.source,
            start: self.ttl_at,
            end: self.ttl_at + u32::from(self.ttl_len),
        })
    }

    /// The text, if this is a TXT record.
    pub fn txt(&self) -> Option<&Txt> {
        match &self.data {
            Data::Txt(txt) => Some(txt),
            _ => None,
        }
    }

    /// The name that the data points to, if it does to one.
    pub fn target(&self) -> Option<&Target> {
        match &self.data {
            Data::Mx(mx) => Some(&mx.host),
            Data::Srv(srv) => Some(&srv.host),
            Data::Cname(target) | Data::Dname(target) | Data::Ns(target) | Data::Ptr(target) => Some(target),
            _ => None,
        }
    }
}

impl Txt {
    /// The character-strings, as ranges of the text.
    pub fn strings(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        let one = self.strings.is_empty().then(|| 0..self.text.len());
        one.into_iter().chain(
            self.strings
                .iter()
                .map(|string| string.start as usize..string.end as usize),
        )
    }

    /// Where the literal with this number is written, with its quotes.
    pub fn literal_span(&self, index: usize) -> Option<Span> {
        let (_, inside, spelling) = self.text.literal(index)?;
        Some(match spelling {
            Spelling::ZoneQuoted => Span {
                start: inside.start.saturating_sub(1),
                end: inside.end + 1,
                ..inside
            },
            _ => inside,
        })
    }
}

impl Data {
    /// The type in capitals; `None` where only the file tells how it is written, or nothing does.
    pub fn kind(&self) -> Option<&'static str> {
        Some(match self {
            Data::Txt(txt) if txt.type99 => "SPF",
            Data::Txt(_) => "TXT",
            Data::Mx(_) => "MX",
            Data::Cname(_) => "CNAME",
            Data::Dname(_) => "DNAME",
            Data::Ns(_) => "NS",
            Data::Ptr(_) => "PTR",
            Data::Srv(_) => "SRV",
            Data::Soa(_) => "SOA",
            Data::A(_) => "A",
            Data::Aaaa(_) => "AAAA",
            Data::Tlsa(_) => "TLSA",
            Data::Other(_) | Data::Unknown => return None,
        })
    }
}

impl Other {
    /// Where the type is written.
    pub fn kind_span(&self, record: &Record) -> Span {
        Span {
            source: record.span.source,
            start: self.kind_at,
            end: self.kind_at + u32::from(self.kind_len),
        }
    }

    /// Where the data is written.
    pub fn data_span(&self, record: &Record) -> Span {
        Span {
            start: self.data_at.min(record.span.end),
            ..record.span
        }
    }
}

impl Scan {
    /// Whether it was read from a zone file, in the notation of RFC 1035.
    pub fn is_zone_file(&self) -> bool {
        self.format == "zone"
    }

    /// The zone that a name lies in: the one with the longest origin above it.
    pub fn zone_of(&self, name: &Name) -> Option<&Zone> {
        // By far the most files are read for one zone.
        if let [zone] = &self.zones[..] {
            return name.is_within(&zone.origin).then_some(zone);
        }
        let number = self.by_owner().zone_of(&self.zones, name)?;
        self.zones.get(number)
    }

    /// The records by their owner, sorted when they are first asked for, which is when all of them are read.
    pub fn by_owner(&self) -> &ByOwner {
        self.sorted.get_or_init(|| ByOwner::new(&self.records, &self.zones))
    }

    /// The records that a name owns, those that are not published last; else in the order of the file.
    pub fn at(&self, name: &Name) -> impl Iterator<Item = &Record> {
        let by_owner = self.by_owner();
        let groups = by_owner.all(&self.records, name.key(), || name.clone()).iter();
        let numbers = groups.flat_map(|group| by_owner.group_at(group.number()));
        numbers.map(|number| &self.records[number])
    }

    /// The groups of published records that the name with this key owns, in the order of the file.
    pub fn published_at(&self, key: u64, name: impl FnOnce() -> Name) -> &[Entry] {
        self.by_owner().published(&self.records, key, name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Data, Record};

    #[test]
    fn a_record_stays_small() {
        assert!(size_of::<Data>() <= 16, "{}", size_of::<Data>());
        assert!(size_of::<Record>() <= 64, "{}", size_of::<Record>());
    }
}
