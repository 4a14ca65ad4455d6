//! Pictures of cells: a buffer becomes SVG, and SVG becomes PNG. Holds no state, so that
//! whoever draws into a buffer can have its picture.

mod png;
mod svg;
#[cfg(test)]
mod tests;

pub use png::{PictureFault, png};
pub use svg::{Caption, Paper, svg, text};
