//! Sets of records.

/// A set of the records of a scan, by their numbers: a bit for each.
#[derive(Clone, Default, Debug)]
pub struct Numbers(Vec<u64>);

impl Numbers {
    /// Adds a record.
    pub fn add(&mut self, number: usize) {
        let word = number / 64;
        if self.0.len() <= word {
            self.0.resize(word + 1, 0);
        }
        self.0[word] |= 1 << (number % 64);
    }

    /// Whether a record is in it.
    pub fn has(&self, number: usize) -> bool {
        self.0
            .get(number / 64)
            .is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    /// Whether no record is in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
