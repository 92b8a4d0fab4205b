//! Path patterns of hosts, and whether they cover the path of the policy.

use crate::hosting::site::PATH;

/// How a host writes patterns. All have `:name` for one segment but Azure, which never starts one with a colon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Syntax {
    /// Netlify, Cloudflare, Azure: a `*` at the end stands for all that follows.
    Splat,
    /// Firebase: `**` stands for any number of segments, `*` for one.
    Glob,
    /// Vercel: `(.*)`, `:name*` and `:name(.*)` stand for all that follows.
    Expression,
}

/// The part of the policy's path that the final wildcard of a pattern stands for, empty without one; `None` if the pattern
/// does not surely cover the path.
pub fn covers(pattern: &str, syntax: Syntax) -> Option<&'static str> {
    let pattern = pattern.strip_prefix('/').unwrap_or(pattern);
    let mut rest = PATH;
    let mut segments = pattern.split('/').peekable();
    while let Some(segment) = segments.next() {
        let is_last = segments.peek().is_none();
        if is_last && takes_all(segment, syntax) {
            return Some(rest);
        }
        if is_last
            && syntax == Syntax::Splat
            && let Some(prefix) = segment.strip_suffix('*')
            && is_literal(prefix)
        {
            return rest.strip_prefix(prefix);
        }
        let (first, after) = rest.split_once('/').unwrap_or((rest, ""));
        if segment != first && !takes_one(segment, syntax) {
            return None;
        }
        if is_last {
            return after.is_empty().then_some("");
        }
        rest = Some(after).filter(|after| !after.is_empty())?;
    }
    None
}

/// What a rewrite makes of the policy's path: the target with what a wildcard stood for, without its first slash.
pub fn fill(target: &str, rest: &str) -> String {
    let mut path = target.to_string();
    for name in [":splat", "$1", ":path*", ":rest*", ":path", ":rest"] {
        path = path.replace(name, rest);
    }
    path.trim_start_matches('/').to_string()
}

fn takes_all(segment: &str, syntax: Syntax) -> bool {
    match syntax {
        Syntax::Splat => segment == "*",
        Syntax::Glob => segment == "**" || segment.strip_suffix('*').is_some_and(is_name),
        Syntax::Expression => {
            let name = segment.strip_suffix("(.*)").or(segment.strip_suffix('*'));
            segment == "(.*)" || name.is_some_and(is_name)
        }
    }
}

fn takes_one(segment: &str, syntax: Syntax) -> bool {
    is_name(segment) || syntax == Syntax::Glob && segment == "*"
}

/// `:name`.
fn is_name(segment: &str) -> bool {
    segment
        .strip_prefix(':')
        .is_some_and(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_'))
}

fn is_literal(text: &str) -> bool {
    !text.contains([':', '*', '(', '{'])
}
