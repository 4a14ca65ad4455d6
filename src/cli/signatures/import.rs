//! `vigie signatures import`.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;

use anyhow::{Context, anyhow};

use super::args::ImportArguments;
use crate::cli::cause::in_words;
use crate::cli::outcome::{Outcome, Refusal};
use crate::cli::text::counted;
use crate::export::escape;
use crate::signature::{Imported, ListFacts, import};

/// Reads lists and writes signatures to `out` or into a folder; what was left out is said on
/// standard error.
pub(super) fn run(typed: &ImportArguments, out: &mut dyn Write) -> Result<Outcome, Refusal> {
    if typed.lists.iter().filter(|path| *path == Path::new("-")).count() > 1 {
        let twice = anyhow!("signatures import: standard input (-) can be read only once");
        return Err(Refusal::usage(twice));
    }
    for path in &typed.lists {
        let shown = escape(&path.display().to_string()).into_owned();
        let text = read(path, &shown).map_err(Refusal::impossible)?;
        let stem = path.file_stem().map_or_else(|| "list".into(), |stem| stem.to_string_lossy());
        let facts = facts(typed, &stem, &shown);
        let imported = import(&text, &facts)
            .map_err(|error| Refusal::impossible(anyhow!("{shown}: {error}")))?;
        report(&shown, &imported);
        let mut file = String::new();
        for signature in &imported.signatures {
            file.push_str(&signature.to_string());
            file.push('\n');
        }
        match &typed.output {
            None => out.write_all(file.as_bytes())?,
            Some(folder) => keep(folder, &stem, &file).map_err(Refusal::impossible)?,
        }
    }
    Ok(Outcome::Done)
}

fn facts(typed: &ImportArguments, stem: &str, shown: &str) -> ListFacts {
    ListFacts {
        id: typed.id.clone().or_else(|| Some(stem.to_owned())),
        vendor: typed.vendor.clone(),
        category: typed.category,
        title: typed.title.clone().unwrap_or_else(|| stem.to_owned()),
        publisher: typed.publisher.clone().unwrap_or_else(|| "not stated".to_owned()),
        reference: typed.reference.clone().unwrap_or_else(|| shown.to_owned()),
        as_of: typed.as_of.clone(),
    }
}

/// Octets of one list.
const LARGEST_LIST: u64 = 256 << 20;

fn read(path: &Path, shown: &str) -> anyhow::Result<String> {
    let cannot = |error: io::Error| anyhow!("{shown}: cannot be read: {}", in_words(&error));
    let mut octets = Vec::new();
    let mut limited: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin().lock().take(LARGEST_LIST + 1))
    } else {
        Box::new(File::open(path).map_err(cannot)?.take(LARGEST_LIST + 1))
    };
    limited.read_to_end(&mut octets).map_err(cannot)?;
    if octets.len() as u64 > LARGEST_LIST {
        return Err(anyhow!("{shown}: has more than {LARGEST_LIST} octets"));
    }
    String::from_utf8(octets).map_err(|_| anyhow!("{shown}: is not UTF-8 text"))
}

/// Says what came of a list, and what was left out and why.
fn report(shown: &str, imported: &Imported) {
    let taken = format!(
        "{shown}: {}: {} of {} entries taken over, into {}",
        imported.kind,
        imported.taken,
        imported.entries,
        counted(imported.signatures.len() as u64, "signature")
    );
    if imported.left_out.is_empty() {
        tracing::info!("{taken}");
        return;
    }
    tracing::warn!("{taken}");
    for (why, examples) in &imported.left_out {
        let place = examples.line.map(|line| format!("line {line}, ")).unwrap_or_default();
        tracing::warn!(
            "{shown}: {} left out: {why}; the first: {place}{}",
            examples.count,
            escape(&examples.first)
        );
    }
}

/// Writes a new file of the folder, which is made where it is not there.
fn keep(folder: &Path, stem: &str, text: &str) -> anyhow::Result<()> {
    let mut builder = DirBuilder::new();
    let mut options = OpenOptions::new();
    builder.recursive(true);
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        builder.mode(0o700);
        options.mode(0o600);
    }
    let name = folder.join(format!("{stem}.toml"));
    let context = || format!("{} cannot be written", escape(&name.display().to_string()));
    if !folder.is_dir() {
        builder.create(folder).with_context(context)?;
    }
    let mut file = options.open(&name).with_context(context)?;
    file.write_all(text.as_bytes()).with_context(|| {
        // Half a file would load as a whole one.
        let _ = fs::remove_file(&name);
        context()
    })
}
