//! What is said, and that it fits, in every language and size.

use super::*;

#[test]
fn no_title_of_a_column_is_cut_in_any_language_and_size() {
    use crate::tui::view::rollup::column_of;
    let by = |dimension| format!(":by {}\n", crate::export::dimension_word(dimension));
    let mut views: Vec<_> = View::DIMENSIONS.map(|d| (by(d), column_of(d))).into();
    let others = [("1", "column-category"), ("2", "column-client"), ("8", "column-signature")];
    views.extend(others.map(|(keys, title)| (keys.to_owned(), title)));
    for language in Language::ALL {
        for width in [40, 60, 80, 100, 120, 160, 400] {
            for (keys, first) in &views {
                let drawn = drawn(language, width, keys);
                // Of flows the client gives way first.
                let firsts = [language.say(first), language.say("column-name")];
                let is_title = |line: &&str| {
                    let text = line.strip_prefix(' ');
                    text.is_some_and(|text| firsts.iter().any(|first| text.starts_with(first)))
                };
                let titles = drawn.lines().skip(3).find(is_title);
                let titles = titles.unwrap_or_else(|| panic!("{keys} has no titles:\n{drawn}"));
                assert!(!titles.contains('…'), "{keys}: {titles}");
            }
        }
    }
}

#[test]
fn the_ways_to_the_help_and_out_are_shown_in_every_size() {
    for language in Language::ALL {
        for width in [24, 30, 40, 60, 80, 400] {
            for (keys, out) in [("1", "foot-quit"), ("2\n", "foot-back")] {
                let drawn = drawn(language, width, keys);
                let foot = drawn.lines().last().unwrap().to_owned();
                for text in
                    [format!("? {}", language.say("foot-help")), format!("q {}", language.say(out))]
                {
                    assert!(foot.contains(&text), "{text} is missing at {width}: {foot}");
                }
            }
        }
    }
}

#[test]
fn a_key_without_a_meaning_says_where_the_others_are_told() {
    let mut screen = english();
    screen.press("h");
    assert!(screen.drawn().contains("h does nothing here; ? shows what keys do"));
}

#[test]
fn a_page_says_that_it_goes_on() {
    let mut screen = Screen::new(Settings::default(), (80, 24));
    let foot = |screen: &mut Screen<'_>| screen.drawn().lines().last().unwrap().to_owned();
    screen.press("?");
    let lines = screen.app.page_lines;
    let first = foot(&mut screen);
    assert!(first.ends_with(&format!("1–20 / {lines} ↓")), "{first}");
    screen.press("j");
    assert!(foot(&mut screen).ends_with(&format!("↑ 2–21 / {lines} ↓")));
    screen.press("G");
    let last = foot(&mut screen);
    assert!(last.ends_with(&format!("↑ {}–{lines} / {lines}", lines - 19)), "{last}");
    // One that is seen whole says nothing.
    screen.press("?,");
    assert!(!foot(&mut screen).contains('–'));
}

#[test]
fn q_is_called_back_where_it_goes_back() {
    let mut screen = english();
    let foot = |screen: &mut Screen<'_>| screen.drawn().lines().last().unwrap().to_owned();
    assert!(foot(&mut screen).contains("q quit"));
    screen.press("\n");
    assert!(foot(&mut screen).contains("q back"), "{}", foot(&mut screen));
    screen.press("q");
    assert!(foot(&mut screen).contains("q quit"));
}

#[test]
fn words_that_may_follow_stand_before_what_is_wrong() {
    let mut screen = Screen::new(Settings::default(), (80, 24));
    screen.press("/category = tel");
    let drawn = screen.drawn();
    let foot = drawn.lines().last().unwrap();
    assert!(foot.contains("⇥ telemetry   ✗ 12: "), "{foot}");
}

#[test]
fn the_line_that_is_left_says_of_what_it_is_the_sum() {
    let mut screen = english();
    assert!(screen.app.shown_only().is_empty() && screen.app.moment_shown().is_none());
    screen.press("/up > 1B\n\n7[");
    screen.press("1\n");
    assert_eq!(screen.app.shown_only(), ["up > 1B", "telemetry"]);
    assert!(screen.app.moment_shown().unwrap().starts_with("ledger at 20:"));
    let only = screen.app.shown_only();
    let line = crate::tui::plain::summary(
        &screen.app.sheet,
        Language::English,
        &jiff::tz::TimeZone::UTC,
        &only,
    );
    let flows = line.lines().next().unwrap();
    assert!(flows.ends_with(" (only: up > 1B › telemetry)"), "{line}");
}

#[test]
fn the_settings_are_in_words() {
    for language in Language::ALL {
        let mut screen = Screen::new(Settings { language, ..Settings::default() }, (100, 24));
        screen.press(",");
        let drawn = screen.drawn();
        for key in ["mask-none", "mask-clients", "theme-dark", "colours-sixteen", "setting-none"] {
            let text = language.say(key);
            assert!(drawn.contains(&text), "{key}: {text} is missing:\n{drawn}");
        }
        screen.press(":mask hosts\n/client = 10.23.0.11\n");
        let drawn = screen.drawn();
        let both = format!("{}   --picture-mask", language.say("mask-all"));
        assert!(drawn.contains(&both) && drawn.contains("client = 10.23.0.11"), "{drawn}");
    }
}

#[test]
fn a_long_name_and_the_time_give_way_to_what_is_happening() {
    let mut screen = Screen::new(Settings::default(), (80, 24));
    screen.status.source =
        "a-capture-whose-name-is-longer-than-a-line-has-room-for.pcapng".to_owned();
    let head = |screen: &mut Screen<'_>| screen.drawn().lines().next().unwrap().to_owned();
    let long = head(&mut screen);
    assert!(long.contains("… │ read to the end") && long.contains("20:20:39 UTC"), "{long}");
    let why = "the interface is gone; vigie waits for it to come back";
    screen.status.state = CaptureState::Failed(why.to_owned());
    let failed = head(&mut screen);
    assert!(failed.contains(why) && !failed.contains("UTC"), "{failed}");
    screen.press(" ");
    assert!(head(&mut screen).starts_with(" ⏸ PAUSED │ vigie │ "));
}

#[test]
fn a_picture_says_in_each_language_that_a_bound_was_reached_and_else_nothing() {
    let captioned = |snapshot: &Arc<Snapshot>, language: Language| {
        let settings = Settings { language, ..Settings::default() };
        let wanted = crate::tui::StillView::View("flows");
        crate::tui::still(snapshot, &DATABASE, &settings, &wanted).unwrap().caption.0
    };
    let mut watched = (**OFFICE.watched.as_ref().unwrap()).clone();
    let oldest = watched.flows.remove(0);
    watched.older.add(&oldest.record);
    let reached = Arc::new(OFFICE.with_watched(watched));
    for language in [Language::English, Language::French, Language::German] {
        let (without, with) = (captioned(&OFFICE, language), captioned(&reached, language));
        assert_eq!((without.len(), with.len()), (2, 3), "{with:?}");
        let bound = language.say_with(
            "caption-bound",
            &[("flows", 1_u64.into()), ("octets", language.octets(0).into())],
        );
        assert_eq!(with[2], bound);
        assert!(bound.contains('1'), "{bound}");
    }
}
