//! Snapshots and flows for programs.
