//! `AdGuard` Home's `querylog.json`: one object a line, the answer as a DNS message in base64
//! (<https://github.com/AdguardTeam/AdGuardHome>, `internal/querylog`).

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::Deserialize;

use super::super::message::{self, Strictness};
use super::{LogFault, Told};
use crate::source::CaptureTime;

/// The fields that are looked at.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(rename = "T", borrow)]
    time: std::borrow::Cow<'a, str>,
    #[serde(rename = "IP", borrow)]
    client: std::borrow::Cow<'a, str>,
    #[serde(rename = "Answer", borrow)]
    answer: Option<std::borrow::Cow<'a, str>>,
}

/// Gives the addresses that an entry answers to `keep`. An entry without an answer gives none.
pub(super) fn entry(line: &[u8], keep: &mut dyn FnMut(Told<'_>)) -> Result<(), LogFault> {
    let entry: Entry<'_> = serde_json::from_slice(line).map_err(|_| LogFault::Entry)?;
    let time: Timestamp = entry.time.parse().map_err(|_| LogFault::Time)?;
    let at = i64::try_from(time.as_nanosecond()).map(CaptureTime).map_err(|_| LogFault::Time)?;
    let client: IpAddr = entry.client.parse().map_err(|_| LogFault::Client)?;
    let Some(answer) = entry.answer.filter(|text| !text.is_empty()) else { return Ok(()) };
    let octets = STANDARD.decode(answer.as_bytes()).map_err(|_| LogFault::Answer)?;
    let message = message::read(&octets, Strictness::Port53).ok_or(LogFault::Answer)?;
    for answer in &message.answers {
        keep(Told {
            client,
            address: answer.address,
            at,
            ttl: answer.ttl,
            name: &answer.asked,
            chain: &answer.chain,
        });
    }
    Ok(())
}
