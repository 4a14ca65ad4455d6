//! What stands before another protocol is read the same in one segment and in many.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    vigie_fuzz::openings_lead_to_the_same_whatever_their_segments(input)
});
