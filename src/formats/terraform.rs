//! Terraform and OpenTofu: resources that declare records, in modules.
//!
//! A module is a folder, and is read as one: values are traced to where they are written, through variables, locals, loops
//! and calls of other modules of the repository, and whatever cannot be known is a hole. Modules that are called are read
//! with those that call them, once for each root.
//!
//! A file is only parsed if it tells of mail, or may declare records, in a module that does, or if it holds a name that is
//! asked for.

mod calls;
mod data;
mod eval;
mod folders;
mod frame;
mod functions;
mod instances;
mod module;
mod names;
mod operators;
mod pattern;
mod records;
mod registry;
mod resources;
mod sink;
mod texts;
mod value;
mod zones;

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

pub use self::folders::is_module_file;
pub(super) use self::folders::survey;
use crate::{
    format::Format,
    formats::terraform::{calls::source_folder, eval::Evaluator, frame::Frame, module::Modules},
    name::Name,
    record::{Fault, FaultKind, Record, Scan},
    source::{Source, Sources},
    span::SourceId,
    syntax::hcl,
};

/// Files of Terraform and OpenTofu.
pub static FORMAT: Format = Format {
    name: "terraform",
    claims,
    read,
    comments: hcl::comments,
    lines_apart: false,
    parts,
    looks_at,
};

fn claims(source: &Source) -> bool {
    is_module_file(&source.path) && (folders::tells(source) || !folders::calls(source).is_empty())
}

/// Whether a file is of a module that leads to records of mail.
pub fn matters(source: &Source, sources: &Sources) -> bool {
    sources.mail_modules.contains(source.folder())
}

/// The other files of the module, and those of the modules that it calls.
fn parts(source: &Source, sources: &Sources) -> Vec<SourceId> {
    let mut parts = Vec::new();
    for folder in reached(source.folder(), sources) {
        parts.extend(folders::files(sources, &folder).into_iter().map(|file| file.id));
    }
    parts.retain(|part| *part != source.id);
    parts
}

/// A module's folder and those of all modules that it calls, by way of others, too.
fn reached(folder: &str, sources: &Sources) -> Vec<String> {
    let mut reached = BTreeSet::new();
    let mut open = vec![folder.to_string()];
    while let Some(folder) = open.pop() {
        if reached.insert(folder.clone()) {
            open.extend(sources.modules.get(&folder).into_iter().flatten().cloned());
        }
    }
    reached.into_iter().collect()
}

fn looks_at(source: &Source) -> Vec<String> {
    let mut paths = vec![folders::glob(source.folder())];
    paths.extend(folders::calls(source).iter().map(|folder| folders::glob(folder)));
    paths.extend(folders::files_read(source));
    paths
}

fn read(source: &Source, sources: &Sources) -> Scan {
    let mut scan = Scan {
        format: FORMAT.name,
        ..Scan::default()
    };
    let folders = reached(source.folder(), sources);
    let modules = Modules::new(sources, &folders);
    let evaluator = Evaluator::new(&modules);
    if let Some(root) = modules.get(source.folder()) {
        let frame = Frame::new(root, Vec::new(), None, false);
        evaluator.keep(&frame);
        walk(&evaluator, &frame, &mut scan);
    }
    set_apart(&mut scan, sources);
    scan.faults.append(&mut evaluator.faults.take());
    for error in modules.errors() {
        let kind = match &error.message {
            Some(message) => FaultKind::Malformed(message.clone()),
            None => FaultKind::NotUtf8,
        };
        scan.faults.push(Fault { span: error.span, kind });
    }
    scan
}

/// Marks the texts at names that resources of several providers have: those are copies of a zone, and do not count together.
fn set_apart(scan: &mut Scan, sources: &Sources) {
    let provider = |record: &Record| {
        let head = sources.bytes(record.txt()?.maker?.head);
        let kind = head.split(|byte| *byte == b'"').nth(1)?;
        Some(kind.split(|byte| *byte == b'_').next()?.to_vec())
    };
    let providers: Vec<Option<Vec<u8>>> = scan.records.iter().map(provider).collect();
    let mut first: BTreeMap<&Name, &Vec<u8>> = BTreeMap::new();
    let mut apart: BTreeSet<Name> = BTreeSet::new();
    for (record, provider) in scan.records.iter().zip(&providers) {
        let Some(provider) = provider else { continue };
        if *first.entry(&record.owner).or_insert(provider) != provider {
            apart.insert(record.owner.clone());
        }
    }
    if apart.is_empty() {
        return;
    }
    for (record, provider) in scan.records.iter_mut().zip(providers) {
        record.many |= provider.is_some() && apart.contains(&record.owner);
    }
}

/// The records of a module, and of those that it calls.
fn walk<'f>(evaluator: &Evaluator<'f>, frame: &Rc<Frame<'f>>, scan: &mut Scan) {
    let module: &'f module::Module<'f> = frame.module;
    for file in module.telling() {
        for block in &file.tree().body.blocks {
            match block.kind.as_str() {
                "resource" => evaluator.resource(block, frame, scan),
                "module" => {
                    let is_here = source_folder(block, frame).is_some();
                    for instance in evaluator.instances(block, frame) {
                        match evaluator.call(block, frame, &instance) {
                            Some(called) => walk(evaluator, &called, scan),
                            None if !is_here => evaluator.arguments(block, frame, &instance, scan),
                            None => {}
                        }
                    }
                }
                _ => {}
            }
        }
    }
}
