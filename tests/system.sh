#!/usr/bin/env bash
# The built binary against other people's tools: totals and names of pcaps/ by capinfos and tshark, the
# same capture in other wrappings, and a tcpdump that is still running.
#
#   tests/system.sh [--vigie PATH]
#
# The live check makes two network namespaces and needs root for it.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

vigie=target/release/vigie
# shellcheck source=tests/checks.sh
source tests/checks.sh
run=vigie-test-$$
work=
server_pid=

main() {
    [[ ${1:-} != --vigie ]] || vigie=$2
    [[ -x $vigie ]] || { echo "$vigie: no such program; run: cargo build --release" >&2; exit 1; }
    vigie=$(realpath "$vigie")
    trap clean_up EXIT
    work=$(mktemp -d)
    local capture
    for capture in pcaps/*.pcap pcaps/*.pcapng; do
        check "$capture: frames and octets are those of capinfos" tshark capinfos totals "$capture"
        check "$capture: names in TLS hellos are those of tshark" tshark tshark tls_names "$capture"
        check "$capture: names in QUIC hellos are those of tshark" tshark tshark quic_names "$capture"
        check "$capture: names in HTTP requests are those of tshark" tshark tshark http_names "$capture"
        check "$capture: names asked by DNS are those of tshark" tshark tshark dns_names "$capture"
        check "$capture: gzip, zstd, lz4 and a pipe change nothing" lz4 zstd wrappings "$capture"
    done
    check "a tcpdump that still runs: every frame arrives, the server is named" tcpdump ip live_pipe
    echo
    tally
}

# check SENTENCE NEEDED NEEDED FUNCTION ARGUMENT…
check() {
    local sentence=$1 first=$2 second=$3
    shift 3
    if needs "$sentence" "$first" "$second"; then holds "$sentence" "$@"; fi
}

clean_up() {
    [[ -z $server_pid ]] || kill "$server_pid" 2>/dev/null || true
    ip netns del "$run-a" 2>/dev/null || true
    ip netns del "$run-b" 2>/dev/null || true
    rm -rf "${work:?}"
}

same() {
    diff -u --label tshark --label vigie "$1" "$2"
}

# Prints a Python expression over `rows`, the NDJSON of a capture, one item a line, sorted.
said() {
    "$vigie" analyze --format ndjson "$1" | python3 -c "
import json, sys
rows = [json.loads(line) for line in sys.stdin]
flows = [row for row in rows if row['type'] == 'flow']
summary = rows[-1]
print('\n'.join(sorted(str(x) for x in $2)))"
}

totals() {
    capinfos -M -T -r -c -d "$1" | cut -f 2,3 | tr '\t' '\n' | sort >"$work/want"
    said "$1" "[summary['frames'], summary['bytes']]" >"$work/got"
    same "$work/want" "$work/got"
    said "$1" "[
        summary[k] - sum(f[w][n] for f in flows for w in ('up', 'down')) - sum(summary[o][k] for o in ('not_ip', 'undecodable', 'outside', 'duplicates') if o in summary)
        for k, n in (('frames', 'packets'), ('bytes', 'bytes'))]" >"$work/left"
    printf '0\n0\n' | same - "$work/left"
}

# names VIA CAPTURE TSHARK-FILTER FIELD: one line a name
names() {
    tshark -n -r "$2" -Y "$3" -T fields -e "$4" 2>/dev/null | tr ',' '\n' | sed 's/:[0-9]*$//' | tr '[:upper:]' '[:lower:]' |
        sed '/^$/d' | sort -u >"$work/want"
    said "$2" "{n['name'] for f in flows for n in f['names'] if n['via'] == '$1'}" | sed '/^$/d' | sort -u >"$work/got"
    same "$work/want" "$work/got"
}

tls_names() { names tls-sni "$1" 'tls.handshake.type == 1 && tcp' tls.handshake.extensions_server_name; }
quic_names() { names quic-sni "$1" 'tls.handshake.type == 1 && quic && !icmp' tls.handshake.extensions_server_name; }
http_names() { names http-host "$1" http.request http.host; }
dns_names() { names dns-query "$1" 'dns.flags.response == 0 && !icmp' dns.qry.name; }

wrappings() {
    local plain="$work/plain.ndjson" wrapped=$work/wrapped suffix
    contents "$1" >"$plain"
    gzip -c "$1" >"$wrapped.gz"
    zstd -q -c "$1" >"$wrapped.zst"
    lz4 -q -c "$1" >"$wrapped.lz4"
    for suffix in gz zst lz4; do
        contents "$wrapped.$suffix" | diff -q "$plain" - || { echo "$suffix differs"; return 1; }
    done
    # shellcheck disable=SC2002 # a pipe is the point
    cat "$1" | contents - | diff -q "$plain" - || { echo "the pipe differs"; return 1; }
}

# All but the capture record, which holds the path.
contents() {
    "$vigie" analyze --format ndjson "$1" | grep -v '"type":"capture"'
}

# Two hosts on a cable; one serves HTTP, the other asks, tcpdump listens and writes into a pipe.
live_pipe() {
    ((EUID == 0)) || { echo "namespaces need root; run it with sudo"; return 77; }
    ip netns add "$run-a" 2>/dev/null || { echo "no network namespaces here"; return 77; }
    ip netns add "$run-b"
    ip -n "$run-a" link add eth0 type veth peer name eth0 netns "$run-b"
    ip -n "$run-a" addr add 10.23.1.1/24 dev eth0
    ip -n "$run-b" addr add 10.23.1.2/24 dev eth0
    ip -n "$run-a" link set eth0 up
    ip -n "$run-b" link set eth0 up
    mkdir "$work/www"
    head -c 50000 /dev/urandom >"$work/www/file"
    ip netns exec "$run-a" python3 -m http.server --directory "$work/www" 80 >/dev/null 2>&1 &
    server_pid=$!
    local number
    (ip netns exec "$run-b" timeout -s INT 8 tcpdump -q -i eth0 -U -w - 2>/dev/null || true) | "$vigie" analyze --format ndjson - >"$work/live.ndjson" &
    local analysis=$!
    sleep 2
    for number in 1 2 3 4 5; do
        ip netns exec "$run-b" curl --silent --fail --retry 5 --retry-connrefused --max-time 5 --output /dev/null \
            --resolve "live.example.org:80:10.23.1.1" "http://live.example.org/file?$number"
    done
    wait "$analysis" || { echo "vigie ended with status $?"; return 1; }
    kill "$server_pid"
    python3 - "$work/live.ndjson" <<'END'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
flows = [r for r in rows if r["type"] == "flow" and any(n["name"] == "live.example.org" for n in r["names"])]
assert len(flows) == 5, f"{len(flows)} flows named live.example.org instead of 5"
assert all(f["client"]["ip"] == "10.23.1.2" and f["down"]["payload"] > 50000 for f in flows), flows
assert rows[-1]["type"] == "summary" and rows[-1]["frames"] > 50, rows[-1]
END
}

main "$@"
