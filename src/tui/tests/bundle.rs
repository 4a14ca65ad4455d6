//! A bundle of evidence that a key asks for.

use super::*;

#[test]
fn a_bundle_is_wanted_of_what_the_screen_shows() {
    let mut screen = english();
    let Some(Wish::Bundle(whole)) = screen.press("E") else { panic!("no bundle is wanted") };
    assert_eq!((whole.filter, whole.moment, whole.entered), (None, None, false));
    let Some(Wish::Bundle(part)) = screen.press("/category = telemetry\np3[\nE") else {
        panic!("no bundle is wanted")
    };
    assert_eq!(part.filter.as_deref(), Some("category = telemetry"));
    assert!(part.moment.is_some() && part.entered && part.mask.hides_clients());
    let begun = part.begun();
    assert!(begun.contains("names hosts") && begun.contains("of all rows"), "{begun}");
    assert!(matches!(screen.press(":bundle\n"), Some(Wish::Bundle(_))));
}

#[test]
fn the_head_says_how_far_a_bundle_is_in_every_language() {
    for (language, said) in [
        (Language::English, "bundle 43 %"),
        (Language::French, "dossier 43 %"),
        (Language::German, "Beweismappe 43 %"),
    ] {
        for size in SIZES {
            let mut screen = Screen::new(Settings { language, ..Settings::default() }, size);
            assert!(!screen.drawn().contains("43 %"));
            screen.status.bundle = Some(43);
            assert!(screen.drawn().contains(said), "{size:?}: {}", screen.drawn());
        }
    }
}
