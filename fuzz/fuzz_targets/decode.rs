//! The decoder takes any frame of any link type; payload lies in its frame.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vigie_fuzz::payload_lies_in_its_frame(input));
