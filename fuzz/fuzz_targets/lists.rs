//! Lists and signature files take any text; every entry is counted once.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vigie_fuzz::every_entry_is_taken_or_left_out(input));
