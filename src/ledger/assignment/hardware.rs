//! Lists of hardware address prefixes: IEEE's `oui.txt`, `mam.txt`, `oui36.txt` and their CSV
//! forms, Wireshark's `manuf`, Nmap's `nmap-mac-prefixes`.
#![warn(clippy::indexing_slicing)]

use std::collections::{BTreeSet, HashMap};

use super::cleaned;

/// Makers by the first bits of their hardware addresses.
#[derive(Debug)]
pub struct HardwareFile {
    makers: HashMap<Prefix, Box<str>>,
    /// Lengths of prefixes that there are, shortest first.
    lengths: BTreeSet<u8>,
}

/// The first bits of a hardware address; the others are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Prefix {
    bits: u8,
    address: u64,
}

/// A text without a single prefix.
#[derive(Debug, thiserror::Error)]
#[error("holds no hardware address prefixes; give IEEE's oui.txt or oui.csv, or Wireshark's manuf")]
pub struct NoHardware;

/// Bits of a hardware address.
const WHOLE: u8 = 48;
/// Bits of the shortest prefix that is given to one maker.
const SHORTEST: u8 = 24;
/// Prefixes that are kept: IEEE had given out some 60,000 by 2026.
const MOST_PREFIXES: usize = 1_000_000;

impl HardwareFile {
    /// The list in `octets`; what is not UTF-8 is replaced. Lines that state no prefix are
    /// passed over: IEEE's lists hold postal addresses, too.
    pub fn of(octets: &[u8]) -> Result<Self, NoHardware> {
        let text = String::from_utf8_lossy(octets);
        let text = text.trim_start_matches('\u{feff}');
        let mut file = Self { makers: HashMap::new(), lengths: BTreeSet::new() };
        if text.starts_with("Registry,Assignment") {
            file.read_csv(text);
        } else {
            file.read_lines(text);
        }
        if file.makers.is_empty() { Err(NoHardware) } else { Ok(file) }
    }

    /// How many prefixes it has.
    pub fn len(&self) -> usize {
        self.makers.len()
    }

    /// Whether it has none; never so.
    pub fn is_empty(&self) -> bool {
        self.makers.is_empty()
    }

    /// The maker of the hardware with this address: that of the longest prefix.
    pub fn maker(&self, mac: [u8; 6]) -> Option<&str> {
        let address = mac.into_iter().fold(0, |address, octet| address << 8 | u64::from(octet));
        self.lengths
            .iter()
            .rev()
            .find_map(|bits| self.makers.get(&Prefix::new(address, *bits)))
            .map(|maker| &**maker)
    }

    fn read_csv(&mut self, text: &str) {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        for record in reader.records().flatten() {
            if let (Some(prefix), Some(maker)) = (record.get(1), record.get(2))
                && let Some(prefix) = Prefix::read(prefix)
            {
                self.add(prefix, maker);
            }
        }
    }

    fn read_lines(&mut self, text: &str) {
        // IEEE states a prefix twice; where it is longer than an OUI, the second line says how.
        let mut stated: Option<(Prefix, &str)> = None;
        for line in text.lines() {
            let line = line.trim();
            if line.starts_with('#') {
                continue;
            }
            if let Some((prefix, maker)) = line.split_once("(hex)") {
                self.add_stated(stated.take());
                stated = Prefix::read(prefix.trim()).map(|prefix| (prefix, maker));
            } else if let Some((range, maker)) = line.split_once("(base 16)") {
                if let Some((oui, _)) = stated
                    && let Some(prefix) = oui.part(range.trim())
                {
                    stated = None;
                    self.add(prefix, maker);
                }
            } else if let Some((prefix, maker)) = line.split_once(char::is_whitespace)
                && let Some(prefix) = Prefix::read(prefix)
            {
                self.add(prefix, full_name(maker));
            }
        }
        self.add_stated(stated);
    }

    fn add_stated(&mut self, stated: Option<(Prefix, &str)>) {
        if let Some((prefix, maker)) = stated {
            self.add(prefix, maker);
        }
    }

    fn add(&mut self, prefix: Prefix, maker: &str) {
        if let Some(maker) = cleaned(maker)
            && self.makers.len() < MOST_PREFIXES
        {
            self.lengths.insert(prefix.bits);
            self.makers.entry(prefix).or_insert(maker);
        }
    }
}

/// Of `manuf`, a tab or `#` parts the short name from the full one.
fn full_name(maker: &str) -> &str {
    let maker = maker.trim();
    maker.split_once(['\t', '#']).map_or(maker, |(short, full)| {
        let full = full.trim().trim_start_matches('#').trim();
        if full.is_empty() { short.trim() } else { full }
    })
}

impl Prefix {
    fn new(address: u64, bits: u8) -> Self {
        let rest = u32::from(WHOLE.saturating_sub(bits));
        Self { bits, address: address >> rest << rest }
    }

    /// `00-1B-C5`, `00:1b:c5:00:00:00/36`, `001BC5`, `70B3D5123`.
    fn read(text: &str) -> Option<Self> {
        let (digits, mask) = match text.split_once('/') {
            Some((digits, mask)) => (digits, Some(mask.parse::<u8>().ok()?)),
            None => (text, None),
        };
        let (mut address, mut bits) = (0_u64, 0_u8);
        for c in digits.chars().filter(|c| !matches!(c, ':' | '-' | '.')) {
            if bits == WHOLE {
                return None;
            }
            address = address << 4 | u64::from(c.to_digit(16)?);
            bits += 4;
        }
        let address = address << (WHOLE - bits);
        let bits = mask.unwrap_or(bits);
        (SHORTEST..=WHOLE).contains(&bits).then(|| Self::new(address, bits))
    }

    /// The part of this OUI from `000000` to `0FFFFF`: a whole power of two.
    fn part(self, range: &str) -> Option<Self> {
        let (first, last) = range.split_once('-')?;
        let number = |text: &str| {
            let is_half = text.len() == 6 && text.bytes().all(|b| b.is_ascii_hexdigit());
            is_half.then(|| u64::from_str_radix(text, 16).ok()).flatten()
        };
        let (first, last) = (number(first)?, number(last)?);
        let size = last.checked_sub(first)? + 1;
        let bits = u8::try_from(size.trailing_zeros()).ok()?;
        let is_block = size.is_power_of_two() && first % size == 0;
        is_block.then(|| Self::new(self.address | first, WHOLE - bits))
    }
}
