use super::*;
use crate::evidence::report::sample::{Sample, case};
use crate::language::Language;
use crate::tui::picture::png;

fn drawn(sample: &Sample, language: Language) -> Vec<Figure> {
    figures(&sample.material(), &case(language))
}

#[test]
fn office_figures() {
    let figures = drawn(&Sample::of("office-hour.pcapng"), Language::French);
    let all: Vec<_> = figures.iter().map(|f| format!("{}\n{}", f.file_name, f.svg)).collect();
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn figures_leave_ink_and_say_in_words_what_they_show() {
    let sample = Sample::of("office-hour.pcapng");
    for language in Language::ALL {
        let figures = drawn(&sample, language);
        assert_eq!(figures.iter().map(|f| f.file_name).collect::<Vec<_>>(), [BARS, TIMELINE]);
        for figure in figures {
            assert!(figure.svg.contains("<title id=") && figure.svg.contains("<desc id="));
            assert!(png(&figure.svg, 1.0).unwrap().len() > 2_000);
        }
    }
}

#[test]
fn what_accuses_is_filled_and_operation_is_hatched() {
    let figures = drawn(&Sample::of("office-hour.pcapng"), Language::English);
    let bars = &figures[0].svg;
    let hatched = bars.matches("fill=\"url(#systems-hatch)\"").count();
    let filled = bars.matches("fill=\"#9a5200\" stroke").count();
    let sample = Sample::of("office-hour.pcapng");
    let material = sample.material();
    let sums = Sums::of(&material);
    let accusing =
        sums.systems.iter().filter(|s| material.database.category(s.id).accuses()).count();
    // One more of each in the key.
    assert_eq!((filled, hatched), (accusing + 1, sums.systems.len() - accusing + 1));
}

#[test]
fn where_nothing_was_counted_there_is_no_figure() {
    assert_eq!(drawn(&Sample::of("nothing-tagged.pcap"), Language::English), Vec::new());
}
