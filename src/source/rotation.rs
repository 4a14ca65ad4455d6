//! Rotated files: the parts of one long capture.

use std::path::{Path, PathBuf};

use super::{CaptureTime, Input, Reading, StreamPlan};

/// What the parts of one capture have in common, and the number of this one.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    folder: PathBuf,
    writer: Writer,
    /// The name without number and date.
    stem: String,
    /// `None` sorts before the first number: tcpdump's first file has none.
    number: Option<u64>,
}

/// Who names parts like this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// `name_00001_20260101120000.pcapng`: dumpcap, tshark and vigie; also
    /// `name_20260101120000_00001.pcapng`, which dumpcap can be asked for.
    Dumpcap,
    /// `name.pcap`, `name.pcap1`, `name.pcap2`, or from `name.pcap0` on: tcpdump.
    Tcpdump,
}

/// Makes a stream of each set of parts, in the order of time, and of every other input.
/// `first_time` gives the time of a capture's first frame.
pub(super) fn streams(
    inputs: Vec<Input>,
    first_time: impl Fn(&Input) -> Option<CaptureTime>,
) -> Vec<StreamPlan> {
    let mut sets: Vec<Set> = Vec::new();
    for input in inputs {
        match input.path().and_then(Part::of) {
            // A part that is given twice belongs to a second set.
            Some(part) => match sets.iter_mut().find(|s| s.takes(&part)) {
                Some(set) => set.parts.push((part.number, input)),
                None => sets.push(Set { parts: vec![(part.number, input)], of: Some(part) }),
            },
            None => sets.push(Set { parts: vec![(None, input)], of: None }),
        }
    }
    sets.into_iter().map(|set| set.into_stream(&first_time)).collect()
}

/// Parts of one capture.
#[derive(Debug)]
struct Set {
    of: Option<Part>,
    parts: Vec<(Option<u64>, Input)>,
}

impl Set {
    fn takes(&self, part: &Part) -> bool {
        let same = |of: &Part| {
            (&of.folder, of.writer, &of.stem) == (&part.folder, part.writer, &part.stem)
        };
        self.of.as_ref().is_some_and(same) && self.parts.iter().all(|(n, _)| *n != part.number)
    }

    /// In the order of the first frames' times, for numbers start again when files are reused;
    /// a part without frames stays behind the one before it in number.
    fn into_stream(mut self, first_time: impl Fn(&Input) -> Option<CaptureTime>) -> StreamPlan {
        if self.parts.len() > 1 {
            self.parts.sort_by_key(|(number, _)| *number);
            let mut timed = Vec::with_capacity(self.parts.len());
            let mut last = CaptureTime(i64::MIN);
            for (_, input) in self.parts.drain(..) {
                last = first_time(&input).unwrap_or(last);
                timed.push((last, input));
            }
            timed.sort_by_key(|(time, _)| *time);
            self.parts.extend(timed.into_iter().map(|(_, input)| (None, input)));
        }
        let captures = self.parts.into_iter().map(|(_, input)| input).collect();
        StreamPlan { captures, reading: Reading::InTurn }
    }
}

impl Part {
    /// What the file name says; compression does not matter, for parts are often packed later.
    fn of(path: &Path) -> Option<Self> {
        let folder = path.parent().unwrap_or_else(|| Path::new("")).to_path_buf();
        let name = path.file_name()?.to_str()?;
        let name = PACKED.iter().find_map(|p| name.strip_suffix(p)).unwrap_or(name);
        let (writer, stem, number) = dumpcap(name).or_else(|| tcpdump(name))?;
        Some(Self { folder, writer, stem, number })
    }
}

fn dumpcap(name: &str) -> Option<(Writer, String, Option<u64>)> {
    let (base, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    let (rest, last) = base.rsplit_once('_')?;
    let (stem, middle) = rest.rsplit_once('_')?;
    let number = match (middle, last) {
        (number, date) if is_number(number) && is_date(date) => number,
        (date, number) if is_number(number) && is_date(date) => number,
        _ => return None,
    };
    // The suffix tells parts from what was made of them.
    Some((Writer::Dumpcap, format!("{stem}.{suffix}"), Some(number.parse().ok()?)))
}

fn tcpdump(name: &str) -> Option<(Writer, String, Option<u64>)> {
    let stem = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let (base, suffix) = stem.rsplit_once('.')?;
    if base.is_empty() || !CAPTURES.contains(&suffix) {
        return None;
    }
    let digits = name.get(stem.len()..)?;
    let number = if digits.is_empty() { None } else { Some(digits.parse().ok()?) };
    Some((Writer::Tcpdump, stem.to_owned(), number))
}

/// dumpcap writes at least five digits.
fn is_number(text: &str) -> bool {
    text.len() >= 5 && text.len() != 14 && text.bytes().all(|o| o.is_ascii_digit())
}

/// Year to second.
fn is_date(text: &str) -> bool {
    text.len() == 14 && text.bytes().all(|o| o.is_ascii_digit())
}

const PACKED: [&str; 3] = [".gz", ".zst", ".lz4"];
const CAPTURES: [&str; 5] = ["pcap", "pcapng", "cap", "dmp", "dump"];

#[cfg(test)]
mod tests {
    use super::*;

    fn planned(names: &[&str], first_time: impl Fn(&Input) -> Option<CaptureTime>) -> Vec<String> {
        let inputs = names.iter().map(|n| Input::File(n.into())).collect();
        let joined = |s: StreamPlan| {
            s.captures.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
        };
        streams(inputs, first_time).into_iter().map(joined).collect()
    }

    #[test]
    fn parts_of_one_capture_become_one_stream_by_number() {
        let names = [
            "d/a_00002_20260101120100.pcapng.gz",
            "d/b.pcap",
            "d/a_00001_20260101120000.pcapng",
            "e/a_00003_20260101120200.pcapng",
            "d/b.pcap10",
            "d/b.pcap2.zst",
        ];
        let expected = [
            "d/a_00001_20260101120000.pcapng d/a_00002_20260101120100.pcapng.gz",
            "d/b.pcap d/b.pcap2.zst d/b.pcap10",
            "e/a_00003_20260101120200.pcapng",
        ];
        assert_eq!(planned(&names, |_| None), expected);
    }

    #[test]
    fn reused_numbers_are_put_in_the_order_of_time() {
        let times = |input: &Input| match input.path()?.to_str()? {
            "x.pcap0" => Some(CaptureTime(30)),
            "x.pcap1" => Some(CaptureTime(10)),
            "x.pcap2" => Some(CaptureTime(20)),
            _ => None,
        };
        let names = ["x.pcap0", "x.pcap1", "x.pcap2", "x.pcap3"];
        assert_eq!(planned(&names, times), ["x.pcap1 x.pcap2 x.pcap3 x.pcap0"]);
    }

    #[test]
    fn a_file_given_twice_is_read_twice_and_never_into_itself() {
        assert_eq!(planned(&["a.pcap", "a.pcap"], |_| None), ["a.pcap", "a.pcap"]);
    }

    #[test]
    fn names_that_only_look_alike_are_captures_of_their_own() {
        let names = ["a_1_2.pcap", "a_2_2.pcap", "log1", "log2", ".pcap1", ".pcap2", "a-1.pcap"];
        assert_eq!(planned(&names, |_| None).len(), names.len());
    }
}
