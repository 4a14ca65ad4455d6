//! The search takes any pieces in any order; names are host names, buffers are bounded.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vigie_fuzz::names_are_host_names_within_bounds(input));
