#!/usr/bin/env bash
# `vigie live` against other people's tools: what it writes is read by tshark and capinfos, a disk
# that is full, a kill at any moment, an interface that is captured from and then removed.
#
#   tests/session.sh [--vigie PATH]
#
# The full disk is a small tmpfs, and interfaces are those of two namespaces: both need root.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

vigie=target/release/vigie
# shellcheck source=tests/checks.sh
source tests/checks.sh
run=vigie-session-$$
work=

main() {
    [[ ${1:-} != --vigie ]] || vigie=$2
    [[ -x $vigie ]] || { echo "$vigie: no such program; run: cargo build --release" >&2; exit 1; }
    vigie=$(realpath "$vigie")
    trap clean_up EXIT
    work=$(mktemp -d)
    mkdir -m 0700 "$work/run"
    export XDG_RUNTIME_DIR=$work/run
    local capture
    for capture in pcaps/*.pcap pcaps/*.pcapng; do
        check "$capture: a written file holds the same frames for tshark" tshark full_payload "$capture"
        check "$capture: a file without payload holds the same names for tshark" tshark headers "$capture"
        check "$capture: a minimised file holds tagged flows' frames alone, and no payload" tshark minimised "$capture"
    done
    for backend in ring pnet; do
        check "$backend: frames on an interface are counted, named and written, and a signal is the end" ip interface "$backend"
    done
    for backend in ring pnet; do
        check "$backend: an interface that is removed is said, counts again when it is made anew, and the status is 3" ip removed "$backend"
    done
    check "markers are comments for tshark" tshark markers
    check "capinfos and tshark read every file that a kill leaves" tshark killed
    check "a full disk: the file ends with a whole block, counting goes on, status 3" tshark full_disk
    echo
    tally
}

# check SENTENCE NEEDED FUNCTION ARGUMENT…
check() {
    local sentence=$1 tool=$2
    shift 2
    if needs "$sentence" "$tool"; then holds "$sentence" "$@"; fi
}

clean_up() {
    umount "$work/disk" 2>/dev/null || true
    ip netns del "$run-a" 2>/dev/null || true
    ip netns del "$run-b" 2>/dev/null || true
    rm -rf "${work:?}"
}

live() {
    "$vigie" --no-config -q live -r - --headless "$@"
}

same() {
    diff -u --label original --label written "$1" "$2" | head -20
}

# Time, lengths and, with a second argument, the octets of every frame.
frames() {
    tshark -n -r "$1" -T fields -e frame.time_epoch -e frame.len ${2:+-e} ${2:+frame.cap_len} 2>/dev/null
}

full_payload() {
    local out=$work/full.pcapng
    rm -f "$out"
    live --write "$out" --full-payload <"$1" >/dev/null
    frames "$1" all >"$work/want"
    frames "$out" all >"$work/got"
    same "$work/want" "$work/got"
    # Octet by octet, as tshark prints them.
    cmp <(tshark -n -x -r "$1" 2>/dev/null) <(tshark -n -x -r "$out" 2>/dev/null)
    capinfos -t "$out" | grep -q pcapng
}

# Names in hellos and HTTP hosts.
names() {
    {
        tshark -n -r "$1" -Y 'tls.handshake.type == 1 && !icmp' -T fields -e tls.handshake.extensions_server_name
        tshark -n -r "$1" -Y http.request -T fields -e http.host -e http.request.method
    } 2>/dev/null | sed '/^[[:space:]]*$/d' | sort -u
}

headers() {
    local out=$work/headers.pcapng
    rm -f "$out"
    live --write "$out" <"$1" >/dev/null
    frames "$1" >"$work/want"
    frames "$out" >"$work/got"
    same "$work/want" "$work/got"
    names "$1" >"$work/want"
    names "$out" >"$work/got"
    same "$work/want" "$work/got"
    no_payload "$out"
}

minimised() {
    local out=$work/minimised.pcapng
    rm -f "$out"
    live --write "$out" --minimise <"$1" >/dev/null
    no_payload "$out"
    tagged "$1" >"$work/want"
    tagged "$out" >"$work/got"
    same "$work/want" "$work/got"
}

# Octets and flows by signature, untagged ones left out.
tagged() {
    "$vigie" --no-config analyze --format json "$1" | python3 -c "
import json, sys
for row in json.load(sys.stdin)['by_signature']:
    if row['signature']:
        print(row)"
}

# Neither answers nor application data, and of requests no header but the host's.
no_payload() {
    local found
    found=$(tshark -2 -n -r "$1" -Y 'http.response || http.user_agent || http.cookie || tls.app_data || (tcp.len > 0 && frame.cap_len == frame.len && !tls && !http && !dns && !tcp.reassembled_in && !(tcp.payload[0:2] == 16:03))' 2>/dev/null | head -3)
    [[ -z $found ]] || { echo "payload is left: $found"; return 1; }
}

markers() {
    local out=$work/markers.pcapng fifo=$work/fifo records=$work/markers.ndjson pid
    mkfifo "$fifo"
    "$vigie" --no-config -q live -r "$fifo" --format ndjson --write "$out" >"$records" &
    pid=$!
    exec 7>"$fifo"
    head -c 20000 pcaps/car-hotspot.pcap >&7
    wait_for "$XDG_RUNTIME_DIR/vigie/$pid.sock"
    sleep 1
    "$vigie" mark --pid "$pid" "diagnostic data set to required"
    tail -c +20001 pcaps/car-hotspot.pcap >&7
    sleep 1
    "$vigie" mark --pid "$pid" "at the end"
    exec 7>&-
    wait "$pid"
    tshark -n -r "$out" -Y frame.comment -T fields -e frame.comment 2>/dev/null | grep -c 'marker .*: diagnostic data set to required' | grep -qx 1
    # No frame followed the second: it stands with the interface statistics.
    "$vigie" --no-config analyze --format ndjson "$out" | grep '"type":"capture"' | grep -q 'at the end'
    [[ $(grep -c '"type":"marker"' "$records") == 2 ]]
}

# Two ends of a cable in namespaces of our own.
cable() {
    ((EUID == 0)) || { echo "namespaces need root; run it with sudo"; return 77; }
    ip netns del "$run-a" 2>/dev/null || true
    ip netns del "$run-b" 2>/dev/null || true
    ip netns add "$run-a" 2>/dev/null || { echo "no network namespaces here"; return 77; }
    ip netns add "$run-b"
    ends
}


ends() {
    ip -n "$run-a" link add eth0 type veth peer name eth0 netns "$run-b"
    ip -n "$run-a" addr add 10.23.9.1/24 dev eth0
    ip -n "$run-b" addr add 10.23.9.2/24 dev eth0
    ip -n "$run-a" link set eth0 up
    ip -n "$run-b" link set eth0 up
}

# Sends 200 datagrams with 100 octets each.
send() {
    ip netns exec "$run-a" python3 -c "
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for n in range(200):
    s.sendto(b'x' * 100, ('10.23.9.2', 9999))
    time.sleep(0.002)"
}

interface() {
    local pid out=$work/if-$1.pcapng records=$work/if-$1.ndjson status=0
    cable
    ip netns exec "$run-b" "$vigie" --no-config -q live -i eth0 --backend "$1" --capture-filter 'udp and port 9999' --format ndjson --every 1s --write "$out" --full-payload >"$records" &
    pid=$!
    wait_for "$XDG_RUNTIME_DIR/vigie/$pid.sock"
    sleep 1
    send
    sleep 2
    kill -INT "$pid"
    wait "$pid" || status=$?
    [[ $status == 0 ]] || { echo "status $status"; return 1; }
    python3 - "$records" <<'END'
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
flows = [r for r in rows if r["type"] == "flow"]
assert len(flows) == 1, flows
assert flows[0]["up"] == {"packets": 200, "bytes": 200 * 142, "payload": 200 * 100}, flows
assert rows[-1]["frames"] == 200 and rows[-1]["in_flows"]["frames"] == 200, rows[-1]
assert any(r["type"] == "snapshot" and r["frames"] == 200 for r in rows)
END
    [[ $(tshark -n -r "$out" -Y 'udp.port == 9999 && frame.interface_name == "eth0"' 2>/dev/null | wc -l) == 200 ]]
    capinfos "$out" | grep -q 'Filter string = udp and port 9999'
}

removed() {
    local pid records=$work/removed.ndjson status=0
    cable
    ip netns exec "$run-b" "$vigie" --no-config live -i eth0 -p --backend "$1" --require-sandbox --capture-filter 'udp and port 9999' --format ndjson >"$records" 2>"$work/removed.said" &
    pid=$!
    wait_for "$XDG_RUNTIME_DIR/vigie/$pid.sock"
    sleep 1
    send
    sleep 1
    ip -n "$run-a" link del eth0
    sleep 2
    ends
    sleep 2
    # Without the rights that it had at its start.
    grep -qx 'CapEff:.0000000000000000' "/proc/$pid/status"
    grep -qx 'Seccomp:.2' "/proc/$pid/status"
    send
    sleep 1
    kill -TERM "$pid"
    wait "$pid" || status=$?
    [[ $status == 3 ]] || { echo "status $status"; cat "$work/removed.said"; return 1; }
    grep -q '^vigie: eth0: the interface is gone' "$work/removed.said"
    grep -q '^vigie: eth0: the interface is there again' "$work/removed.said"
    tail -1 "$records" | grep -q '"frames":400,'
}

wait_for() {
    local n
    for n in {1..100}; do
        [[ -e $1 ]] && return
        sleep 0.1
    done
    echo "never there after $n tries: $1"
    return 1
}

killed() {
    local delay file pid read=0
    for delay in 0.02 0.05 0.1 0.2; do
        rm -f "$work"/k_*
        (while cat pcaps/office-hour.pcapng; do :; done) 2>/dev/null |
            "$vigie" --no-config -q live -r - --headless --write "$work/k.pcapng" --full-payload --rotate 300kB >/dev/null &
        pid=$!
        sleep "$delay"
        kill -9 "$pid"
        wait "$pid" 2>/dev/null || true
        for file in "$work"/k_*; do
            [[ -s $file ]] || continue
            read=$((read + 1))
            # Status 2 is "cut short in the middle of a packet": what is before is read.
            tshark -n -r "$file" -T fields -e frame.number >"$work/numbers" 2>"$work/error" ||
                grep -q 'cut short' "$work/error" || { cat "$work/error"; return 1; }
            "$vigie" --no-config -q analyze --format ndjson "$file" >"$work/k.ndjson" || (($? == 3))
            [[ $(tail -1 "$work/k.ndjson" | python3 -c 'import json, sys; print(json.load(sys.stdin)["frames"])') == $(wc -l <"$work/numbers") ]]
        done
    done
    ((read > 0)) || { echo "nothing was written before the kill"; return 1; }
}

full_disk() {
    ((EUID == 0)) || { echo "a tmpfs needs root; run it with sudo"; return 77; }
    mkdir "$work/disk"
    mount -t tmpfs -o size=256k vigie-test "$work/disk" 2>/dev/null || { echo "no tmpfs can be mounted here"; return 77; }
    local status=0 frames
    live --format ndjson --write "$work/disk/a.pcapng" --full-payload <pcaps/office-hour.pcapng >"$work/disk.ndjson" 2>"$work/disk.said" || status=$?
    [[ $status == 3 ]] || { echo "status $status"; cat "$work/disk.said"; return 1; }
    grep -q "^vigie: $work/disk/a.pcapng: cannot be written on after [0-9]* frames: No space left on device" "$work/disk.said"
    # Everything was counted.
    [[ $(tail -1 "$work/disk.ndjson" | python3 -c 'import json, sys; print(json.load(sys.stdin)["frames"])') == $(capinfos -M -T -r -c pcaps/office-hour.pcapng | cut -f 2) ]]
    # The file is whole, and holds as many frames as was said.
    frames=$(sed -n 's/.* after \([0-9]*\) frames.*/\1/p' "$work/disk.said")
    "$vigie" --no-config analyze --format ndjson "$work/disk/a.pcapng" | tail -1 | grep -q "\"frames\":$frames,"
    [[ $(tshark -n -r "$work/disk/a.pcapng" -T fields -e frame.number 2>"$work/error" | wc -l) == "$frames" ]]
    ((frames > 100))
    umount "$work/disk"
}

main "$@"
