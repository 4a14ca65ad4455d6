#!/usr/bin/env bash
# The built binary gives up its rights whoever starts it: root, an ordinary user, sudo, a program file
# with capabilities; and says so on systems that lack a layer.
#
#   tests/rights.sh [--vigie PATH]
#
# Needs root. Where a tool is missing, the checks that need it are skipped, and say so.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

vigie=target/release/vigie
# shellcheck source=tests/checks.sh
source tests/checks.sh
work=
sudo_rule=
nobody=65534
netns=vigie-rights-$$

main() {
    [[ ${1:-} != --vigie ]] || vigie=$2
    [[ -x $vigie ]] || { echo "$vigie: no such program; run: cargo build --release" >&2; exit 1; }
    ((EUID == 0)) || { echo "this needs root" >&2; exit 1; }
    trap clean_up EXIT
    work=$(mktemp -d)
    chmod 755 "$work"
    # Where everybody may run it.
    install -m 755 "$vigie" "$work/vigie"
    vigie=$work/vigie
    install -d -m 755 "$work/captures"
    install -m 644 pcaps/*.pcap* "$work/captures"
    install -d -m 700 "$work/roots"
    install -m 600 pcaps/nothing-tagged.pcap "$work/roots/secret.pcap"
    install -m 600 -o $nobody pcaps/nothing-tagged.pcap "$work/theirs.pcap"
    check "root: no capability is left, not even in the bounding set" as_root
    check "root: a capture that only another user may read is read" theirs
    check "an ordinary user: locked, and the output is that of root" as_nobody setpriv
    check "sudo: the user who called it, no group of root's, and root's capture is read" by_sudo sudo setpriv
    check "sudo: a bundle of root's capture is the user's, and checked as the user" bundle_by_sudo sudo setpriv
    check "SUDO_UID that is no user: lacking, and refused where required" bad_sudo
    check "a program file with cap_net_raw: it is gone" by_file setcap setpriv
    check "root's live capture: no capability, counts, marks, and is locked on every thread" live_as_root ip
    check "sudo: a live capture is the user's, so are its files; a folder of root's is refused" live_by_sudo ip sudo setpriv
    check "a live capture with cap_net_raw alone needs no root, and gives it up" live_by_file ip setcap setpriv
    check "a live capture says what is lacking without being asked" live_without python3
    check "no Landlock: it works, says so, and is refused where required" without python3 444 Landlock
    check "no seccomp: it works, says so, and is refused where required" without python3 "$(seccomp_number)" seccomp
    check "no /proc: it works, and is refused where required" without_proc unshare
    check "a user without rights: every case of tests/privilege.rs" cases setpriv
    echo
    tally
}

# check SENTENCE FUNCTION [TOOL-OR-ARGUMENT…]: words that are programs here or nowhere are tools
check() {
    local sentence=$1 function=$2 word tools=() arguments=()
    shift 2
    for word; do
        case $word in
            setpriv | sudo | setcap | python3 | unshare | ip) tools+=("$word") ;;
            *) arguments+=("$word") ;;
        esac
    done
    if needs "$sentence" "${tools[@]}"; then holds "$sentence" "$function" "${arguments[@]}"; fi
}

# status_of COMMAND…: /proc/PID/status of the vigie that COMMAND starts, while it waits for input
status_of() {
    local pid tries
    mkfifo "$work/input"
    "$@" <"$work/input" >"$work/output" 2>&1 &
    exec 9>"$work/input"
    for ((tries = 0; tries < 500; tries++)); do
        # The command may have another program in front of vigie, as sudo is.
        for pid in $(pgrep -P $! -x vigie || true) $!; do
            if [[ $(readlink "/proc/$pid/exe") == "$vigie" ]] && (($(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l) > 1)); then
                cat "/proc/$pid/status"
                tries=1000
                break
            fi
        done
        sleep 0.02
    done
    cat "$work/captures/nothing-tagged.pcap" >&9
    exec 9>&-
    wait $!
    rm "$work/input"
    grep -q '451 frames' "$work/output"
    ((tries >= 1000)) || fail "vigie never came to its reading"
}

# expect STATUS LINE…: fields of the status, as the kernel writes them, in extended expressions
expect() {
    local status=$1 line
    shift
    for line; do
        grep -Eqx "$(printf '%b' "$line")" <<<"$status" || fail "expected $line in: $status"
    done
}

zero=0000000000000000
locked=("CapInh:\t$zero" "CapPrm:\t$zero" "CapEff:\t$zero" "CapAmb:\t$zero" 'NoNewPrivs:\t1' 'Seccomp:\t2')

as_root() {
    local status
    status=$(status_of env -u SUDO_UID -u SUDO_GID "$vigie" analyze -)
    expect "$status" "${locked[@]}" "CapBnd:\t$zero" 'Uid:\t0\t0\t0\t0'
}

theirs() {
    env -u SUDO_UID -u SUDO_GID "$vigie" analyze "$work/theirs.pcap" --require-sandbox | grep -q '451 frames'
}

nobody() { setpriv --reuid $nobody --regid $nobody --clear-groups -- "$@"; }

as_nobody() {
    local status
    status=$(status_of setpriv --reuid $nobody --regid $nobody --clear-groups -- "$vigie" analyze -)
    expect "$status" "${locked[@]}" "Uid:\t$nobody\t$nobody\t$nobody\t$nobody"
    cd "$work"
    nobody "$vigie" analyze captures --require-sandbox >theirs.txt
    "$vigie" analyze captures --no-sandbox >roots.txt
    cmp theirs.txt roots.txt
    ! nobody "$vigie" analyze roots/secret.pcap
    nobody "$vigie" interfaces --security --require-sandbox | grep -q 'Capabilities   none'
}

by_sudo() {
    local status
    sudo_rule=/etc/sudoers.d/vigie-test
    printf '#%s ALL=(root) NOPASSWD: %s\n' $nobody "$vigie" >$sudo_rule
    chmod 440 $sudo_rule
    status=$(status_of setpriv --reuid $nobody --regid $nobody --clear-groups -- sudo --non-interactive "$vigie" analyze - --require-sandbox)
    expect "$status" "${locked[@]}" "CapBnd:\t$zero" "Uid:\t$nobody\t$nobody\t$nobody\t$nobody" \
        "Gid:\t$nobody\t$nobody\t$nobody\t$nobody" "Groups:\t$nobody *"
    nobody sudo --non-interactive "$vigie" analyze "$work/roots/secret.pcap" | grep -q '451 frames'
    nobody sudo --non-interactive "$vigie" analyze "$work/roots" | grep -q '451 frames'
    nobody sudo --non-interactive "$vigie" interfaces --security | grep -q "^User           $nobody, group $nobody (started as 0)"
    rm $sudo_rule
}

bundle_by_sudo() {
    local theirs=$work/theirs
    install -d -o $nobody -g $nobody "$theirs"
    sudo_rule=/etc/sudoers.d/vigie-test
    printf '#%s ALL=(root) NOPASSWD: %s\n' $nobody "$vigie" >$sudo_rule
    chmod 440 $sudo_rule
    nobody sudo --non-interactive "$vigie" report "$work/roots/secret.pcap" -o "$theirs/bundle" >"$work/said" || fail "report: $(cat "$work/said")"
    [[ -z $(find "$theirs" ! -user $nobody) ]] || fail "not the user's: $(find "$theirs" ! -user $nobody)"
    nobody sudo --non-interactive "$vigie" verify "$theirs/bundle" >"$work/said" || fail "verify: $(cat "$work/said")"
    [[ $(ls -A "$theirs") == bundle ]] || fail "left behind: $(ls -A "$theirs")"
    rm $sudo_rule
}

bad_sudo() {
    local said
    said=$(SUDO_UID=root SUDO_GID=0 "$vigie" -v analyze "$work/captures" 2>&1 >/dev/null)
    grep -q 'the user of sudo instead of root: SUDO_UID and SUDO_GID are not' <<<"$said"
    refused env SUDO_UID=4294967295 SUDO_GID=1 "$vigie" analyze "$work/captures" --require-sandbox
    # Nobody but root is asked whether sudo was there.
    SUDO_UID=1 SUDO_GID=1 nobody "$vigie" interfaces --security --require-sandbox | grep -q "^User           $nobody, group $nobody\$"
}

# refused COMMAND…: status 1 and the message
refused() {
    local status=0
    "$@" >"$work/refusal" 2>&1 || status=$?
    ((status == 1)) && grep -q '^vigie: --require-sandbox: not in force: ' "$work/refusal" ||
        fail "status $status: $(cat "$work/refusal")"
}

by_file() {
    local status able=$work/able/vigie plain=$vigie
    install -D -m 755 "$vigie" "$able"
    chmod 755 "$work/able"
    setcap cap_net_raw+ep "$able" || exit 77
    vigie=$able
    status=$(status_of setpriv --reuid $nobody --regid $nobody --clear-groups -- "$able" analyze - --no-sandbox)
    expect "$status" 'CapEff:\t0000000000002000' 'CapPrm:\t0000000000002000'
    status=$(status_of setpriv --reuid $nobody --regid $nobody --clear-groups -- "$able" analyze - --require-sandbox)
    expect "$status" "${locked[@]}"
    vigie=$plain
}

# A namespace of our own, whose only interface is lo.
namespace() {
    ip netns del "$netns" 2>/dev/null || true
    ip netns add "$netns" 2>/dev/null || { echo "no network namespaces here"; exit 77; }
    ip -n "$netns" link set lo up
}

# live FOLDER COMMAND…: a live capture of lo by COMMAND, which writes to FOLDER; to $live_status what the
# kernel says of all its threads, to $work/records what it counted
live() {
    local folder=$1 pid='' tries launcher status=0
    shift
    rm -f "$folder"/lo*.pcapng "$work/said-live"
    # shellcheck disable=SC2024 # the files are root's
    ip netns exec "$netns" "$@" --no-config -v live -i lo --headless --format ndjson --require-sandbox \
        --write "$folder/lo.pcapng" --rotate 100kB >"$work/records" 2>"$work/said-live" &
    launcher=$!
    for ((tries = 0; tries < 500; tries++)); do
        for pid in $(ip netns pids "$netns"); do
            if [[ $(readlink "/proc/$pid/exe") == "$vigie" ]] && compgen -G "$folder/lo_*.pcapng" >/dev/null; then
                break 2
            fi
        done
        pid=
        kill -0 $launcher 2>/dev/null || break
        sleep 0.02
    done
    [[ -n $pid ]] || { wait $launcher || true; fail "no live capture: $(cat "$work/said-live")"; }
    sleep 0.3
    live_status=$(cat /proc/"$pid"/task/*/status)
    ip netns exec "$netns" python3 -c "
import socket
to, by = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in '12')
to.bind(('127.0.0.1', 9999))
for n in range(50):
    by.sendto(b'x' * 100, ('127.0.0.1', 9999))
    to.recv(200)"
    socket=$(sed -n 's/.*markers are taken at //p' "$work/said-live")
    if [[ -n $socket ]]; then
        "$vigie" mark --socket "$socket" "by rights.sh" >/dev/null
        socket_owner=$(stat -c %u "$socket")
    fi
    sleep 0.5
    kill -INT "$pid"
    wait $launcher || status=$?
    ((status == 0)) || fail "status $status: $(cat "$work/said-live")"
    # lo shows each frame twice; one is counted in the flow, one is a copy.
    tail -1 "$work/records" | python3 -c "
import json, sys
end = json.loads(sys.stdin.read())
assert end['in_flows'] == {'frames': 50, 'bytes': 50 * 142}, end
assert end['duplicates'] == {'frames': 50, 'bytes': 50 * 142}, end"
    [[ -z $socket ]] || grep -q '"type":"marker"' "$work/records"
    [[ -z $socket || ! -e $socket ]] || fail "its socket is left: $socket"
}

# every FIELD…: as `expect`, of every thread
every() {
    local line threads
    threads=$(grep -c '^Name:' <<<"$live_status")
    for line; do
        [[ $(grep -Ecx "$(printf '%b' "$line")" <<<"$live_status") == "$threads" ]] || fail "expected $line of $threads threads in: $live_status"
    done
}

live_as_root() {
    namespace
    install -d -m 700 "$work/live"
    XDG_RUNTIME_DIR=$work/live live "$work/live" env -u SUDO_UID -u SUDO_GID "$vigie"
    every "${locked[@]}" "CapBnd:\t$zero" 'Uid:\t0\t0\t0\t0'
    (($(grep -c '^Name:' <<<"$live_status") == 3)) || fail "it has a thread for frames, one for markers and one for its output"
    [[ -n $socket ]] || fail "no marker could be set"
}

live_by_sudo() {
    local status=0
    namespace
    sudo_rule=/etc/sudoers.d/vigie-test
    printf '#%s ALL=(root) NOPASSWD: %s\n' $nobody "$vigie" >$sudo_rule
    chmod 440 $sudo_rule
    if [[ ! -e /run/user/$nobody ]]; then
        touch "$work/made-runtime"
        install -d -m 700 -o $nobody -g $nobody "/run/user/$nobody"
    fi
    install -d -m 700 -o $nobody -g $nobody "$work/their"
    live "$work/their" setpriv --reuid $nobody --regid $nobody --clear-groups -- sudo --non-interactive "$vigie"
    every "${locked[@]}" "CapBnd:\t$zero" "Uid:\t$nobody\t$nobody\t$nobody\t$nobody" \
        "Gid:\t$nobody\t$nobody\t$nobody\t$nobody" "Groups:\t$nobody *"
    [[ $(stat -c %u:%g:%a "$work"/their/lo_*.pcapng) == "$nobody:$nobody:600" ]] || fail "$(ls -l "$work/their")"
    [[ $socket == "/run/user/$nobody/vigie/"* && $socket_owner == "$nobody" ]] || fail "socket: $socket of $socket_owner"
    ip netns exec "$netns" setpriv --reuid $nobody --regid $nobody --clear-groups -- sudo --non-interactive "$vigie" --no-config \
        live -i lo --headless --write "$work/roots/lo.pcapng" >"$work/refusal" 2>&1 || status=$?
    ((status == 1)) && grep -q "user $nobody may not write here" "$work/refusal" || fail "status $status: $(cat "$work/refusal")"
    [[ ! -e $work/roots/lo.pcapng ]] || fail "a file was made all the same"
    rm $sudo_rule
}

live_by_file() {
    local able=$work/able/vigie plain=$vigie status=0
    namespace
    install -D -m 755 "$vigie" "$able"
    chmod 755 "$work/able"
    setcap cap_net_raw+ep "$able" || exit 77
    install -d -m 700 -o $nobody -g $nobody "$work/theirs-too"
    vigie=$able
    XDG_RUNTIME_DIR=$work/theirs-too live "$work/theirs-too" setpriv --reuid $nobody --regid $nobody --clear-groups -- "$able"
    every "${locked[@]}" "Uid:\t$nobody\t$nobody\t$nobody\t$nobody"
    [[ -n $socket && $socket_owner == "$nobody" ]] || fail "no marker could be set"
    setcap -r "$able"
    ip netns exec "$netns" setpriv --reuid $nobody --regid $nobody --clear-groups -- "$able" --no-config live -i lo --headless >"$work/refusal" 2>&1 || status=$?
    ((status == 1)) && grep -q 'lo: no right to capture; run: sudo setcap cap_net_raw+ep' "$work/refusal" || fail "status $status: $(cat "$work/refusal")"
    vigie=$plain
}

live_without() {
    local layer number said
    for layer in "444 Landlock" "$(seccomp_number) seccomp"; do
        number=${layer%% *} layer=${layer#* }
        said=$(lacking "$number" "$vigie" --no-config live -r - --headless <"$work/captures/nothing-tagged.pcap" 2>&1 >"$work/with")
        grep -q "^vigie: not in force: $layer .*the kernel lacks it" <<<"$said" || fail "$layer: it says: $said"
        grep -q '451 frames' "$work/with"
        refused lacking "$number" "$vigie" --no-config live -r - --headless --require-sandbox
    done
}

seccomp_number() {
    case $(uname -m) in x86_64) echo 317 ;; *) echo 277 ;; esac
}

# lacking NUMBER COMMAND…: on a kernel without that system call, as its own filter makes it look
lacking() {
    python3 -c '
import ctypes, os, struct, sys
number, command = int(sys.argv[1]), sys.argv[2:]
code = [(0x20, 0, 0, 0), (0x15, 0, 1, number), (6, 0, 0, 0x50000 | 38), (6, 0, 0, 0x7fff0000)]
program = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in code))
header = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(code), ctypes.addressof(program)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0 and libc.prctl(22, 2, header) == 0, ctypes.get_errno()
os.execv(command[0], command)' "$@"
}

# without NUMBER LAYER
without() {
    local said
    lacking "$1" "$vigie" -v analyze "$work/captures" >"$work/with" 2>"$work/said-v"
    grep -q "^vigie: info: not in force: $2 .*the kernel lacks it" "$work/said-v" || fail "$(cat "$work/said-v")"
    "$vigie" analyze "$work/captures" --no-sandbox >"$work/without"
    cmp "$work/with" "$work/without"
    said=$(lacking "$1" "$vigie" analyze "$work/captures" 2>&1 >/dev/null)
    [[ -z $said ]] || fail "without -v it says: $said"
    refused lacking "$1" "$vigie" analyze "$work/captures" --require-sandbox
    lacking "$1" "$vigie" interfaces --security | grep -q "^LACKING        $2 "
    # Where one is lacking, the other holds.
    lacking "$1" "$vigie" interfaces --security | grep -q ' refused: '
}

without_proc() {
    unshare --mount sh -c 'umount -l /proc && exec "$@"' sh "$vigie" analyze "$work/captures" >"$work/with"
    "$vigie" analyze "$work/captures" --no-sandbox >"$work/without"
    cmp "$work/with" "$work/without"
    refused unshare --mount sh -c 'umount -l /proc && exec "$@"' sh "$vigie" analyze "$work/captures" --require-sandbox
}

cases() {
    local program
    program=$(cargo test --locked --no-run --test privilege --message-format json |
        sed -n 's/.*"executable":"\([^"]*\/privilege-[^"]*\)".*/\1/p')
    install -m 755 "$program" "$work/cases"
    cd "$work"
    nobody ./cases no_capability no_socket only_what without_a_folder threads_that a_process_with a_socket a_packet where_files a_listening a_screen |
        grep 'test result: ok. 12 passed'
}

clean_up() {
    ip netns del "$netns" 2>/dev/null || true
    [[ -z $work || ! -e $work/made-runtime ]] || rm -rf "/run/user/$nobody"
    [[ -z $work ]] || rm -rf "$work"
    rm -f /etc/sudoers.d/vigie-test
}

fail() { echo "$*" >&2; return 1; }

main "$@"
