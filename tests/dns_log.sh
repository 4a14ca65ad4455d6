#!/usr/bin/env bash
# The query log of a real dnsmasq (that of Pi-hole is one) names flows of which the capture shows no
# question: it answers in a network namespace of its own, and what it wrote is given to the binary.
#
#   sudo tests/dns_log.sh [--vigie PATH]
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
    for form in log-queries log-queries=extra; do
        check "dnsmasq with $form: its log names the flows to what it answered, and no other" named "$form"
    done
    echo
    tally
}

# check SENTENCE FUNCTION ARGUMENT…
check() {
    local sentence=$1
    shift
    if needs "$sentence" dnsmasq python3 unshare; then holds "$sentence" "$@"; fi
}

# named FORM
named() {
    ((EUID == 0)) || { echo "a network namespace needs root"; return 77; }
    local folder=$work/$1
    mkdir "$folder"
    cat >"$folder/conf" <<END
$1
log-facility=$folder/log
host-record=one.example,192.0.2.10,2001:db8::10
host-record=cdn.example,192.0.2.11
cname=alias.example,cdn.example
host-record=first.example,192.0.2.12
host-record=second.example,192.0.2.12
address=/blocked.example/0.0.0.0
END
    unshare --net bash -c '
        set -eu
        ip link set lo up
        dnsmasq --conf-file="$1/conf" --no-resolv --no-hosts --listen-address=127.0.0.1 --bind-interfaces \
            --pid-file="$1/pid" --user=root
        trap "kill \$(cat $1/pid)" EXIT
        python3 - "$1/flows.pcap" <<END
import socket, struct, sys, time
def ask(name, kind):
    labels = b"".join(bytes([len(l)]) + l.encode() for l in name.split("."))
    query = struct.pack(">6H", 7, 0x100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">2H", kind, 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(5)
        s.sendto(query, ("127.0.0.1", 53))
        assert struct.unpack(">6H", s.recv(512)[:12])[3] > 0, f"{name}: no answer"
for name, kind in [("one.example", 1), ("one.example", 28), ("alias.example", 1), ("first.example", 1),
                   ("second.example", 1), ("blocked.example", 1)]:
    ask(name, kind)
# The log has whole seconds, and an answer counts for flows that begin after it.
now = int(time.time()) + 2
client = socket.inet_aton("127.0.0.1")
with open(sys.argv[1], "wb") as out:
    out.write(struct.pack("<IHHIIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))
    for port, address in enumerate(["192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.13"], 1024):
        tcp = struct.pack(">HHIIBBHHH", port, 443, 1, 0, 0x50, 2, 1024, 0, 0)
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 40, port, 0, 64, 6, 0) + client + socket.inet_aton(address)
        out.write(struct.pack("<IIII", now, 0, 40, 40) + ip + tcp)
END' bash "$folder"
    cat "$folder/log"
    "$vigie" -q analyze --format ndjson --no-config --dns-log "$folder/log" --dns-log-year "$(date +%Y)" \
        --tz "$(date +%:z)" "$folder/flows.pcap" >"$folder/said"
    python3 - "$folder/said" <<'END'
import json, sys
flows = [f for f in map(json.loads, open(sys.argv[1])) if f["type"] == "flow"]
said = {f["server"]["ip"]: [(n["via"], n["name"], n.get("chain", [])) for n in f["names"]] + f["flags"] for f in flows}
expected = {
    "192.0.2.10": [("dns", "one.example", []), "one-sided"],
    "192.0.2.11": [("dns", "alias.example", ["cdn.example"]), "one-sided"],
    "192.0.2.12": [("dns", "second.example", []), "one-sided", "dns-ambiguous"],
    "192.0.2.13": ["one-sided"],
}
normal = lambda rows: {k: sorted(map(repr, v)) for k, v in rows.items()}
if normal(said) != normal(expected):
    sys.exit(f"{said}\ninstead of\n{expected}")
END
}

main "$@"
