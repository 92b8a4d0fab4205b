//! What a resolver would be answered.

use crate::{
    name::Name,
    zones::{
        Node, Zones,
        source::{Question, Word},
    },
};

/// What is asked of a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// TXT records.
    Txt,
    /// MX records.
    Mx,
    /// A records, or what a server answers as such.
    A,
    /// A or AAAA records, or what a server answers as such.
    Address,
    /// TLSA records.
    Tlsa,
    /// A CNAME record, which is then not followed.
    Cname,
    /// Records of whatever type. CNAME and NS records are such, and not followed: this asks what stands at the name itself.
    Any,
}

/// What the repository tells of what a resolver would be answered.
#[derive(Clone, Copy, Debug)]
pub enum Answer<'a> {
    /// The records at this name are the answer, those of the wanted type among them: at least one that is there for sure.
    /// The name is another one than that asked for where a CNAME, a DNAME or a wildcard leads to it.
    Found(Node<'a>),
    /// A zone that is stated whole has no such record, and nothing in it could answer in its stead. The name may exist.
    Absent,
    /// Nobody here can say.
    Unknown,
}

/// How many CNAME and DNAME records are followed; resolvers follow no more.
pub(super) const ALIASES_MAX: usize = 16;

impl<'a> Answer<'a> {
    /// The records that are the answer, if there are any.
    pub fn found(self) -> Option<Node<'a>> {
        match self {
            Answer::Found(node) => Some(node),
            Answer::Absent | Answer::Unknown => None,
        }
    }

    /// Whether there is no such record for sure.
    pub fn is_absent(&self) -> bool {
        matches!(self, Answer::Absent)
    }
}

impl<'a> Node<'a> {
    /// What a resolver that asks for `name` would be answered, seen from here: CNAME and DNAME records are followed and
    /// wildcards applied.
    pub fn ask(&self, name: &Name, wanted: Wanted) -> Answer<'a> {
        self.zones.answer(self.number, name, wanted)
    }
}

impl<'a> Zones<'a> {
    /// The answer as seen from the scan with this number.
    pub(super) fn answer(&'a self, from: u32, name: &Name, wanted: Wanted) -> Answer<'a> {
        if !name.is_known() || self.only.is_some_and(|only| only != name) {
            return Answer::Unknown;
        }
        let mut name = name.clone();
        for _ in 0..ALIASES_MAX {
            match self.say(from, &Question::new(&name, wanted)) {
                Word::Found(node) => return Answer::Found(node),
                Word::Lacks => return Answer::Absent,
                Word::Delegated | Word::Unsure => return Answer::Unknown,
                Word::Elsewhere(target) if !target.is_known() => return Answer::Unknown,
                Word::Elsewhere(target) => name = target,
            }
        }
        Answer::Unknown
    }
}
