//! Figures as SVG, drawn by number alone: the same material gives the same octets.
//!
//! Nothing is said by colour alone: what accuses is filled, operation is hatched, and every bar
//! and lane bears its name and its octets. Colours are those of Okabe and Ito, darkened for
//! paper. Titles and descriptions are in the picture, for whoever does not see it.

mod bars;
mod svg;
#[cfg(test)]
mod tests;
mod timeline;

use super::report::sums::Sums;
use super::{Case, Material, Timeline};
use crate::signature::Category;

/// File name of the bars by system.
pub(in crate::evidence) const BARS: &str = "systems.svg";
/// File name of the octets over time.
pub(in crate::evidence) const TIMELINE: &str = "timeline.svg";

/// A figure of the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Name of its file, in `data/figures/`.
    pub file_name: &'static str,
    /// What it shows, in a few words.
    pub title: String,
    /// What is to be seen in it, for whoever does not see it.
    pub description: String,
    /// The picture: SVG 1.1 that can stand in a file of its own or in HTML.
    pub svg: String,
}

/// The figures that there is something to draw in: octets sent by system, and octets over time.
pub fn figures(material: &Material<'_>, case: &Case) -> Vec<Figure> {
    let sums = Sums::of(material);
    let bars = bars::bars(material, &sums, case.language);
    bars.into_iter().chain(timeline::timeline(material, case)).collect()
}

/// The categories of a timeline, in the order of its lanes: those that accuse first.
pub(in crate::evidence) fn lanes(timeline: &Timeline) -> Vec<Category> {
    let mut lanes: Vec<_> = Category::ALL
        .into_iter()
        .filter(|category| timeline.rows.iter().any(|row| row.category == *category))
        .collect();
    lanes.sort_by_key(|category| !category.accuses());
    lanes
}
