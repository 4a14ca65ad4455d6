//! What a case expects, and how it differs from what came out.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::outcome::number;

/// One `[[flow]]`. What is left out of `names`, `tags`, `flags`, `vlan`, `stun_software`,
/// `quic_user_agent` and `unnamed` must not be there; the rest is not compared when it is left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExpectedFlow {
    client: String,
    server: String,
    oriented_by: Option<String>,
    proto: Option<String>,
    first_frame: Option<u64>,
    #[serde(default)]
    up: Numbers,
    #[serde(default)]
    down: Numbers,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    unnamed: String,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    stun_software: String,
    #[serde(default)]
    quic_user_agent: String,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    vlan: Vec<u64>,
}

/// Some numbers of a record; an object stands for its number of frames.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Numbers(BTreeMap<String, u64>);

impl Numbers {
    /// Which of them are others in `record`.
    pub(super) fn differences(&self, record: &Value) -> Vec<String> {
        let mut differences = Vec::new();
        for (field, expected) in &self.0 {
            let value = &record[field];
            let is = number(if value.is_object() { &value["frames"] } else { value });
            if is != *expected {
                differences.push(format!("{field}: {is}, not {expected}"));
            }
        }
        differences
    }
}

impl ExpectedFlow {
    /// What is different in `flow`.
    pub(super) fn differences(&self, flow: &Value) -> Vec<String> {
        let mut all = Differences(Vec::new());
        all.text("client", &end(&flow["client"]), Some(&self.client));
        all.text("server", &end(&flow["server"]), Some(&self.server));
        all.text("oriented_by", &text(&flow["oriented_by"]), self.oriented_by.as_ref());
        all.text("proto", &text(&flow["proto"]), self.proto.as_ref());
        all.text("unnamed", &text(&flow["unnamed"]), Some(&self.unnamed));
        let software = text(&flow["stun_software"]);
        all.text("stun_software", &software, Some(&self.stun_software));
        let program = text(&flow["quic"]["user_agent"]);
        all.text("quic_user_agent", &program, Some(&self.quic_user_agent));
        all.list("names", &list(&flow["names"], name), &self.names);
        all.list("flags", &list(&flow["flags"], text), &self.flags);
        all.list("tags", &list(&flow["tags"], tag), &self.tags);
        let vlan: Vec<String> = self.vlan.iter().map(ToString::to_string).collect();
        all.list("vlan", &list(&flow["vlan"], ToString::to_string), &vlan);
        if let Some(first) = self.first_frame
            && number(&flow["first_frame"]) != first
        {
            all.0.push(format!("first_frame: {}, not {first}", flow["first_frame"]));
        }
        for (way, expected) in [("up", &self.up), ("down", &self.down)] {
            let of_way = expected.differences(&flow[way]).into_iter();
            all.0.extend(of_way.map(|d| format!("{way}: {d}")));
        }
        all.0
    }
}

struct Differences(Vec<String>);

impl Differences {
    fn text(&mut self, field: &str, is: &str, expected: Option<&String>) {
        if let Some(expected) = expected
            && is != *expected
        {
            self.0.push(format!("{field}: `{is}`, not `{expected}`"));
        }
    }

    fn list(&mut self, field: &str, is: &[String], expected: &[String]) {
        if is != expected {
            self.0.push(format!("{field}: {is:?}, not {expected:?}"));
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value, of: impl Fn(&Value) -> String) -> Vec<String> {
    value.as_array().map(|all| all.iter().map(of).collect()).unwrap_or_default()
}

/// `192.0.2.1:443`, `[2001:db8::1]:443`, or the address alone where there is no port.
fn end(value: &Value) -> String {
    let ip = text(&value["ip"]);
    match value["port"].as_u64() {
        None => ip,
        Some(port) if ip.contains(':') => format!("[{ip}]:{port}"),
        Some(port) => format!("{ip}:{port}"),
    }
}

/// `tls-sni www.example.org`, with the CNAME chain after `>`.
fn name(value: &Value) -> String {
    let chain = list(&value["chain"], text);
    let names = std::iter::once(text(&value["name"])).chain(chain);
    format!("{} {}", text(&value["via"]), names.collect::<Vec<_>>().join(" > "))
}

/// `signature basis grade`.
fn tag(value: &Value) -> String {
    [&value["signature"], &value["basis"], &value["grade"]].map(text).join(" ")
}
