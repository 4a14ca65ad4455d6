//! What a system is for. The one list of categories.

use serde::{Deserialize, Serialize};

/// The purpose class of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
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
