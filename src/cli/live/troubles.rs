//! What is wrong with a live capture at the moment, for the screen, in its language.

use crate::cli::cause::without_code;
use crate::language::Language;
use crate::ledger::Marker;
use crate::pipeline::{Happening, MarkerRefused};
use crate::tui::CaptureState;

/// Failures that go on: an interface that comes back is none any more.
#[derive(Debug, Default)]
pub(super) struct Troubles {
    /// The oldest first.
    lasting: Vec<Happening>,
}

/// Failures that are kept, the newest: one for each interface, and the file's.
const MOST: usize = 64;

impl Troubles {
    /// Takes something that has happened.
    pub(super) fn take(&mut self, what: &Happening) {
        match what {
            Happening::Down(_) => {}
            Happening::Back(name) => {
                self.lasting.retain(|old| !matches!(old, Happening::Gone(gone) if gone == name));
            }
            _ => {
                self.lasting.retain(|old| old != what);
                if self.lasting.len() >= MOST {
                    self.lasting.remove(0);
                }
                self.lasting.push(what.clone());
            }
        }
    }

    /// What the head of the screen says: the newest that goes on.
    pub(super) fn state(&self, language: Language) -> CaptureState {
        self.lasting.last().map_or(CaptureState::Live, |what| {
            CaptureState::Failed(without_code(&in_words(language, what)))
        })
    }
}

/// A failure in this language; what the system said is as it said it.
fn in_words(language: Language, what: &Happening) -> String {
    match what {
        Happening::Gone(interface) => {
            language.say_with("live-gone", &[("interface", interface.as_str().into())])
        }
        Happening::Failed { interface, call, cause } => language.say_with(
            "live-failed",
            &[
                ("interface", interface.as_str().into()),
                ("call", (*call).into()),
                ("why", cause.as_str().into()),
            ],
        ),
        Happening::Block { interface, frames } => language.say_with(
            "live-block",
            &[("interface", interface.as_str().into()), ("frames", u64::from(*frames).into())],
        ),
        Happening::Unwritten(why) => {
            language.say_with("live-unwritten", &[("why", why.as_str().into())])
        }
        // No failures: the head does not say them.
        Happening::Down(_) | Happening::Back(_) => what.to_string(),
    }
}

/// Why a marker is not set.
pub(super) fn refusal(language: Language, refused: MarkerRefused) -> String {
    let (key, most) = match refused {
        MarkerRefused::TooMany => ("mark-too-many", Marker::MOST_KEPT),
        MarkerRefused::TooLong => ("mark-too-long", Marker::LONGEST_TEXT),
    };
    language.say_with(key, &[("most", (most as u64).into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gone(name: &str) -> Happening {
        Happening::Gone(name.to_owned())
    }

    #[test]
    fn an_interface_that_comes_back_is_no_failure_any_more() {
        let mut troubles = Troubles::default();
        let is_live = |t: &Troubles| t.state(Language::English) == CaptureState::Live;
        troubles.take(&Happening::Down("eth0".to_owned()));
        assert!(is_live(&troubles));
        troubles.take(&gone("eth0"));
        troubles.take(&gone("eth1"));
        troubles.take(&Happening::Back("eth1".to_owned()));
        let CaptureState::Failed(why) = troubles.state(Language::English) else { panic!() };
        assert!(why.starts_with("eth0: the interface is gone"), "{why}");
        troubles.take(&Happening::Back("eth0".to_owned()));
        assert!(is_live(&troubles));
        // A file that cannot be written on stays one.
        troubles.take(&Happening::Unwritten("w.pcapng: no space left".to_owned()));
        troubles.take(&gone("eth0"));
        troubles.take(&Happening::Back("eth0".to_owned()));
        let CaptureState::Failed(why) = troubles.state(Language::English) else { panic!() };
        assert!(why.contains("no space left"), "{why}");
    }

    #[test]
    fn failures_and_refusals_are_said_in_the_screens_language_and_bounded() {
        let failed = || Happening::Failed {
            interface: "eth0".to_owned(),
            call: "recv",
            cause: "no such device".to_owned(),
        };
        let block = Happening::Block { interface: "eth0".to_owned(), frames: 2 };
        for what in [gone("eth0"), failed(), block] {
            let said = Language::ALL.map(|language| in_words(language, &what));
            assert!(said.iter().all(|said| said.starts_with("eth0") && !said.contains("live-")));
            assert!(said[0] != said[1] && said[1] != said[2] && said[0] != said[2], "{said:?}");
            assert_eq!(said[0], what.to_string());
        }
        for refused in [MarkerRefused::TooMany, MarkerRefused::TooLong] {
            let said = Language::ALL.map(|language| refusal(language, refused));
            assert!(said[0] != said[1] && said[1] != said[2], "{said:?}");
            assert!(!said[0].contains("mark-"), "{said:?}");
        }
        let mut troubles = Troubles::default();
        (0..1_000).for_each(|n| troubles.take(&gone(&format!("eth{n}"))));
        assert_eq!(troubles.lasting.len(), MOST);
    }
}
