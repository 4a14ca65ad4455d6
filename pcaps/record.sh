#!/usr/bin/env bash
# Records the captures of this folder: real clients talk to real servers in network namespaces
# that this script makes, and dumpcap or tcpdump listens. Nothing leaves the machine: the namespaces
# have no way out, and their only name server answers every name with an address inside them.
#
#   sudo pcaps/record.sh [--out DIR] [--python PYTHON] [--keep-logs] [SCENE…]
#
#   SCENE      office-hour, car-hotspot, nothing-tagged, hard-cases; without one: all of these. And
#              wrapped-names, which goes elsewhere: --out tests/captures
#   --out      where the captures go; without it: this folder
#   --python   a Python that has aioquic; without it: python3, and if that lacks it a venv made with pip
#
# A scene (scenes/NAME.sh) states its hosts and says who does what; this file makes the network.
set -euo pipefail
shopt -s inherit_errexit

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here
python=
keep_logs=
scenes=()

# The names of everything outside the temporary folder carry the process id, so that two runs and
# other people's namespaces do not meet.
run=vigie-$$
server=$run-server
temp=
pids=()
aioquic=1.7.2

main() {
    arguments "$@"
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    temp=$(mktemp -d /tmp/vigie-record.XXXXXX)
    check_tools
    check_python
    local scene
    for scene in "${scenes[@]}"; do
        play "$scene"
    done
}

arguments() {
    while (($#)); do
        case $1 in
            --out) out=$(cd "$2" && pwd); shift 2 ;;
            --python) python=$2; shift 2 ;;
            --keep-logs) keep_logs=1; shift ;;
            -h | --help) sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 0 ;;
            -*) stop "$1: no such option; try --help" ;;
            *) scenes+=("$1"); shift ;;
        esac
    done
    ((${#scenes[@]})) || scenes=(office-hour car-hotspot nothing-tagged hard-cases)
    local scene
    for scene in "${scenes[@]}"; do
        [[ -r $here/scenes/$scene.sh ]] || stop "$scene: no such scene; there are: $(cd "$here/scenes" && echo *.sh)"
    done
}

say() { printf 'record.sh: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# --- what must be there ---------------------------------------------------------------------------

check_tools() {
    ((EUID == 0)) || stop "network namespaces need root; run: sudo pcaps/record.sh"
    local missing=() row
    local tools="ip:iproute2 ss:iproute2 ethtool:ethtool dnsmasq:dnsmasq-base nginx:nginx-light mosquitto:mosquitto
        mosquitto_pub:mosquitto-clients openssl:openssl curl:curl wget:wget dig:bind9-dnsutils ping:iputils-ping
        chromium:chromium python3:python3 dumpcap:wireshark-common tcpdump:tcpdump tshark:tshark capinfos:wireshark-common"
    for row in $tools; do
        command -v "${row%%:*}" >/dev/null || missing+=("${row##*:}")
    done
    ((!${#missing[@]})) || stop "missing programs; run: apt-get install ${missing[*]}"
    ip netns add "$run-probe" 2>/dev/null || stop "no network namespaces here (ip netns add failed)"
    ip netns del "$run-probe"
}

check_python() {
    if [[ -z $python ]] && python3 -c 'import aioquic' 2>/dev/null; then
        python=$(command -v python3)
    elif [[ -z $python ]]; then
        say "python3 has no aioquic: fetching aioquic $aioquic into a venv of this run"
        python3 -m venv "$temp/venv" && "$temp/venv/bin/pip" install --quiet --disable-pip-version-check "aioquic==$aioquic" ||
            stop "no aioquic for QUIC; run: pip install aioquic, or name a Python that has it with --python"
        python=$temp/venv/bin/python
    fi
    "$python" -c 'import aioquic' || stop "$python has no aioquic"
}

# --- one scene ------------------------------------------------------------------------------------

play() {
    # What a scene must say; scenes/*.sh set these and define `act`.
    hosts='' aliases='' quic_hosts='' mqtt_hosts='' no_sni_host=example.org recorded_at=switch format=pcapng
    dir=$temp/$1
    mkdir -p "$dir"/{certs,pages,logs}
    # shellcheck source=/dev/null
    source "$here/scenes/$1.sh"
    say "$1: network and servers"
    network_up
    authority
    name_server
    web_server
    [[ -z $mqtt_hosts ]] || broker
    [[ -z $quic_hosts ]] || quic_server
    start_recording "$1"
    say "$1: recording"
    act
    sleep 1
    stop_recording "$1"
    check_capture "$1"
    network_down
}

# A bridge in the server's namespace is the switch; it holds the servers' addresses. Each client is
# a namespace of its own, on a cable (veth) to that switch. Addresses: 10.23.0.0/24 and fd23::/64.
network_up() {
    local n octet
    ip netns add "$server"
    ip -n "$server" link set lo up
    ip -n "$server" link add switch address 02:23:00:00:00:01 type bridge mcast_snooping 0
    ip -n "$server" addr add 10.23.0.1/24 dev switch
    ip -n "$server" addr add fd23::1/64 dev switch nodad
    for octet in $(server_octets); do
        ip -n "$server" addr add "10.23.0.$octet/24" dev switch
        ip -n "$server" addr add "fd23::$octet/64" dev switch nodad
    done
    ip -n "$server" link set switch up
    for n in 1 2 3; do
        client_up "$n"
    done
    offloads_off "$server" switch
}

client_up() {
    local client=$run-c$1
    ip netns add "$client"
    ip -n "$server" link add "port$1" type veth peer name eth0 netns "$client"
    ip -n "$server" link set "port$1" master switch up
    ip -n "$client" link set lo up
    ip -n "$client" link set eth0 address "02:23:00:00:00:1$1"
    ip -n "$client" addr add "10.23.0.1$1/24" dev eth0
    ip -n "$client" addr add "fd23::1$1/64" dev eth0 nodad
    ip -n "$client" link set eth0 up
    offloads_off "$server" "port$1"
    offloads_off "$client" eth0
    mkdir -p "/etc/netns/$client"
    echo 'nameserver 10.23.0.1' >"/etc/netns/$client/resolv.conf"
}

# So that what is recorded is what a cable would carry: no frame over the MTU, checksums filled in.
offloads_off() {
    ip netns exec "$1" ethtool -K "$2" tx off sg off tso off gso off gro off >/dev/null 2>&1 || true
}

server_octets() { awk 'NF { print $2 }' <<<"$hosts" | sort -nu; }
host_names() { awk 'NF { print $1 }' <<<"$hosts$aliases"; }

network_down() {
    local namespace pid
    for namespace in "$run"-c{1,2,3} "$server"; do
        [[ -e /run/netns/$namespace ]] || continue
        # Whatever runs in a namespace of this run was started by this run (chromium leaves children).
        for pid in $(ip netns pids "$namespace"); do
            kill "$pid" 2>/dev/null || true
        done
        sleep 0.3
        for pid in $(ip netns pids "$namespace"); do
            kill -KILL "$pid" 2>/dev/null || true
        done
        ip netns del "$namespace"
        rm -rf "/etc/netns/${namespace:?}"
    done
    rmdir /etc/netns 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
    pids=()
}

clean_up() {
    local status=$?
    trap - EXIT
    [[ -z $temp ]] || network_down
    if [[ -n $keep_logs ]]; then
        say "logs stay in $temp"
    else
        rm -rf "${temp:?}"
    fi
    exit "$status"
}

# --- certificates ---------------------------------------------------------------------------------

# An authority of this run and one certificate a host; they share a key, so that one hash is enough to
# make chromium accept them. None of them is trusted by anything outside this run.
authority() {
    local name
    new_key "$dir/ca.key"
    openssl req -x509 -new -key "$dir/ca.key" -days 30 -subj '/O=vigie recording/CN=vigie recording CA' -out "$dir/ca.pem" 2>/dev/null
    new_key "$dir/leaf.key"
    for name in $(host_names); do
        certificate "$name" "$name"
    done
    certificate no-sni "$no_sni_host"
    # shellcheck disable=SC2086 # a list of names
    [[ -z $quic_hosts ]] || certificate quic $quic_hosts
    # shellcheck disable=SC2086
    [[ -z $mqtt_hosts ]] || certificate mqtt $mqtt_hosts
    leaf_hash=$(openssl pkey -in "$dir/leaf.key" -pubout -outform der | openssl dgst -sha256 -binary | base64)
    chmod -R a+rX "$temp"
    chmod a+r "$dir"/*.key
}

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }

# certificate FILE NAME…
certificate() {
    local file=$1 names
    shift
    names=$(printf ',DNS:%s' "$@")
    openssl req -new -key "$dir/leaf.key" -subj "/O=vigie recording/CN=$1" -addext "subjectAltName=${names#,}" 2>/dev/null |
        openssl x509 -req -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -days 30 -copy_extensions copy -out "$dir/certs/$file.pem" 2>/dev/null
}

# --- servers --------------------------------------------------------------------------------------

# on_server PROGRAM ARGUMENT…: in the background, its output in the logs
on_server() {
    ip netns exec "$server" "$@" >>"$dir/logs/$(basename "$1").log" 2>&1 &
    pids+=("$!")
}

listening() {
    for _ in {1..50}; do
        [[ -z $(ip netns exec "$server" ss -Hln "$1" "sport = :$2") ]] || return 0
        sleep 0.1
    done
    sed 's/^/    /' "$dir"/logs/*.log >&2
    stop "no server came up on port $2 ($1)"
}

# Hosts with their addresses, and aliases that lead to them; everything else does not exist.
name_server() {
    local name octet six
    {
        printf '%s\n' no-resolv no-hosts local-ttl=60 user=root 'local=/#/' edns-packet-max=1232
        while read -r name octet six; do
            [[ -z $name ]] || echo "host-record=$name,10.23.0.$octet${six:+,fd23::$octet}"
        done <<<"$hosts"
        while read -r name octet; do
            [[ -z $name ]] || echo "cname=$name,$octet"
        done <<<"$aliases"
        # An HTTPS record: priority 1, the same name, alpn=h3 (RFC 9460 §9).
        for name in $quic_hosts; do
            echo "dns-rr=$name,65,000100000100030268 33" | tr -d ' '
        done
    } >"$dir/dnsmasq.conf"
    on_server dnsmasq --keep-in-foreground --conf-file="$dir/dnsmasq.conf" --pid-file="$dir/dnsmasq.pid"
    on_server dnsmasq --keep-in-foreground --conf-file="$dir/dnsmasq.conf" --port=5300 --pid-file="$dir/dnsmasq-5300.pid"
    listening -u 53
    listening -u 5300
}

# Every host, by SNI, on every address: / is the host's page, /blob/N gives N octets, all else takes an upload.
web_server() {
    local size
    mkdir -p "$dir/blob"
    for size in 200 1500 4000 12000 40000; do
        head -c "$size" /dev/urandom >"$dir/blob/$size"
    done
    cp "$dir/certs/no-sni.pem" "$dir/certs/default.pem"
    sed -e "s|@DIR@|$dir|g" "$here/nginx.conf" >"$dir/nginx.conf"
    chmod -R a+rX "$temp"
    on_server nginx -c "$dir/nginx.conf" -p "$dir"
    listening -t 443
}

broker() {
    cat >"$dir/mosquitto.conf" <<END
listener 8883
allow_anonymous true
cafile $dir/ca.pem
certfile $dir/certs/mqtt.pem
keyfile $dir/leaf.key
user root
END
    on_server mosquitto -c "$dir/mosquitto.conf"
    listening -t 8883
}

quic_server() {
    local addresses=() name octet six
    while read -r name octet six; do
        [[ " $quic_hosts " != *" $name "* ]] || addresses+=(--address "10.23.0.$octet" ${six:+--address "fd23::$octet"})
    done <<<"$hosts"
    on_server "$python" "$here/h3.py" serve --certificate "$dir/certs/quic.pem" --key "$dir/leaf.key" "${addresses[@]}"
    listening -u 443
}

# --- clients, for the scenes ----------------------------------------------------------------------

# as N PROGRAM ARGUMENT…: on client N, at most 40 s; a refusal is part of the scene, not an end of it.
as() {
    local client=$run-c$1
    shift
    SSL_CERT_FILE=$dir/ca.pem CURL_CA_BUNDLE=$dir/ca.pem HOME=$dir \
        ip netns exec "$client" timeout 40 "$@" </dev/null >/dev/null 2>>"$dir/logs/clients.log" || say "$1 … ended with status $?"
}

# upload N OCTETS URL [CURL OPTION…]
upload() {
    local client=$1 octets=$2 url=$3
    shift 3
    head -c "$octets" /dev/urandom >"$dir/upload-$client"
    as "$client" curl --silent --show-error --output /dev/null --data-binary @"$dir/upload-$client" "$@" "$url"
}

# browse N URL [CHROMIUM OPTION…]: a new profile each time, nothing of the browser's own in the background
# (three of its maker's hosts it asks for whatever its options say: those look-ups end inside the browser)
browse() {
    local client=$1 url=$2
    shift 2
    as "$client" chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --disable-default-apps --disable-extensions --no-pings \
        --disable-domain-reliability --disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,CertificateTransparencyComponentUpdater \
        --user-data-dir="$(mktemp -d -p "$dir")" --ignore-certificate-errors-spki-list="$leaf_hash" \
        --host-resolver-rules='MAP update.googleapis.com ~NOTFOUND,MAP accounts.google.com ~NOTFOUND,MAP clients2.google.com ~NOTFOUND' \
        --virtual-time-budget=4000 --dump-dom "$@" "$url"
}

# page HOST: standard input is what HOST shows at /
page() { cat >"$dir/pages/$1.html"; }

# --- recording ------------------------------------------------------------------------------------

start_recording() {
    local namespace=$server interface=switch
    [[ $recorded_at == switch ]] || namespace=$run-$recorded_at interface=eth0
    partial=$dir/recorded.$format
    : >"$dir/logs/recorder.log"
    if [[ $format == pcapng ]]; then
        ip netns exec "$namespace" dumpcap -q -i "$interface" -w "$partial" 2>"$dir/logs/recorder.log" &
    else
        ip netns exec "$namespace" tcpdump -i "$interface" -U -w "$partial" 2>"$dir/logs/recorder.log" &
    fi
    recorder=$!
    pids+=("$recorder")
    for _ in {1..50}; do
        [[ -s $partial ]] && break
        sleep 0.1
    done
    sleep 0.5
}

stop_recording() {
    kill -INT "$recorder"
    wait "$recorder" || true
    cp "$partial" "$out/$1.$format"
    chmod 0644 "$out/$1.$format"
    [[ -z ${SUDO_UID:-} ]] || chown "$SUDO_UID:$SUDO_GID" "$out/$1.$format"
}

# Only addresses of the namespaces, no lost frame, not too large for a repository.
check_capture() {
    local file=$out/$1.$format strangers octets
    strangers=$(tshark -n -r "$file" -T fields -e ip.addr -e ipv6.addr | tr ',\t' '\n\n' | sort -u |
        grep -Ev '^(|10\.23\.0\.[0-9]+|fd23::[0-9a-f]+|fe80::.*|ff02::.*|::|224\.0\.0\.[0-9]+|0\.0\.0\.0)$' || true)
    [[ -z $strangers ]] || stop "$file: addresses that are not of this network: $strangers"
    octets=$(stat -c %s "$file")
    ((octets < 1500000)) || stop "$file: $octets octets, more than 1500000"
    ! grep -Eq '[1-9][0-9]* packets dropped|: [0-9]+/[1-9]' "$dir/logs/recorder.log" || stop "$file: frames were lost: $(tail -1 "$dir/logs/recorder.log")"
    say "$file: $octets octets, $(capinfos -Mcr "$file" | awk '/Number of packets/ { print $NF }') frames"
}

main "$@"
