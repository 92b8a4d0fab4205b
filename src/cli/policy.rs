//! The command `policy`.

use crate::{
    cli::{
        Failure,
        args::{PolicyArgs, PolicyFormat},
        is_ci_log,
        load::{load, request, settings},
        on_threads, print,
    },
    mail_domain,
    name::Name,
    policy_view::{self, Showing},
    punycode, run, walk,
    zones::Zones,
};

/// Shows what receivers do with mail from a domain. A domain that the repository does not tell of is an answer like any other.
pub(super) fn policy(args: &PolicyArgs) -> Result<u8, Failure> {
    let name = domain(&args.domain)?;
    on_threads(args.read.threads, || {
        let mut request = request(&args.read)?;
        settings(&args.read, &mut request)?;
        let (loaded, failed) = load(&args.read, &mut request)?;
        let scans = run::read(&loaded.sources, &loaded.formats);
        let zones = Zones::new(&loaded.sources, &scans);
        let told = mail_domain::of(&name, &zones, &loaded.sources);
        let showing = Showing {
            sources: &loaded.sources,
            shown_path: &|path| walk::shown_path(&loaded.root, path),
            hostile_log: is_ci_log(),
        };
        print(|to| match args.format {
            PolicyFormat::Text => policy_view::text(&name, &told, &showing, to),
            PolicyFormat::Json => policy_view::json(&name, &told, &showing, to),
        })?;
        Ok(if failed { 2 } else { 0 })
    })?
}

/// The domain that is meant: with or without a final dot, in letters of whatever case and language.
fn domain(written: &str) -> Result<Name, Failure> {
    let refuse = |why: &str| Failure(format!("`{written}` is no domain: {why}"));
    if written.contains('@') {
        return Err(refuse("name what follows the `@` alone"));
    }
    let lower = written.to_lowercase();
    let labels = lower.split('.').map(|label| match label.is_ascii() {
        true => Ok(label.to_string()),
        false => punycode::to_ascii(label).ok_or_else(|| refuse("write it as DNS has it, with `xn--`")),
    });
    let ascii = labels.collect::<Result<Vec<String>, Failure>>()?.join(".");
    let name =
        Name::parse(&ascii).ok_or_else(|| refuse("a label is empty or longer than 63 bytes, or all of it than 253"))?;
    match name.starts_with("_dmarc") && name.label_count() > 1 {
        true => Ok(name.skip(1)),
        false => Ok(name),
    }
}
