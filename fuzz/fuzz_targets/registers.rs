//! Files of --geoip, --asn and --oui take any octets.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| vigie_fuzz::a_register_is_read_or_refused(input));
