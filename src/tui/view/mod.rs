//! The views: each draws a sheet into cells.

pub(super) mod detail;
pub(super) mod flows;
pub(super) mod frame;
pub(super) mod overview;
pub(super) mod page;
pub(super) mod register;
pub(super) mod rollup;
pub(super) mod scene;
pub(super) mod signatures;
pub(super) mod timeline;
pub(super) mod words;
