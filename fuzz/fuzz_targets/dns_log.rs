//! A resolver's query log is read, or refused with its line.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vigie_fuzz::a_resolvers_log_is_read_or_refused(input));
