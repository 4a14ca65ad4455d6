//! The words for values, in the language of the screen.

use std::net::IpAddr;

use jiff::Timestamp;

use super::scene::Scene;
use crate::export::Labels;
use crate::ledger::{DimensionValue, FlowRecord, masked_client, masked_server};
use crate::source::CaptureTime;
use crate::tui::order::RowKey;
use crate::tui::sheet::Row;

impl Scene<'_> {
    /// A value of a dimension.
    pub(in crate::tui) fn value(&self, value: &DimensionValue) -> String {
        match value {
            DimensionValue::Category(category) => self.language.category(*category).to_owned(),
            DimensionValue::Untagged => self.say("untagged"),
            DimensionValue::NoDevice => self.say("no-device"),
            DimensionValue::Unnamed(cause) => self.cause(*cause),
            DimensionValue::Address(address) => self.address(*address),
            DimensionValue::Hour(start) => self.time(*start),
            other => {
                let captures = &self.sheet.snapshot.captures;
                Labels { database: self.database, captures }.text(other).into_owned()
            }
        }
    }

    /// Why there is no name.
    pub(in crate::tui) fn cause(&self, cause: crate::name::Without) -> String {
        self.language.cause(cause)
    }

    /// An address; the number of one that is masked.
    pub(in crate::tui) fn address(&self, address: IpAddr) -> String {
        let numbered = |key, number: u16| {
            self.say_with(key, &[("number", u64::from(number).to_string().into())])
        };
        match (masked_client(address), masked_server(address)) {
            (Some(number), _) => numbered("masked-client", number),
            (_, Some(number)) => numbered("masked-server", number),
            _ => address.to_string(),
        }
    }

    /// Who the server is: its name, else its address.
    pub(in crate::tui) fn host(&self, flow: &FlowRecord) -> String {
        match flow.best_name() {
            Some(seen) => seen.name.as_str().to_owned(),
            None => self.address(flow.server.ip),
        }
    }

    /// Date and time to the second, in the zone of the screen.
    pub(in crate::tui) fn moment(&self, time: CaptureTime) -> String {
        self.zoned(time).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    /// The time of day.
    pub(in crate::tui) fn time(&self, time: CaptureTime) -> String {
        self.zoned(time).strftime("%H:%M:%S").to_string()
    }

    fn zoned(&self, time: CaptureTime) -> jiff::Zoned {
        // Every i64 of nanoseconds is a Timestamp; the default is for the type only.
        let timestamp = Timestamp::from_nanosecond(i128::from(time.0)).unwrap_or_default();
        timestamp.to_zoned(self.zone.clone())
    }

    /// What a row is called.
    pub(in crate::tui) fn name(&self, row: &Row) -> String {
        match (&row.key, &row.flow) {
            (_, Some(flow)) => self.host(&flow.record),
            (RowKey::Value(value) | RowKey::Vendor(_, value), _) => self.value(value),
            (RowKey::Signature(id), _) => self.database.signature(*id).id.clone(),
            (RowKey::Older | RowKey::Flow(_), _) => self.say("older-flows"),
        }
    }

    /// The sign of what a category says: colour is never alone.
    pub(in crate::tui) fn sign(&self, row: &Row) -> char {
        use crate::tui::theme::Role;
        match self.role(row) {
            Role::Accusing => '●',
            Role::Operation => '○',
            _ => '·',
        }
    }
}
