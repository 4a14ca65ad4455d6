use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::{Argument, Language};
use crate::signature::Category;

/// The text of all files of a language.
fn file(language: Language) -> String {
    let folder = format!("src/language/locales/{}", language.word());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let paths: BTreeSet<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    assert!(paths.len() > 1, "{paths:?}");
    paths.iter().map(|path| fs::read_to_string(path).unwrap() + "\n").collect()
}

/// Keys of a language's file with the values that stand in their texts.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let text = file(language);
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut present = String::new();
    for line in text.lines() {
        if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with([' ', '#'])) {
            present = key.to_owned();
            assert!(!found.contains_key(key), "{key} stands twice");
            found.insert(present.clone(), BTreeSet::new());
        }
        let names = line.split('$').skip(1).map(|rest| {
            rest.chars().take_while(|c| c.is_alphanumeric() || *c == '-').collect::<String>()
        });
        if let Some(values) = found.get_mut(&present) {
            values.extend(names);
        }
    }
    found
}

#[test]
fn every_message_exists_in_every_language_with_the_same_values() {
    let english = keys(Language::English);
    assert!(english.len() > 150, "only {} messages were found", english.len());
    for language in [Language::French, Language::German] {
        let other = keys(language);
        let names = |keys: &BTreeMap<String, BTreeSet<String>>| -> BTreeSet<String> {
            keys.keys().cloned().collect()
        };
        assert_eq!(names(&english), names(&other), "{}", language.word());
        for (key, values) in &english {
            // The French plural of `1` needs no digit in English and German alone.
            assert_eq!(values, &other[key], "{key} in {}", language.word());
        }
    }
}

#[test]
fn no_message_is_empty_and_none_is_the_key_itself() {
    for language in Language::ALL {
        for (key, values) in keys(language) {
            let key: &'static str = key.leak();
            // Numbers give their text besides, and come last, so that they win.
            let arguments: Vec<(&'static str, Argument<'_>)> = values
                .iter()
                .map(|value| match value.strip_suffix("-text") {
                    Some(number) => (&*number.to_owned().leak(), Argument::from(2)),
                    None => (&*value.clone().leak(), Argument::from("§")),
                })
                .collect();
            let text = language.say_with(key, &arguments);
            // What is not found shows its key; some words are their own keys.
            let same = text == key && !file(language).contains(&format!("\n{key} = {key}\n"));
            assert!(!text.is_empty() && !same, "{key}: {text}");
            assert!(!text.contains('{'), "{key}: {text}");
        }
        for category in Category::ALL {
            assert!(!language.category(category).is_empty());
        }
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_message_is_used() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let text: String = found.iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for key in keys(Language::English).keys() {
        assert!(text.contains(&format!("\"{key}\"")), "{key} is said nowhere");
    }
}

#[test]
fn numbers_are_written_as_the_language_writes_them() {
    let amounts = |language: Language| {
        [language.octets(1_234_567), language.count(12_345), language.share(1, 3)]
    };
    assert_eq!(amounts(Language::English), ["1.23 MB", "12,345", "33 %"]);
    assert_eq!(amounts(Language::French), ["1,23 Mo", "12\u{a0}345", "33 %"]);
    assert_eq!(amounts(Language::German), ["1,23 MB", "12.345", "33 %"]);
    assert_eq!(Language::English.octets(999), "999 B");
    assert_eq!(Language::English.octets(999_999), "1.00 MB");
    assert_eq!(Language::English.rate(3_000, 2_000_000_000), "1.50 kB/s");
    assert_eq!(Language::English.share(1, 1000), "< 1 %");
    assert_eq!(Language::English.share(999, 1000), "> 99 %");
    assert_eq!(Language::German.duration(1_500_000_000), "1,5 s");
    assert_eq!(Language::French.duration(100_000_000_000_000), "1 j 3 h");
}

#[test]
fn a_number_in_a_message_chooses_its_form_and_is_written_in_the_language() {
    let flows = |language: Language, flows: u64| {
        language.say_with("flows", &[("flows", Argument::from(flows))])
    };
    assert_eq!(flows(Language::English, 1), "1 flow");
    assert_eq!(flows(Language::German, 1_234), "1.234 Flüsse");
    assert_eq!(flows(Language::French, 0), "0 flux");
}

#[test]
fn a_locale_chooses_the_language_and_what_is_not_spoken_is_english() {
    let of = |values: [Option<&str>; 3]| Language::of_locale(values);
    assert_eq!(of([None, None, Some("fr_CH.UTF-8")]), Language::French);
    assert_eq!(of([Some(""), Some("de"), Some("fr")]), Language::German);
    assert_eq!(of([Some("C"), None, Some("de_DE")]), Language::English);
    assert_eq!(of([None, None, None]), Language::English);
}
