//! The name that was meant.

/// How much alike two names must be, from 0 to 1, for one to be meant by the other.
const ALIKE: f64 = 0.8;

/// The name that is most like `name`; `None` if none is much like it.
pub fn nearest<'a>(name: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let likeness = |other: &'a str| (strsim::jaro_winkler(name, other), other);
    let (most, near) = names.into_iter().map(likeness).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (most > ALIKE).then_some(near)
}
