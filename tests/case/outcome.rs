//! What vigie says of a capture.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The records of a run.
#[derive(Debug)]
pub(super) struct Outcome {
    /// In the order of the flows' first frames.
    pub(super) flows: Vec<Value>,
    /// The summary record.
    pub(super) summary: Value,
}

impl Outcome {
    /// Runs `vigie analyze` over `case.pcapng` in `folder`.
    pub(super) fn of(folder: &Path, arguments: &[String]) -> Result<Self, String> {
        let run = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .current_dir(folder)
            .args(["--no-config", "--quiet", "analyze", "--format", "ndjson", "case.pcapng"])
            .args(["--only-signatures", "--signatures", "signatures"])
            .args(arguments)
            .output()
            .map_err(|e| e.to_string())?;
        if !run.status.success() {
            return Err(format!("{}: {}", run.status, String::from_utf8_lossy(&run.stderr).trim()));
        }
        let said = String::from_utf8(run.stdout).map_err(|e| e.to_string())?;
        let records: Result<Vec<Value>, _> = said.lines().map(serde_json::from_str).collect();
        let records = records.map_err(|e| e.to_string())?;
        let of_type = |kind: &'static str| records.iter().filter(move |r| r["type"] == kind);
        let mut flows: Vec<_> = of_type("flow").cloned().collect();
        flows.sort_by_key(|flow| flow["id"].as_u64());
        let summary = of_type("summary").next().cloned().ok_or("no summary")?;
        Ok(Self { flows, summary })
    }

    /// What does not add up: the balance in frames and octets, names and causes, tags, and the
    /// sum over the flows.
    pub(super) fn broken_laws(&self) -> Vec<String> {
        let s = &self.summary;
        let mut broken = Vec::new();
        let mut law = |what: &str, left: u64, right: u64| {
            if left != right {
                broken.push(format!("{what}: {left} is not {right}"));
            }
        };
        for unit in ["frames", "bytes"] {
            let parts = ["in_flows", "not_ip", "undecodable", "outside", "duplicates"];
            let sum = parts.iter().map(|part| number(&s[part][unit])).sum();
            law(&format!("balance in {unit}"), number(&s[unit]), sum);
        }
        let octets = |flow: &Value| number(&flow["up"]["bytes"]) + number(&flow["down"]["bytes"]);
        let in_flows = number(&s["in_flows"]["bytes"]);
        let shown = number(&s["shown_flows"]);
        if shown == number(&s["flows"]) {
            law("octets of flows", self.flows.iter().map(octets).sum(), in_flows);
        }
        let causes = s["unnamed"].as_object().map_or(0, |c| c.values().map(number).sum());
        law("named and unnamed", number(&s["named_bytes"]) + causes, in_flows);
        let rows = s["by_signature"].as_array().map_or(&[][..], Vec::as_slice);
        law("rows by signature", rows.iter().map(octets).sum(), in_flows);
        let tagged = rows.iter().filter(|row| !row["signature"].is_null()).map(octets).sum();
        law("tagged", number(&s["tagged_bytes"]), tagged);
        let flows = u64::try_from(self.flows.len()).unwrap_or(u64::MAX);
        law("number of flows", shown, flows);
        broken
    }
}

pub(super) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}
