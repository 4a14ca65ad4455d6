//! A bag as one `.zip` (APPNOTE 6.3.10): entries sorted, without dates and owners, so that the
//! same bag gives the same file.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipWriter};

use super::bag::BagError;

/// The folder in which everything lies in the file: the same whatever the file's name, so that
/// it changes nothing.
pub(super) const TOP: &str = "vigie-evidence";

/// Writes the files of the bag at `bag`, of these names, to a new file at `place`. It lies in the
/// folder `scratch` of the same file system until it is whole.
pub(super) fn write(
    bag: &Path,
    files: &[String],
    scratch: &Path,
    place: &Path,
) -> Result<(), BagError> {
    let fault = |path: &Path| {
        let path: PathBuf = path.to_owned();
        move |source: io::Error| BagError { path, source }
    };
    let file = tempfile::Builder::new().prefix("zip-").tempfile_in(scratch);
    let file = file.map_err(fault(place))?;
    let mut archive = ZipWriter::new(BufWriter::new(file));
    for name in files {
        let path = bag.join(name);
        let mut source = File::open(&path).map_err(fault(&path))?;
        let size = source.metadata().map_err(fault(&path))?.len();
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::DEFAULT)
            .system(System::Unix)
            .unix_permissions(0o600)
            .large_file(size >= u64::from(u32::MAX) / 2);
        archive
            .start_file(format!("{TOP}/{name}"), options)
            .map_err(io::Error::from)
            .and_then(|()| io::copy(&mut source, &mut archive))
            .map_err(fault(place))?;
    }
    let written = archive.finish().map_err(io::Error::from);
    let file = written.and_then(|mut buffer| {
        buffer.flush()?;
        buffer.into_inner().map_err(io::IntoInnerError::into_error)
    });
    let file = file.map_err(fault(place))?;
    file.persist_noclobber(place).map_err(|error| fault(place)(error.error))?;
    Ok(())
}
