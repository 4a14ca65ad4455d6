//! Text for people: tables that line up, amounts they can read, nothing from the wire unescaped.

mod answer;
mod balance;
mod clients;
mod colour;
mod evidence;
mod headline;
mod label;
mod limits;
mod live;
mod markers;
mod number;
mod purpose;
mod summary;
mod table;
#[cfg(test)]
mod tests;
mod top;
mod view;
mod wrap;

pub(super) use answer::{Answer, write_answer};
pub(super) use colour::Palette;
pub(super) use live::snapshot_line;
pub(super) use number::{Precision, counted};
pub(super) use summary::write as write_summary;
pub(super) use view::{CLIENTS, PURPOSES, View};
pub(super) use wrap::wrap;
