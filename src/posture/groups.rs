//! Domains of which there may be hundreds alike, a line for all that stand alike.

use crate::{
    diagnostic::Severity,
    posture::{Kind, Posture, Row, Standing, cells},
};

/// Domains of a kind that stand alike.
pub(super) struct Group {
    pub(super) standing: Standing,
    pub(super) number: usize,
    /// The names of the first, with the rule of an error where there is one.
    pub(super) names: Vec<(String, Option<&'static str>)>,
}

/// The domains of a kind by their standing.
pub(super) fn of(posture: &Posture<'_>, kind: Kind) -> Vec<Group> {
    /// How many are named.
    const NAMED: usize = 5;
    let rows: Vec<&Row<'_>> = posture.of_kind(kind).collect();
    let groups = rows.chunk_by(|a, b| a.standing == b.standing).map(|alike| Group {
        standing: alike[0].standing,
        number: alike.len(),
        names: alike
            .iter()
            .take(NAMED)
            .map(|row| (cells::name(row), error(row)))
            .collect(),
    });
    groups.collect()
}

fn error(row: &Row<'_>) -> Option<&'static str> {
    let worst = row.worst.filter(|worst| worst.severity == Severity::Error)?;
    Some(worst.rule)
}

impl Group {
    /// How many are not named, in words.
    pub(super) fn more(&self) -> Option<String> {
        let more = self.number - self.names.len();
        (more > 0).then(|| format!("and {more} more"))
    }
}
