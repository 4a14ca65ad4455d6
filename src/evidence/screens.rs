//! Screens of the terminal, drawn from the recorded flows by the terminal's own widgets.

use std::sync::Arc;

use super::{Case, Material};
use crate::filter::Filter;
use crate::ledger::Mask;
use crate::name::HostName;
use crate::tui::picture::{Paper, PictureFault, png, svg, text};
use crate::tui::{Depth, Ground, Settings, StillView, Theme, still};

/// Which screens, and how.
#[derive(Clone, Debug)]
pub struct ScreensWanted {
    /// The views, in their order.
    pub views: Vec<ScreenView>,
    /// What is hidden on them.
    pub mask: Mask,
    /// A filter, as written and parsed.
    pub filter: Option<(String, Filter)>,
}

impl Default for ScreensWanted {
    /// No screen; clients hidden on those that are added.
    fn default() -> Self {
        Self { views: Vec::new(), mask: Mask::Clients, filter: None }
    }
}

impl ScreensWanted {
    /// Asks for the hosts of details by other names.
    pub fn rename(&mut self, rename: impl Fn(&HostName) -> HostName) {
        for ScreenView(view) in &mut self.views {
            if let StillView::Detail(host) = view
                && let Ok(name) = HostName::from_wire(host.as_bytes())
            {
                *host = rename(&name).to_string();
            }
        }
    }
}

/// A view that `--screens` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScreenView(StillView);

/// A word that names no view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown screen `{}`; there are: {}, detail:HOST",
    crate::export::escape(word),
    StillView::words().collect::<Vec<_>>().join(", ")
)]
pub struct UnknownScreen {
    /// The word.
    pub word: String,
}

/// Why there is no screen.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScreenFault {
    /// The flows are not there one by one.
    #[error("screen: flows were not kept one by one; leave --screens out")]
    NoFlows,
    /// No flow leads there.
    #[error("screen `detail:{}`: no flow leads to this host", crate::export::escape(.host))]
    NoSuchHost {
        /// The host that was asked for.
        host: String,
    },
    /// It found no PNG.
    #[error("screen: {0}")]
    Picture(#[from] PictureFault),
}

/// A screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screen {
    /// Name of its files in `data/screens/`, without ending.
    pub file_name: String,
    /// The title of its view.
    pub view: String,
    /// SVG 1.1.
    pub svg: String,
    /// The same as PNG, with the font that comes with vigie.
    pub png: Vec<u8>,
    /// The same as text: what whoever does not see it reads.
    pub text: String,
    /// Capture, time, filter, mask; version, signatures, hashes.
    pub caption: Vec<String>,
    /// Whether clients are hidden on it.
    pub hides_clients: bool,
}

impl ScreenView {
    /// The views of a list: `overview,flows,detail:HOST`.
    pub fn parse_list(list: &str) -> Result<Vec<Self>, UnknownScreen> {
        let words = list.split(',').map(str::trim).filter(|word| !word.is_empty());
        words
            .map(|word| {
                let view = StillView::from_word(word);
                view.map(Self).ok_or_else(|| UnknownScreen { word: word.to_owned() })
            })
            .collect()
    }

    /// A name for files: words and digits alone, whatever the host is called.
    fn file_name(&self, number: usize) -> String {
        let word = match &self.0 {
            StillView::View(word) => word,
            StillView::Detail(_) => "detail",
        };
        format!("{number:02}-{word}")
    }
}

/// The screens that are wanted, of the flows that the material holds one by one.
pub fn screens(
    material: &Material<'_>,
    case: &Case,
    wanted: &ScreensWanted,
) -> Result<Vec<Screen>, ScreenFault> {
    if wanted.views.is_empty() {
        return Ok(Vec::new());
    }
    if material.snapshot.watched.is_none() {
        return Err(ScreenFault::NoFlows);
    }
    let snapshot = Arc::new(material.snapshot.clone());
    let settings = Settings {
        language: case.language,
        // Screens of a report are printed.
        theme: Theme { depth: Depth::True, ground: Ground::Light },
        mask: wanted.mask,
        filter: wanted.filter.clone(),
        zone: case.zone.clone(),
        ..Settings::default()
    };
    let hides_clients = matches!(wanted.mask, Mask::Clients | Mask::All);
    let mut drawn = Vec::new();
    for (number, view) in (1..).zip(&wanted.views) {
        let Some(still) = still(&snapshot, material.database, &settings, &view.0) else {
            let host = match &view.0 {
                StillView::Detail(host) => host.clone(),
                StillView::View(word) => (*word).to_owned(),
            };
            return Err(ScreenFault::NoSuchHost { host });
        };
        let picture = svg(&still.buffer, Paper::Light, &still.caption);
        drawn.push(Screen {
            file_name: view.file_name(number),
            view: still.title,
            png: png(&picture, SCALE)?,
            svg: picture,
            text: text(&still.buffer),
            caption: still.caption.0,
            hides_clients,
        });
    }
    Ok(drawn)
}

/// px of a PNG for each of the SVG: sharp on paper at the width of a page.
const SCALE: f32 = 2.0;
