//! The terminal: what a ledger says, on a screen that one looks at and asks.
//!
//! A [`Feed`] gives snapshots and how the capture is doing, at the screen's own pace. The desk
//! works out on a thread of its own what a view shows (mask, moment, filter, sums, order) into a
//! sheet; [`run`] reads keys and draws sheets, visible rows only. Every view draws into a
//! buffer of cells, so a picture ([`picture`]) is drawn from the same cells.

mod action;
mod app;
mod bundle;
mod caption;
mod command;
mod completion;
mod desk;
mod draw;
mod feed;
mod file;
mod frames;
mod key;
mod line;
mod order;
pub mod picture;
mod plain;
mod run;
mod series;
mod settings;
mod sheet;
mod still;
mod table;
mod terminal;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod view;
mod written;

pub use action::Action;
pub use bundle::{BundleRefused, BundleWish, BundleWritten};
pub use feed::{CaptureState, Feed, Marker, Status};
pub use frames::{FramesRefused, FramesWritten};
pub use key::{KeyFault, KeyMap};
pub use plain::plain;
pub use run::{Ended, run};
pub use settings::Settings;
pub use still::{Drawing, Still, StillView, still};
pub use terminal::{OnPanic, prepare};
pub use theme::{Depth, Ground, Theme};
