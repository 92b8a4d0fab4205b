//! Writing the owner of a record anew.

use crate::{
    name::Name,
    record::{Record, Written},
    rule::Findings,
    span::Span,
    text::Edit,
    zones::{Answer, Node, Wanted},
};

/// Where the owner of a record is written; all of the record where only the file's name, or a record before, tells it.
pub(super) fn place(record: &Record) -> Span {
    Some(record.owner_span())
        .filter(|span| !span.is_empty())
        .unwrap_or(record.span)
}

/// The edit that writes the owner anew, as `change` makes it of what is written. `None` where it is not written as a name,
/// where other records share it, or where the new name has records already.
pub(super) fn rewrite(
    node: &Node<'_>,
    record: &Record,
    new: &Name,
    findings: &Findings<'_>,
    change: impl FnOnce(&str) -> Option<String>,
) -> Option<Vec<Edit>> {
    let next = node.followed().find(|(other, _)| std::ptr::eq(*other, record))?.1;
    let is_shared = next.is_some_and(|next| next.written == Written::Inherited) || record.written == Written::Inherited;
    let is_taken = node.scan.at(new).next().is_some() || matches!(node.ask(new, Wanted::Txt), Answer::Found(_));
    if is_shared || is_taken {
        return None;
    }
    let span = record.owner_span();
    let written = std::str::from_utf8(findings.source(span)).ok()?;
    // Escapes and quotes hide where labels end; and what is written may only stand for the name.
    let is_itself = written == "@" || record.owner.to_string().starts_with(written.trim_end_matches('.'));
    if written.is_empty() || written.contains(['\\', '"', '{', '$', '%']) || !is_itself {
        return None;
    }
    change(written).map(|new| vec![Edit { span, new }])
}

/// The edit that writes another name for the owner, completed with the same origin as the one before. `None` where it cannot
/// be.
pub(super) fn rename(node: &Node<'_>, record: &Record, new: &Name, findings: &Findings<'_>) -> Option<Vec<Edit>> {
    rewrite(node, record, new, findings, |written| {
        let own = match written {
            "@" => 0,
            _ => written.trim_end_matches('.').split('.').count(),
        };
        let origin = record.owner.skip(own);
        let kept = new.label_count().checked_sub(origin.label_count())?;
        let labels = new.labels().take(kept);
        let labels: Vec<&str> = labels
            .map(|label| std::str::from_utf8(label?).ok())
            .collect::<Option<_>>()?;
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let dot = if written.ends_with('.') { "." } else { "" };
        (new.is_within(&origin) && !labels.is_empty() && labels.iter().all(|label| label.bytes().all(is_plain)))
            .then(|| format!("{}{dot}", labels.join(".")))
    })
}
