//! What a repair changes, as lines before and after.

use annotate_snippets::{Group, Level, Patch, Renderer, Snippet};

use crate::{
    diagnostic::{Fix, Safety},
    report::{frame::Block, harmless, window::Window},
    reported::Report,
    source::Source,
    span::SourceId,
    text::Edit,
};

/// How many lines that are changed are drawn.
const MANY: usize = 10;
/// New text longer than this is drawn by its start and its end.
const LONG: usize = 110;

/// Draws what `fix` changes. Another file than `shown` gets a header.
pub(super) fn draw(report: &Report<'_>, renderer: &Renderer, fix: &Fix, shown: SourceId, blocks: &mut Vec<Block>) {
    let mut title = harmless::line(&fix.title, report.hostile_log);
    if fix.safety == Safety::Unsafe {
        title.push_str(" (changes how mail is treated)");
    }
    let title = Level::HELP.secondary_title(title);
    blocks.push(Block::Title(renderer.render(&[Group::with_title(title)])));
    let hunks = hunks(report, fix);
    let mut last = shown;
    for (source, edits) in hunks.iter().take(MANY) {
        if source.id != last {
            last = source.id;
            blocks.push(Block::Header("-->", harmless::place(report, edits[0].span)));
        }
        let snippet = changed(report, source, edits);
        let lines = renderer.render(&[Group::with_level(Level::HELP).element(snippet)]);
        blocks.push(Block::Lines(harmless::joined(
            without_last_margin(&lines),
            report.hostile_log,
        )));
    }
    if let Some(more) = hunks.len().checked_sub(MANY).filter(|more| *more > 0) {
        let places = if more == 1 { "place" } else { "places" };
        blocks.push(Block::Note("note", format!("changes {more} more {places}")));
    }
}

/// The edits by the lines they are in, in order.
fn hunks<'a>(report: &Report<'a>, fix: &'a Fix) -> Vec<(&'a Source, Vec<&'a Edit>)> {
    let mut edits: Vec<&Edit> = fix.edits.iter().collect();
    edits.sort_by_key(|edit| edit.span);
    let mut hunks: Vec<(&Source, Vec<&Edit>)> = Vec::new();
    for edit in edits {
        let source = report.sources.get(edit.span.source);
        let line = source.position(edit.span.start as usize).line;
        let touches = |(other, edits): &&mut (&Source, Vec<&Edit>)| {
            let end = edits.last().map_or(0, |edit| edit.span.end as usize);
            other.id == source.id && other.position(end).line >= line
        };
        match hunks.last_mut().filter(touches) {
            Some((_, edits)) => edits.push(edit),
            None => hunks.push((source, vec![edit])),
        }
    }
    hunks
}

fn changed<'a>(report: &Report<'_>, source: &Source, edits: &[&Edit]) -> Snippet<'a, Patch<'a>> {
    let places: Vec<_> = edits.iter().map(|edit| edit.span.range()).collect();
    let window = Window::new(source, &places, report.hostile_log);
    let patches: Vec<_> = edits
        .iter()
        .zip(&places)
        .map(|(edit, place)| Patch::new(window.place(place), new_text(&edit.new, report.hostile_log)))
        .collect();
    Snippet::source(window.text)
        .line_start(window.first_line)
        .patches(patches)
}

/// New text as it is drawn, line by line.
fn new_text(new: &str, breaking: bool) -> String {
    let lines: Vec<String> = new
        .split('\n')
        .map(|line| {
            let line = harmless::line(line.strip_suffix('\r').unwrap_or(line), breaking);
            let count = line.chars().count();
            if count <= LONG {
                return line;
            }
            let (start, end) = (line.chars().take(LONG / 2), line.chars().skip(count - LONG / 2));
            start.chain(['…']).chain(end).collect()
        })
        .collect();
    lines.join("\n")
}

/// Lines without the margin below them.
fn without_last_margin(lines: &str) -> &str {
    match (lines.lines().next(), lines.rsplit_once('\n')) {
        (Some(first), Some((rest, last))) if first == last => rest,
        _ => lines,
    }
}
