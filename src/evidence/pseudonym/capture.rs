//! Pseudonyms in a capture that vigie has written.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use super::Pseudonyms;
use super::frame::{self, UnknownLayer};
use super::hello::TooMany;
use crate::source::LinkType;

/// Why a capture could not be given pseudonyms.
#[derive(Debug, thiserror::Error)]
pub(super) enum CaptureFault {
    /// A frame holds what is not known here.
    #[error("frame {frame} of it: {layer}")]
    Layer {
        /// Which one, from 1.
        frame: u64,
        /// What it holds.
        layer: UnknownLayer,
    },
    /// It could not be read or written.
    #[error(transparent)]
    File(#[from] io::Error),
    /// It names more tenants than are remembered.
    #[error(transparent)]
    Tenants(#[from] TooMany),
    /// It is not as vigie writes captures.
    #[error("octet {0} of it: a block that vigie does not write")]
    Block(u64),
}

/// Octets of a block at most: as a frame has at most, and room for comments.
const LONGEST: usize = 64 << 20;

/// Replaces clients' addresses and MACs in a capture, in its place; tenants' names, where they
/// have pseudonyms.
pub(super) fn rewrite(path: &Path, names: &mut Pseudonyms) -> Result<(), CaptureFault> {
    let made = path.with_extension("pseudonyms");
    let written = copy(path, &made, names);
    if written.is_err() {
        // What was begun goes with the folder at the latest.
        let _ = std::fs::remove_file(&made);
    }
    written?;
    std::fs::rename(&made, path)?;
    Ok(())
}

fn copy(from: &Path, to: &Path, names: &mut Pseudonyms) -> Result<(), CaptureFault> {
    if names.tenants().is_some() {
        // A name may lie across frames: the first time it is only learnt where names are.
        names.begin();
        turn(from, &mut io::sink(), names)?;
        names.settle()?;
    }
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut output = BufWriter::new(options.open(to)?);
    turn(from, &mut output, names)?;
    output.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(())
}

/// Reads the capture and writes it with pseudonyms.
fn turn(from: &Path, output: &mut impl Write, names: &mut Pseudonyms) -> Result<(), CaptureFault> {
    let mut input = BufReader::new(File::open(from)?);
    let mut links: Vec<LinkType> = Vec::new();
    let (mut at, mut frames) = (0, 0);
    let mut block = Vec::new();
    while next(&mut input, &mut block, at)? {
        let unknown = || CaptureFault::Block(at);
        match number(&block, 0) {
            Some(0x0a0d_0d0a) => links.clear(),
            Some(1) => {
                let link = block.get(8..10).and_then(|pair| pair.try_into().ok());
                links.push(LinkType(u16::from_le_bytes(link.ok_or_else(unknown)?).into()));
            }
            Some(6) => {
                frames += 1;
                let interface = number(&block, 8).and_then(|n| links.get(n as usize).copied());
                let link = interface.ok_or_else(unknown)?;
                let len = number(&block, 20).ok_or_else(unknown)? as usize;
                let octets = block.get_mut(28..28 + len).ok_or_else(unknown)?;
                frame::rewrite(link, octets, names)
                    .map_err(|layer| CaptureFault::Layer { frame: frames, layer })?;
            }
            Some(5) => {}
            _ => return Err(unknown()),
        }
        output.write_all(&block)?;
        at += block.len() as u64;
    }
    Ok(())
}

/// The next block, whole; none at the end.
fn next(input: &mut impl Read, block: &mut Vec<u8>, at: u64) -> Result<bool, CaptureFault> {
    block.clear();
    input.by_ref().take(8).read_to_end(block)?;
    if block.is_empty() {
        return Ok(false);
    }
    let len = number(block, 4).map_or(0, |len| len as usize);
    if !(12..=LONGEST).contains(&len) || !len.is_multiple_of(4) {
        return Err(CaptureFault::Block(at));
    }
    input.by_ref().take(len as u64 - 8).read_to_end(block)?;
    if block.len() == len { Ok(true) } else { Err(CaptureFault::Block(at)) }
}

/// A number as vigie writes it: the lowest octet first.
fn number(block: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*block.get(at..)?.first_chunk()?))
}
