//! Modules: the files of a folder, of which only those are parsed that matter.

use std::{
    cell::{Cell, OnceCell},
    collections::BTreeMap,
};

use crate::{
    formats::terraform::{folders, resources},
    source::{Source, Sources},
    syntax::hcl::{self, Block, Expr, Tree},
};

/// After so many searches for names in files that are not parsed, all are.
const SEARCHES: usize = 64;

/// All modules that may take part, by folder.
pub(super) struct Modules<'a> {
    pub(super) sources: &'a Sources,
    all: BTreeMap<String, Module<'a>>,
    /// The files as templates, by their number.
    templates: Vec<OnceCell<Expr>>,
}

/// The files of a folder.
pub(super) struct Module<'a> {
    pub(super) folder: String,
    files: Vec<File<'a>>,
    /// Values of variables, from files that are loaded by themselves in the order of their loading; and from others.
    pub(super) values: [Vec<File<'a>>; 2],
    searches: Cell<usize>,
}

/// A file of a module.
pub(super) struct File<'a> {
    pub(super) source: &'a Source,
    read: OnceCell<Read>,
}

#[derive(Debug)]
struct Read {
    tree: Tree,
    /// The numbers of the blocks, by kind and labels.
    blocks: BTreeMap<(String, Vec<String>), usize>,
    /// Which of the blocks with locals, and which attribute there.
    locals: BTreeMap<String, (usize, usize)>,
}

impl<'a> Modules<'a> {
    /// The modules in these folders.
    pub(super) fn new(sources: &'a Sources, folders: &[String]) -> Modules<'a> {
        let module = |folder: &String| (folder.clone(), Module::new(sources, folder));
        Modules {
            sources,
            all: folders.iter().map(module).collect(),
            templates: sources.all().iter().map(|_| OnceCell::new()).collect(),
        }
    }

    /// A file as a template.
    pub(super) fn template(&self, source: &Source) -> Option<&Expr> {
        let cell = self.templates.get(source.id.0 as usize)?;
        Some(cell.get_or_init(|| hcl::read_template(source)))
    }

    pub(super) fn get(&self, folder: &str) -> Option<&Module<'a>> {
        self.all.get(folder).filter(|module| !module.files.is_empty())
    }

    /// What could not be read in the files that were.
    pub(super) fn errors(&self) -> impl Iterator<Item = &hcl::Error> {
        let modules = self.all.values();
        let files = modules.flat_map(|module| module.files.iter().chain(module.values.iter().flatten()));
        files.filter_map(|file| file.read.get()?.tree.error.as_ref())
    }
}

impl<'a> Module<'a> {
    fn new(sources: &'a Sources, folder: &str) -> Module<'a> {
        let mut module = Module {
            folder: folder.to_string(),
            files: Vec::new(),
            values: [Vec::new(), Vec::new()],
            searches: Cell::new(0),
        };
        for source in folders::files(sources, folder) {
            match folders::values_rank(source.file_name()) {
                None => module.files.push(File::new(source)),
                Some(0) => module.values[1].push(File::new(source)),
                Some(_) => module.values[0].push(File::new(source)),
            }
        }
        let rank = |file: &File<'_>| folders::values_rank(file.source.file_name());
        module.values[0].sort_by_key(rank);
        let tofu = |path: &str| path.replace(".tf", ".tofu");
        // OpenTofu leaves out a file that another stands for.
        let all: Vec<String> = module.files.iter().map(|file| file.source.path.clone()).collect();
        module.files.retain(|file| {
            let path = &file.source.path;
            path.contains(".tofu") || !all.contains(&tofu(path))
        });
        module
    }

    /// The files in which records may be declared.
    pub(super) fn telling(&self) -> impl Iterator<Item = &File<'a>> {
        self.files.iter().filter(|file| {
            let source = file.source;
            folders::tells(source) || resources::are_mentioned(source.bytes()) || !folders::calls(source).is_empty()
        })
    }

    /// The first block of a kind with these labels.
    pub(super) fn block(&self, kind: &str, labels: &[&str]) -> Option<&Block> {
        let key = (
            kind.to_string(),
            labels.iter().map(|label| label.to_string()).collect::<Vec<_>>(),
        );
        let read = |file: &'_ File<'a>| file.read().blocks.get(&key).copied();
        self.likely(labels.last()?)
            .find_map(|file| Some(&file.read().tree.body.blocks[read(file)?]))
    }

    /// The expression of a local value.
    pub(super) fn local(&self, name: &str) -> Option<&Expr> {
        self.likely(name).find_map(|file| {
            let read = file.read();
            let (block, attribute) = *read.locals.get(name)?;
            Some(&read.tree.body.blocks[block].body.attributes[attribute].value)
        })
    }

    /// The files in which something of this name may be declared: those that are parsed already, and those that hold the
    /// name.
    fn likely<'m, 'n>(&'m self, name: &'n str) -> impl Iterator<Item = &'m File<'a>> + use<'m, 'n, 'a> {
        self.searches.set(self.searches.get() + 1);
        let all = self.searches.get() > SEARCHES;
        self.files.iter().filter(move |file| {
            all || file.read.get().is_some() || memchr::memmem::find(file.source.bytes(), name.as_bytes()).is_some()
        })
    }
}

impl<'a> File<'a> {
    fn new(source: &'a Source) -> File<'a> {
        File {
            source,
            read: OnceCell::new(),
        }
    }

    /// What it says.
    pub(super) fn tree(&self) -> &Tree {
        &self.read().tree
    }

    fn read(&self) -> &Read {
        self.read.get_or_init(|| {
            let tree = hcl::read(self.source);
            let mut blocks = BTreeMap::new();
            let mut locals = BTreeMap::new();
            for (number, block) in tree.body.blocks.iter().enumerate() {
                if block.kind == "locals" {
                    for (index, attribute) in block.body.attributes.iter().enumerate() {
                        locals.entry(attribute.name.clone()).or_insert((number, index));
                    }
                } else {
                    blocks
                        .entry((block.kind.clone(), block.labels.clone()))
                        .or_insert(number);
                }
            }
            Read { tree, blocks, locals }
        })
    }
}
