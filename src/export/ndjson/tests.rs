use super::super::csv::{SIGNATURES_DATE, SUM_COLUMNS};
use std::collections::BTreeSet;

use insta::assert_snapshot;
use serde_json::Value;

use super::super::sample::marker;
use super::super::sample::{
    bare_flow, database, failed_capture, full_capture, full_flow, rollup, snapshot,
};
use super::super::{write_csv, write_json, write_marker, write_snapshot};
use super::*;
use crate::source::CaptureTime;

/// What the run of the samples writes: two flows, two captures, the summary.
fn run() -> String {
    let database = database();
    let mut out = Vec::new();
    let output = NdjsonOutput::new(&mut out, &database);
    let mut second = output.begin(1);
    let mut first = output.begin(0);
    second.flow(&bare_flow()).unwrap();
    second.end(1, &[failed_capture()]).unwrap();
    first.flow(&full_flow()).unwrap();
    first.end(0, &[full_capture()]).unwrap();
    output.finish(&snapshot()).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn records_hold_what_the_schema_says_stream_after_stream() {
    assert_snapshot!(run(), @r##"
    {"type":"flow","id":7,"capture":0,"first_frame":42,"proto":"tcp","client":{"ip":"192.0.2.7","port":50123,"vendor":"Acme Radios"},"server":{"ip":"198.51.100.9","port":443,"country":"FR","asn":64500,"network_owner":"Example Net"},"oriented_by":"syn","vlan":[12,34],"vni":5,"first":"2026-01-01T08:00:00.000000Z","last":"2026-01-01T08:00:01.500000Z","up":{"packets":12,"bytes":3456,"payload":2700},"down":{"packets":10,"bytes":9000,"payload":8400},"names":[{"name":"a.usage.acme.com","via":"tls-sni","first":"2026-01-01T08:00:00.000300Z"},{"name":"usage.acme.com","via":"dns","first":"2026-01-01T07:59:59.500000Z","chain":["edge.cdn.example"]}],"alpn":["h2","http/1.1"],"ja4":"q13d0104h2_0f2cb44170f4_c8abead0ac40","ja3":"8e18d1ac51f1188b4d3610de306c3c80","quic":{"user_agent":"Acme Browser \u001b[1m","version":"0x00000001","versions":["0x6b3343cf","0x00000001"],"parameters":["0x01","0x11","0x3129"]},"stun_software":"Acme Relay \u001b[1m","flags":["ech-offered","dns-ambiguous"],"tags":[{"signature":"acme-cloud-usage","category":"telemetry","vendor":"Acme, \"Inc\"","product":"=Cloud","basis":"name","matched":"*.usage.acme.com","grade":"A","reason":"the client named a dedicated, documented host","primary":true}],"device":"laptop","app":"Acme Chat"}
    {"type":"capture","schema":"vigie/1","id":0,"path":"office\u202e.pcapng","interfaces":[{"name":"eth0","link_type":1,"snaplen":262144,"dropped":3,"filter":"port 53"},{"link_type":1,"snaplen":262144}],"frames":25,"bytes":12700,"first":"2026-01-01T08:00:00.000000000Z","last":"2026-01-01T08:00:01.500000000Z","dropped":3,"damage":[{"frame":26,"offset":9800,"what":"record of 1514 octets, file ends after 96"}],"more_damage":2,"session":{"begun":"2026-01-01T08:00:00.000000000Z","file":3,"first_file":2},"octets_read":13000,"overlong":1,"comments":[{"text":"lab"},{"frame":3,"text":"tea"}],"more_comments":1,"unknown_blocks":[{"block":2989,"count":2,"offset":512,"frame":4}],"more_unknown_blocks":4,"sha256":"a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7"}
    {"type":"flow","id":8,"capture":0,"first_frame":43,"proto":"gre","client":{"ip":"2001:db8::7"},"server":{"ip":"2001:db8:1::9"},"oriented_by":"first","first":"2026-01-01T08:00:00Z","last":"2026-01-01T08:00:01Z","up":{"packets":1,"bytes":100,"payload":46},"down":{"packets":0,"bytes":0,"payload":0},"names":[],"unnamed":"unknown-protocol","flags":[],"tags":[]}
    {"type":"capture","schema":"vigie/1","id":1,"path":"gone.pcap","interfaces":[],"frames":0,"bytes":0,"dropped":null,"damage":[],"error":"no such file or directory; check the path"}
    {"type":"summary","frames":27,"bytes":12700,"flows":2,"shown_flows":2,"in_flows":{"frames":23,"bytes":12556},"not_ip":{"frames":1,"bytes":42},"undecodable":{"frames":1,"bytes":44},"undecodable_by":[{"reason":"link type 99 is not known","frames":1,"bytes":44}],"outside":{"frames":1,"bytes":28},"duplicates":{"frames":1,"bytes":30},"named_bytes":12456,"tagged_bytes":12456,"unnamed":{"dns":0,"ech":0,"midstream":0,"no-sni":0,"cut":0,"bound":0,"unknown-protocol":100,"no-payload":0},"bounds":{"reassembly":0,"fragments":0,"overlaps":0,"dns_answers":1,"flows":0,"names":0,"scopes":0,"resumed":0,"rows":0},"markers":[{"time":"2026-01-01T08:00:01.000000000Z","after_frames":12,"text":"tea\u202e"}],"signatures_date":"2026-01","registers":{"files":[{"assigns":"country","path":"places\u202e.mmdb","kind":"Example-Country","date":"2026-01-01","damaged":true}],"caveats":["the place where an address is registered is not where data ends: providers pass it on, and one address may be answered from many places"]},"by_signature":[{"signature":null,"flows":1,"up":{"packets":1,"bytes":100,"payload":46},"down":{"packets":0,"bytes":0,"payload":0}},{"signature":"acme-cloud-usage","category":"telemetry","vendor":"Acme, \"Inc\"","product":"=Cloud","flows":1,"up":{"packets":12,"bytes":3456,"payload":2700},"down":{"packets":10,"bytes":9000,"payload":8400}}]}
    "##);
}

#[test]
fn every_line_is_json_and_no_key_stands_twice() {
    for line in run().lines() {
        let value: Value = serde_json::from_str(line).unwrap();
        // serde_json keeps the last of two equal keys: the text would then be longer.
        let again = serde_json::to_string(&value).unwrap();
        assert_eq!(again.chars().filter(|c| *c == ':').count(), line.matches(':').count());
    }
}

#[test]
fn the_json_document_joins_summary_captures_and_rows() {
    let (snapshot, database) = (snapshot(), database());
    let mut out = Vec::new();
    write_json(&mut out, &snapshot, &database, Some(&rollup())).unwrap();
    let value: Value = serde_json::from_slice(&out).unwrap();
    let summary: Value = serde_json::from_str(run().lines().last().unwrap()).unwrap();
    for (key, expected) in summary.as_object().unwrap() {
        assert!(key == "type" || value[key] == *expected, "{key}");
    }
    assert_eq!(value["captures"][1]["path"], "gone.pcap");
    assert_snapshot!(serde_json::to_string_pretty(&value["by"]).unwrap(), @r##"
    [
      {
        "down": {
          "bytes": 0,
          "packets": 0,
          "payload": 0
        },
        "first": "2026-01-01T08:00:00.000000000Z",
        "flows": 1,
        "hour": "2026-01-01T08:00:00Z",
        "last": "2026-01-01T08:00:01.500000000Z",
        "name": null,
        "product": null,
        "unnamed": "unknown-protocol",
        "up": {
          "bytes": 100,
          "packets": 1,
          "payload": 46
        },
        "vendor": null
      },
      {
        "down": {
          "bytes": 9000,
          "packets": 10,
          "payload": 8400
        },
        "first": "2026-01-01T08:00:00.000000000Z",
        "flows": 1,
        "hour": "2026-01-01T08:00:00Z",
        "last": "2026-01-01T08:00:01.500000000Z",
        "name": "a.usage.acme.com",
        "product": "=Cloud",
        "up": {
          "bytes": 3456,
          "packets": 12,
          "payload": 2700
        },
        "vendor": "Acme, \"Inc\""
      }
    ]
    "##);
    let mut without = Vec::new();
    write_json(&mut without, &snapshot, &database, None).unwrap();
    assert!(serde_json::from_slice::<Value>(&without).unwrap().get("by").is_none());
}

#[test]
fn the_table_is_safe_for_spreadsheets() {
    let mut out = Vec::new();
    write_csv(&mut out, &rollup(), &snapshot(), &database()).unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(text.lines().count() * 2 == text.matches(['\r', '\n']).count());
    assert_snapshot!(text.replace('\r', ""), @r##"
    vendor,product,name,hour,up_packets,up_bytes,up_payload,down_packets,down_bytes,down_payload,flows,first,last,signatures_date
    (untagged),(untagged),(unknown-protocol),2026-01-01T08:00:00Z,1,100,46,0,0,0,1,2026-01-01T08:00:00.000000000Z,2026-01-01T08:00:01.500000000Z,2026-01
    "Acme, ""Inc""",'=Cloud,a.usage.acme.com,2026-01-01T08:00:00Z,12,3456,2700,10,9000,8400,1,2026-01-01T08:00:00.000000000Z,2026-01-01T08:00:01.500000000Z,2026-01
    "##);
}

/// Every key of `value`, with the path to it: `client.ip`, `names[].via`.
fn keys(value: &Value, path: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                keys(value, &path, found);
                found.insert(path);
            }
        }
        Value::Array(values) => {
            for value in values {
                keys(value, &format!("{path}[]"), found);
            }
        }
        _ => {}
    }
}

/// The fields in the tables of a section of `docs/output.md`.
fn documented(section: &str) -> BTreeSet<String> {
    let page = include_str!("../../../docs/output.md");
    let start = page.find(&format!("\n## {section}\n")).unwrap() + 4;
    let end = page[start..].find("\n## ").map_or(page.len(), |end| start + end);
    page[start..end]
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_field_is_documented_and_every_documented_field_exists() {
    let text = run();
    for (section, kind) in
        [("Flow records", "flow"), ("Capture records", "capture"), ("Summary record", "summary")]
    {
        let mut found = BTreeSet::new();
        for line in text.lines() {
            let value: Value = serde_json::from_str(line).unwrap();
            if value["type"] == kind {
                keys(&value, "", &mut found);
            }
        }
        assert_eq!(documented(section), found, "{section}");
    }
}

#[test]
fn a_snapshot_is_a_summary_with_its_time_and_a_marker_says_when() {
    let keys_of = |record: Vec<u8>| {
        let mut found = BTreeSet::new();
        keys(&serde_json::from_slice(&record).unwrap(), "", &mut found);
        found
    };
    let mut out = Vec::new();
    write_snapshot(&mut out, &snapshot(), Some(CaptureTime(0)), &database()).unwrap();
    assert!(
        out.starts_with(b"{\"type\":\"snapshot\",\"time\":\"1970-01-01T00:00:00.000000000Z\",")
    );
    let own = documented("Snapshot records");
    let all: BTreeSet<String> = own.union(&documented("Summary record")).cloned().collect();
    assert_eq!(keys_of(out), all);
    let mut out = Vec::new();
    write_marker(&mut out, &marker()).unwrap();
    assert_eq!(keys_of(out), documented("Marker records"));
}

#[test]
fn every_dimension_and_column_is_documented() {
    let columns: BTreeSet<_> =
        SUM_COLUMNS.iter().chain([&SIGNATURES_DATE]).map(|column| (*column).to_owned()).collect();
    assert_eq!(documented("CSV"), columns);
    for word in documented("Dimensions") {
        assert!(super::super::parse_dimension(&word).is_ok(), "{word}");
    }
    assert_eq!(documented("Dimensions").len(), super::super::dimension::WORDS.len());
}

#[test]
fn a_closed_pipe_stays_a_closed_pipe_in_every_format() {
    let (snapshot, database) = (snapshot(), database());
    let broken = |result: io::Result<()>| result.unwrap_err().kind() == io::ErrorKind::BrokenPipe;
    assert!(broken(write_summary(Closed, &snapshot, &database)));
    assert!(broken(write_json(Closed, &snapshot, &database, Some(&rollup()))));
    assert!(broken(write_csv(Closed, &rollup(), &snapshot, &database)));
    let output = NdjsonOutput::new(Closed, &database);
    assert!(broken(output.begin(0).flow(&bare_flow())));
    assert!(broken(output.finish(&snapshot)));
}

/// A pipe whose reader has gone.
struct Closed;

impl Write for Closed {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
