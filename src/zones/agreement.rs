//! What several sources say together of a name.

use crate::{
    record::{Data, Zone},
    zones::{
        Node, Wanted, Zones,
        source::{Question, Word},
        views::{Which, Witness},
    },
};

/// What the sources of one view, or of several, say of a name.
#[derive(Debug)]
struct Said<'a> {
    /// `None` if nobody has anything to say.
    word: Option<Word<'a>>,
    /// How many labels the origin of the zone has that says it; `None` where only fragments do, which have no SOA.
    depth: Option<usize>,
    /// How many labels the longest origin of a fragment has that lacks the record.
    fragment: usize,
}

impl<'a> Zones<'a> {
    /// What is said of a name, seen from the scan with this number. Aliases are not followed.
    pub(super) fn say(&'a self, from: u32, question: &Question<'_>) -> Word<'a> {
        let views = self.views();
        let Some(&view) = views.of.get(from as usize) else {
            return Word::Unsure;
        };
        let Some(own) = views.witnesses(self, question, Which::Only(view)) else {
            return Word::Unsure;
        };
        let own = self.in_view(&own, Some(from), question);
        if let Some(word @ (Word::Found(_) | Word::Elsewhere(_) | Word::Unsure)) = own.word {
            return word;
        }
        let others = match views.are_several {
            true => views.witnesses(self, question, Which::AllBut(view)),
            false => Some(Vec::new()),
        };
        let Some(mut others) = others else {
            return Word::Unsure;
        };
        // Of a zone that the own view has, others do not know better; but one of them may hold a zone below it.
        others.retain(|other| {
            let is_zone = self.zone_of(other).is_some_and(|zone| zone.has_soa);
            !is_zone || own.depth.is_none_or(|depth| other.depth > depth)
        });
        let others = self.in_views(&others, question);
        let fragment = own.fragment.max(others.fragment);
        let (word, depth) = match (own.word, others.word) {
            (Some(Word::Lacks), None) => (Word::Lacks, own.depth),
            // A fragment that lies in another folder belongs to the own zone, or not.
            (Some(_), Some(_)) if others.depth.is_none() => (Word::Unsure, None),
            (_, Some(word)) => (word, others.depth),
            (_, None) => (Word::Unsure, None),
        };
        match word {
            // The fragment may be all that is here of a zone below the one that is whole.
            Word::Lacks if depth.is_none_or(|depth| fragment > depth) => Word::Unsure,
            word => word,
        }
    }

    /// What the views say together; the witnesses are sorted by view.
    fn in_views(&'a self, witnesses: &[Witness], question: &Question<'_>) -> Said<'a> {
        let views = witnesses.chunk_by(|a, b| a.view == b.view);
        let mut all: Vec<Said<'a>> = views.map(|view| self.in_view(view, None, question)).collect();
        let depth = all.iter().filter_map(|said| said.depth).max();
        let fragment = all.iter().map(|said| said.fragment).max().unwrap_or_default();
        // A zone that has another one below it cannot tell of that.
        all.retain(|said| said.depth == depth || !matches!(said.word, None | Some(Word::Lacks | Word::Delegated)));
        let words = all.into_iter().filter_map(|said| said.word);
        Said {
            word: together(words, question.wanted),
            depth,
            fragment,
        }
    }

    /// What the sources of a view say together. Of two files that hold the same zone, the one with number `own` counts.
    fn in_view(&'a self, witnesses: &[Witness], own: Option<u32>, question: &Question<'_>) -> Said<'a> {
        let zone = |witness: &Witness| self.zone_of(witness).filter(|zone| zone.has_soa);
        let zones = || witnesses.iter().filter_map(|witness| Some((witness, zone(witness)?)));
        let depth = zones().map(|(witness, _)| witness.depth).max();
        let nearest = || zones().filter(|(witness, _)| Some(witness.depth) == depth);
        let is_own = |(witness, _): &(&Witness, &Zone)| Some(witness.scan) == own;
        let has_own = nearest().any(|zone| is_own(&zone));
        let fragments = || witnesses.iter().filter(|witness| zone(witness).is_none());
        let is_alone = fragments().next().is_none();
        let words = nearest()
            .filter(|zone| !has_own || is_own(zone))
            .map(|(witness, zone)| self.zone_says(witness.scan, zone, is_alone, question));
        let word = together(words, question.wanted);
        let mut fragment = 0;
        let mut added = Vec::new();
        for witness in fragments() {
            match self.fragment_says(witness.scan, question) {
                Word::Lacks => fragment = fragment.max(witness.depth),
                word => added.push(word),
            }
        }
        let word = match (word, added.is_empty()) {
            (word, true) => word,
            (None | Some(Word::Lacks), false) => together(added, question.wanted),
            (Some(word), false) => together(std::iter::once(word).chain(added), question.wanted),
        };
        Said { word, depth, fragment }
    }

    /// The zone that a witness has for the name.
    fn zone_of(&'a self, witness: &Witness) -> Option<&'a Zone> {
        self.scans[witness.scan as usize].zones.get(witness.zone? as usize)
    }
}

/// What all say if they say the same. `None` if there are none.
fn together<'a>(words: impl IntoIterator<Item = Word<'a>>, wanted: Wanted) -> Option<Word<'a>> {
    let mut words = words.into_iter();
    let first = words.next()?;
    let agree = words.all(|word| match (&first, &word) {
        (Word::Found(a), Word::Found(b)) => say_the_same(a, b, wanted),
        (Word::Elsewhere(a), Word::Elsewhere(b)) => a == b,
        (Word::Lacks, Word::Lacks) | (Word::Delegated, Word::Delegated) => true,
        _ => false,
    });
    Some(if agree { first } else { Word::Unsure })
}

/// Whether two answers hold the same records.
fn say_the_same(a: &Node<'_>, b: &Node<'_>, wanted: Wanted) -> bool {
    match (values(a, wanted), values(b, wanted)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    }
}

/// The data of the records that are the answer, in an order of their own. `None` if the repository does not tell all of it.
fn values(node: &Node<'_>, wanted: Wanted) -> Option<Vec<(u16, Vec<u8>)>> {
    let mut values = Vec::new();
    for record in node.records() {
        values.push(match (&record.data, wanted) {
            (_, Wanted::Any) => return Some(Vec::new()),
            (Data::Txt(txt), Wanted::Txt) if txt.type99 => continue,
            (Data::Txt(txt), Wanted::Txt) => (0, txt.text.is_complete().then(|| txt.text.bytes().to_vec())?),
            (Data::Mx(mx), Wanted::Mx) => {
                let host = mx.host.name.to_string().to_ascii_lowercase();
                (mx.preference, mx.host.name.is_known().then(|| host.into_bytes())?)
            }
            (Data::Cname(target), Wanted::Cname) => {
                let target = target.name.to_string().to_ascii_lowercase();
                (0, target.into_bytes())
            }
            (Data::Tlsa(tlsa), Wanted::Tlsa) => {
                let parts = tlsa.fields.iter().chain([&tlsa.digits]);
                (0, parts.flat_map(|part| [part.bytes(), b" "].concat()).collect())
            }
            (Data::A(address), Wanted::A | Wanted::Address) => (4, address.octets().to_vec()),
            (Data::Aaaa(address), Wanted::Address) => (6, address.octets().to_vec()),
            // Some servers compute the answer from what else is there.
            (Data::Other(_) | Data::Unknown, _) => return None,
            _ => continue,
        });
    }
    values.sort();
    values.dedup();
    Some(values)
}
