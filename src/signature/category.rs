//! What a system is for. The one list of categories.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The purpose class of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Category {
    /// Analysis of employees' working behaviour.
    WorkplaceAnalytics,
    /// Diagnostic and usage data.
    Telemetry,
    /// Crash reports.
    CrashReport,
    /// Settings and rules that a program fetches.
    Configuration,
    /// Advertising.
    Advertising,
    /// Measurement libraries inside applications.
    AnalyticsSdk,
    /// Monitoring of employees.
    EmployeeMonitoring,
    /// Surveys, health ones among them.
    SurveyHealth,
    /// A vehicle's or its app's connection to the maker.
    ConnectedCar,
    /// Trade with vehicle data.
    CarDataBroker,
    /// Fleet telematics.
    FleetTelematics,
    /// Charging of electric vehicles.
    EvCharging,
    /// Sign-in.
    Identity,
    /// Updates.
    Update,
    /// Security products.
    Security,
    /// Storage of files and mail.
    CloudStorage,
    /// Plain function.
    Functional,
}

/// A category's name in the languages of screens and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CategoryNames {
    /// English.
    pub en: &'static str,
    /// French.
    pub fr: &'static str,
    /// German.
    pub de: &'static str,
}

impl Category {
    /// Every category, in the order of output.
    pub const ALL: [Self; 17] = [
        Self::WorkplaceAnalytics,
        Self::Telemetry,
        Self::CrashReport,
        Self::Configuration,
        Self::Advertising,
        Self::AnalyticsSdk,
        Self::EmployeeMonitoring,
        Self::SurveyHealth,
        Self::ConnectedCar,
        Self::CarDataBroker,
        Self::FleetTelematics,
        Self::EvCharging,
        Self::Identity,
        Self::Update,
        Self::Security,
        Self::CloudStorage,
        Self::Functional,
    ];

    /// The word for it in signature files, outputs and filters.
    pub fn word(self) -> &'static str {
        self.row().0
    }

    /// Its name for readers.
    pub fn names(self) -> CategoryNames {
        let (_, en, fr, de) = self.row();
        CategoryNames { en, fr, de }
    }

    /// The category that `word` stands for.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|category| category.word() == word)
    }

    /// Whether a tag of this category says something against somebody. The others are never
    /// summed with those that do.
    pub fn accuses(self) -> bool {
        !matches!(
            self,
            Self::Functional
                | Self::Identity
                | Self::Update
                | Self::Security
                | Self::Configuration
                | Self::CloudStorage
        )
    }

    /// Word, then the name in English, French and German.
    fn row(self) -> (&'static str, &'static str, &'static str, &'static str) {
        match self {
            Self::WorkplaceAnalytics => (
                "workplace-analytics",
                "workplace analytics",
                "analyse de l'activité au travail",
                "Arbeitsplatzanalyse",
            ),
            Self::Telemetry => ("telemetry", "telemetry", "télémétrie", "Telemetrie"),
            Self::CrashReport => {
                ("crash-report", "crash reports", "rapports de plantage", "Absturzberichte")
            }
            Self::Configuration => {
                ("configuration", "configuration", "configuration", "Konfiguration")
            }
            Self::Advertising => ("advertising", "advertising", "publicité", "Werbung"),
            Self::AnalyticsSdk => (
                "analytics-sdk",
                "analytics in applications",
                "mesure d'usage dans les applications",
                "Nutzungsmessung in Anwendungen",
            ),
            Self::EmployeeMonitoring => (
                "employee-monitoring",
                "employee monitoring",
                "surveillance des salariés",
                "Beschäftigtenüberwachung",
            ),
            Self::SurveyHealth => (
                "survey-health",
                "surveys and health",
                "enquêtes et santé",
                "Umfragen und Gesundheit",
            ),
            Self::ConnectedCar => {
                ("connected-car", "connected vehicle", "véhicule connecté", "vernetztes Fahrzeug")
            }
            Self::CarDataBroker => (
                "car-data-broker",
                "vehicle-data broker",
                "courtier en données de véhicules",
                "Fahrzeugdatenhändler",
            ),
            Self::FleetTelematics => (
                "fleet-telematics",
                "fleet telematics",
                "télématique de flotte",
                "Flottentelematik",
            ),
            Self::EvCharging => {
                ("ev-charging", "vehicle charging", "recharge de véhicules", "Ladeinfrastruktur")
            }
            Self::Identity => ("identity", "sign-in", "authentification", "Anmeldung"),
            Self::Update => ("update", "updates", "mises à jour", "Aktualisierungen"),
            Self::Security => ("security", "security", "sécurité", "Sicherheit"),
            Self::CloudStorage => {
                ("cloud-storage", "cloud storage", "stockage en nuage", "Cloud-Speicher")
            }
            Self::Functional => ("functional", "function", "fonctionnement", "Funktion"),
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_has_its_own_word_and_names_in_three_languages() {
        let mut words: Vec<_> = Category::ALL.iter().map(|c| c.word()).collect();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), Category::ALL.len());
        for category in Category::ALL {
            let names = category.names();
            assert!(!names.en.is_empty() && !names.fr.is_empty() && !names.de.is_empty());
            assert_eq!(Category::from_word(category.word()), Some(category));
            let serde = serde_json::to_string(&category).expect("a unit variant");
            assert_eq!(serde, format!("\"{}\"", category.word()));
        }
    }

    #[test]
    fn six_categories_accuse_nobody() {
        let innocent: Vec<_> =
            Category::ALL.into_iter().filter(|c| !c.accuses()).map(Category::word).collect();
        let expected =
            ["configuration", "identity", "update", "security", "cloud-storage", "functional"];
        assert_eq!(innocent, expected);
    }

    #[test]
    fn the_documentation_lists_every_category() {
        let page = include_str!("../../docs/signatures.md");
        for category in Category::ALL {
            let (word, CategoryNames { en, fr, de }) = (category.word(), category.names());
            let accuses = if category.accuses() { "yes" } else { "no" };
            let line = format!("| `{word}` | {accuses} | {en} | {fr} | {de} |");
            assert!(page.lines().any(|l| l == line), "docs/signatures.md lacks: {line}");
        }
    }
}
