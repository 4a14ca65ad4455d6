#!/usr/bin/env bash
# Exported signatures in the hands of the programs that they are for: tshark, nft, dnsmasq and
# Suricata accept them, and a display filter shows the frames that vigie tags.
#
#   tests/signatures.sh [--vigie PATH]
#
# nft asks the kernel and needs root for it. Suricata is not in every distribution (Debian 12 has it
# among its backports): what is missing is said.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

vigie=target/release/vigie
# shellcheck source=tests/checks.sh
source tests/checks.sh
work=

main() {
    [[ ${1:-} != --vigie ]] || vigie=$2
    [[ -x $vigie ]] || { echo "$vigie: no such program; run: cargo build --release" >&2; exit 1; }
    vigie=$(realpath "$vigie")
    trap 'rm -rf "$work"' EXIT
    work=$(mktemp -d)
    local form
    for form in names hosts adblock pihole dnsmasq suricata zeek wireshark nftables; do
        "$vigie" -q signatures export "$form" >"$work/$form"
        [[ -s $work/$form ]] || { echo "$form: nothing was exported" >&2; exit 1; }
    done
    check "the shipped signatures keep their rules" true rules
    check "tshark accepts the display filter of the whole database" tshark display_filter
    check "the display filter finds names in captures, and none where nothing is tagged" tshark shows
    check "nft accepts the sets" nft nft_sets
    check "dnsmasq accepts its directives" dnsmasq dnsmasq_directives
    check "dnsmasq answers for what the patterns cover, and for nothing beside" dnsmasq dnsmasq_answers
    check "Suricata loads every rule" suricata suricata_rules
    check "Suricata alerts on the names that vigie tags, on no other, and on none where nothing is tagged" suricata suricata_alerts
    check "what was exported comes in again, with as many patterns" true round_trip
    echo
    tally
}

# check SENTENCE NEEDED FUNCTION
check() {
    if needs "$1" "$2"; then holds "$1" "$3"; fi
}

rules() {
    "$vigie" signatures check
}

# Category by category: all in one is longer than the kernel lets an argument be.
display_filter() {
    local category categories=(workplace-analytics telemetry crash-report configuration advertising analytics-sdk employee-monitoring
        survey-health connected-car car-data-broker fleet-telematics ev-charging identity update security cloud-storage functional)
    for category in "${categories[@]}"; do
        "$vigie" -q signatures export wireshark --category "$category" >"$work/filter"
        [[ -s $work/filter ]] || { echo "$category: nothing exported"; return 1; }
        tshark -r pcaps/nothing-tagged.pcap -Y "$(<"$work/filter")" >"$work/shown" || { echo "$category"; return 1; }
    done
}

# Of the names that vigie tags by the client's own word, each must be shown in some frame.
shows() {
    local filter names
    filter=$("$vigie" -q signatures export wireshark --accusing)
    tshark -r pcaps/nothing-tagged.pcap -Y "$filter" >"$work/shown"
    [[ ! -s $work/shown ]] || { echo "nothing-tagged.pcap:"; cat "$work/shown"; return 1; }
    tshark -r pcaps/office-hour.pcapng -Y "$filter and tls.handshake.extensions_server_name" -T fields \
        -e tls.handshake.extensions_server_name | sort -u >"$work/by-tshark"
    "$vigie" -q analyze pcaps/office-hour.pcapng --format ndjson |
        python3 -c '
import json, sys
aside = {"functional", "identity", "update", "security", "configuration", "cloud-storage"}
for line in sys.stdin:
    flow = json.loads(line)
    for tag in flow.get("tags", [])[:1]:
        if tag["basis"] == "name" and tag["category"] not in aside:
            for name in flow["names"]:
                if name["via"] == "tls-sni":
                    print(name["name"])' | sort -u >"$work/by-vigie"
    names=$(wc -l <"$work/by-vigie")
    ((names >= 3)) || { echo "vigie tags only $names names"; return 1; }
    comm -23 "$work/by-vigie" "$work/by-tshark" >"$work/missing"
    [[ ! -s $work/missing ]] || { echo "not shown:"; cat "$work/missing"; return 1; }
}

nft_sets() {
    nft list tables >/dev/null 2>&1 || { echo "nft needs root and a kernel with nftables"; return 77; }
    nft --check --file "$work/nftables"
    grep -q ' . udp . ' "$work/nftables"
}

dnsmasq_directives() {
    dnsmasq --test --conf-file="$work/dnsmasq"
}

# In a network namespace of its own: nobody else is asked, and nobody else's port is taken.
dnsmasq_answers() {
    ((EUID == 0)) || { echo "a network namespace needs root"; return 77; }
    cat >"$work/two" <<'END'
address=/acme.example/0.0.0.0
address=/*.below.example/0.0.0.0
host-record=exact.example,0.0.0.0
END
    unshare --net bash -c '
        set -eu
        ip link set lo up
        dnsmasq --conf-file="$1/two" --no-resolv --no-hosts --listen-address=127.0.0.1 --bind-interfaces \
            --pid-file="$1/pid" --user=root
        trap "kill \$(cat $1/pid)" EXIT
        python3 - <<END
import socket, struct, sys
def ask(name):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    query = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", 1, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.sendto(query, ("127.0.0.1", 53))
        return struct.unpack(">6H", s.recv(512)[:12])[3] > 0
expected = {"acme.example": True, "x.acme.example": True, "evil-acme.example": False,
            "below.example": False, "x.below.example": True, "evil-below.example": False,
            "exact.example": True, "x.exact.example": False}
wrong = {name: answer for name, answer in ((n, ask(n)) for n in expected) if answer != expected[name]}
sys.exit(f"wrong answers: {wrong}" if wrong else 0)
END' bash "$work"
}

# What it prints with a test of its configuration says how many rules it loaded; that a rule was
# refused is no failure to it.
suricata_rules() {
    local rules
    rules=$(grep -c '^alert ' "$work/suricata")
    suricata_settings
    suricata -T -c "$work/suricata.yaml" -S "$work/suricata" -l "$work/log" || { cat "$work/log/suricata.log"; return 1; }
    grep -q " $rules rules successfully loaded, 0 rules failed" "$work/log/suricata.log" ||
        { grep 'rules' "$work/log/suricata.log"; return 1; }
}

# A signature's rule speaks of every name that a pattern of it covers, also where vigie has a more
# specific one: `explain` names those as candidates.
suricata_alerts() {
    suricata_settings
    suricata -r pcaps/office-hour.pcapng -k none -c "$work/suricata.yaml" -S "$work/suricata" -l "$work/log"
    "$vigie" -q analyze pcaps/office-hour.pcapng --format ndjson >"$work/flows"
    python3 - "$work/log/eve.json" "$work/flows" "$vigie" <<'END'
import json, subprocess, sys
eve, flows, vigie = sys.argv[1:]
alerts = set()
for line in open(eve):
    event = json.loads(line)
    if event["event_type"] == "alert" and "sni" in event.get("tls", {}):
        alerts.add((event["tls"]["sni"], event["alert"]["signature"].split()[1]))
tags = set()
for line in open(flows):
    flow = json.loads(line)
    names = [n["name"] for n in flow.get("names", []) if n["via"] == "tls-sni"]
    tags |= {(names[0], t["signature"]) for t in flow.get("tags", []) if t["basis"] == "name" and len(names) == 1}
if len(tags) < 10:
    sys.exit(f"vigie tags only {len(tags)} names")
missing = tags - alerts
explained = subprocess.run([vigie, "-q", "explain", "-f", "ndjson", "--file", "-"], capture_output=True, text=True,
                           check=True, input="\n".join({name for name, _ in alerts}))
covered = set()
for line in explained.stdout.splitlines():
    record = json.loads(line)
    meant = [record["tag"]] if record["tag"] else []
    covered |= {(record["query"], tag["signature"]) for tag in meant + record["candidates"]}
beyond = alerts - covered
print(f"{len(tags)} names tagged, {len(alerts)} alerts by name and signature")
sys.exit(f"no alert: {missing}; an alert beyond the patterns: {beyond}" if missing or beyond else 0)
END
    rm "$work/log/eve.json"
    "$vigie" -q signatures export suricata --accusing >"$work/accusing"
    suricata -r pcaps/nothing-tagged.pcap -k none -c "$work/suricata.yaml" -S "$work/accusing" -l "$work/log"
    ! grep '"event_type":"alert"' "$work/log/eve.json"
}

# The least that Suricata needs: alerts as JSON, the protocols that the rules speak of.
suricata_settings() {
    mkdir -p "$work/log"
    : >"$work/empty"
    cat >"$work/suricata.yaml" <<END
%YAML 1.1
---
classification-file: $work/empty
reference-config-file: $work/empty
threshold-file: $work/empty
vars: {address-groups: {HOME_NET: any, EXTERNAL_NET: any}}
outputs:
  - eve-log: {enabled: yes, filetype: regular, filename: eve.json, types: [{alert: {tagged-packets: no}}]}
logging: {default-log-level: notice, outputs: [{file: {enabled: yes, level: info, filename: suricata.log}}]}
app-layer:
  protocols:
    tls: {enabled: yes, detection-ports: {dp: 443}}
    dns: {tcp: {enabled: yes}, udp: {enabled: yes}}
    http: {enabled: yes}
    http2: {enabled: yes}
END
}

round_trip() {
    local form all back
    all=$(grep -vc '^#' "$work/names")
    for form in names adblock pihole; do
        "$vigie" -q signatures import "$work/$form" --category advertising -o "$work/again-$form"
        back=$("$vigie" -q signatures list --signatures "$work/again-$form" --only-signatures | tail -1)
        [[ $back == *" $(thousands "$all") host patterns,"* ]] || { echo "$form: $all went out, came back: $back"; return 1; }
    done
}

thousands() { printf '%d' "$1" | sed -E ':a; s/^([0-9]+)([0-9]{3})/\1,\2/; ta'; }

main "$@"
