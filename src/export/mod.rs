//! Snapshots and flows for programs: NDJSON, JSON and CSV.
//!
//! Takes ended flows through [`pipeline::Output`](crate::pipeline::Output) and, at the end, the
//! `Snapshot`. Gives the formats that `docs/output.md` describes, octet for octet the same on
//! any number of threads.

mod capture_record;
mod cause;
mod csv;
mod dimension;
mod escape;
mod flow_record;
mod json;
mod json_text;
mod live_record;
mod minimise;
mod ndjson;
mod pcapng;
#[cfg(test)]
mod sample;
mod spool;
mod summary_record;
mod time;

pub use self::csv::{SUM_COLUMNS, cell as csv_text, sum_cells, write_csv};
pub use cause::{in_words, without_code};
pub use dimension::{Labels, UnknownDimension, dimension_word, parse_dimension, parse_dimensions};
pub use escape::{escape, escape_octets};
pub use json::write_json;
pub use live_record::{write_marker, write_snapshot};
pub use ndjson::{NdjsonOutput, NdjsonStream, write_capture, write_flow, write_summary};
pub use pcapng::{
    CaptureWriter, FileFault, Keep, Keeping, ONLY_TAGGED, Rotation, WriteOptions, Written,
};
pub(crate) use spool::{Lane, MEMORY as SPOOL_MEMORY, Spool};
pub use time::{Rfc3339, rfc3339};
