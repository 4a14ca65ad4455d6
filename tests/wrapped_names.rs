//! Every flow of the captures of real proxies, STARTTLS, DTLS, MQTT, HTTP/2 and logins has exactly
//! the names that its client asked for, or was shown.

use std::process::Command;

/// Server, then `via name` in the order of output, then whether a proxy was seen.
const FLOWS: [(&str, &[&str], bool); 10] = [
    ("10.23.0.120:8888", &["http-connect inside.example", "tls-sni inside.example"], true),
    ("10.23.0.120:8888", &["http-host plain.example"], false),
    ("10.23.0.120:8888", &["http-connect inside.example"], true),
    ("10.23.0.122:1080", &["socks inside.example", "tls-sni inside.example"], true),
    ("10.23.0.122:1080", &["socks plain.example", "http-host plain.example"], true),
    ("10.23.0.123:4433", &["dtls-sni dtls.example"], false),
    ("10.23.0.124:25", &["smtp-helo client.example", "tls-sni mail.example"], false),
    ("10.23.0.125:8883", &["dns mqtt.example", "tls-sni mqtt.example"], false),
    ("10.23.0.126:8080", &["http-host h2c.example"], false),
    ("10.23.0.127:8081", &["http-host behind.example"], true),
];

/// The three logins of `logins.pcap`, each with a source port of its own.
const LOGINS: [(&str, &[&str], bool); 3] =
    [("10.23.0.128:1812", &["certificate radius.example"], false); 3];

#[test]
fn logins_show_the_certificate_of_the_server_that_checks_them() {
    check("logins.pcap", &LOGINS);
}

#[test]
fn every_flow_of_the_wrapped_capture_has_the_names_that_were_asked_for() {
    check("wrapped-names.pcap", &FLOWS);
}

fn check(capture: &str, wanted: &[(&str, &[&str], bool)]) {
    let output = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["analyze", "--format", "ndjson"])
        .arg(format!("{}/tests/captures/{capture}", env!("CARGO_MANIFEST_DIR")))
        .output()
        .expect("the program starts");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let mut flows = Vec::new();
    for line in text.lines() {
        let record: serde_json::Value = serde_json::from_str(line).expect("a record");
        let port = record["server"]["port"].as_u64().unwrap_or_default();
        if record["type"] != "flow" || port == 0 || port == 53 {
            continue;
        }
        let server = format!("{}:{port}", record["server"]["ip"].as_str().expect("an address"));
        let names = record["names"].as_array().expect("a list").iter();
        let names: Vec<String> = names
            .map(|name| format!("{} {}", text_of(&name["via"]), text_of(&name["name"])))
            .collect();
        let is_proxy = record["flags"].as_array().expect("a list").iter().any(|f| f == "proxy");
        flows.push((server, names, is_proxy));
    }
    let wanted: Vec<_> = wanted
        .iter()
        .map(|(server, names, is_proxy)| {
            let names: Vec<String> = names.iter().copied().map(str::to_owned).collect();
            ((*server).to_owned(), names, *is_proxy)
        })
        .collect();
    assert_eq!(flows, wanted);
}

fn text_of(value: &serde_json::Value) -> &str {
    value.as_str().expect("a text")
}
