//! Text for people: tables that line up, amounts they can read, nothing from the wire unescaped.

mod colour;
mod number;
mod table;

pub(super) use colour::Palette;
pub(super) use escape::escape;

mod escape;
