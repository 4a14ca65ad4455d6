#!/usr/bin/env bash
# The names of real programs' flows: clients and servers in two network namespaces that this script
# makes, tcpdump between them, and the binary says of every flow who was asked for, and how it knows.
#
#   sudo tests/names.sh [--vigie PATH] [--keep DIR]
#
#   --keep   where the capture stays, with what vigie said of it
#
# Every step has an address of its own on the server, so that an address tells what must be there. Where
# a program is missing it says which package has it, and fails: nothing is skipped.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

vigie=target/release/vigie
keep=
run=vigie-names-$$
server=$run-s client=$run-c
work=
pids=()
aioquic=1.7.2

# What must be found: address, port, names as `via name` with commas between, flags. In the order of play.
expected='
10.23.3.11  443/tcp   tls-sni tls.names.test                                                  -
10.23.3.12  8888/tcp  http-connect inside.names.test,tls-sni inside.names.test                proxy
10.23.3.13  8888/tcp  http-host plain.names.test                                              -
10.23.3.14  8888/tcp  http-connect bare.names.test                                            proxy
10.23.3.15  1080/tcp  socks socks.names.test,tls-sni socks.names.test                         proxy
10.23.3.16  1080/tcp  http-host plain.names.test,socks plain.names.test                       proxy
10.23.3.17  4433/udp  dtls-sni dtls.names.test                                                -
10.23.3.18  25/tcp    smtp-helo client.names.test,tls-sni mail.names.test                     -
10.23.3.19  8883/tcp  tls-sni mqtt.names.test                                                 -
10.23.3.20  80/tcp    http-host h2c.names.test                                                -
10.23.3.21  80/tcp    http-host behind.names.test                                             proxy
10.23.3.22  443/tcp   certificate cert.names.test                                             -
10.23.3.23  443/tcp   tls-sni browser.names.test                                              -
10.23.3.24  443/udp   quic-sni quic.names.test                                                quic
10.23.3.25  443/udp   quic-sni two.names.test                                                 quic
10.23.3.26  21/tcp    tls-sni start.names.test                                                -
10.23.3.27  21/tcp    certificate cert.names.test                                             -
10.23.3.26  110/tcp   tls-sni start.names.test                                                -
10.23.3.27  110/tcp   certificate cert.names.test                                             -
10.23.3.26  143/tcp   tls-sni start.names.test                                                -
10.23.3.27  143/tcp   certificate cert.names.test                                             -
10.23.3.26  389/tcp   tls-sni start.names.test                                                -
10.23.3.27  389/tcp   certificate cert.names.test                                             -
10.23.3.26  3306/tcp  tls-sni start.names.test                                                -
10.23.3.27  3306/tcp  certificate cert.names.test                                             -
10.23.3.26  5222/tcp  tls-sni start.names.test                                                -
10.23.3.27  5222/tcp  certificate cert.names.test                                             -
10.23.3.26  5432/tcp  tls-sni start.names.test                                                -
10.23.3.27  5432/tcp  certificate cert.names.test                                             -
'

main() {
    while (($#)); do
        case $1 in
            --vigie) vigie=$2; shift 2 ;;
            --keep) keep=$2; shift 2 ;;
            *) stop "$1: no such option" ;;
        esac
    done
    [[ -x $vigie ]] || stop "$vigie: no such program; run: cargo build --release"
    ((EUID == 0)) || stop "network namespaces need root; run: sudo tests/names.sh"
    check_tools
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    work=$(mktemp -d /tmp/vigie-names.XXXXXX)
    check_python
    network
    certificates
    servers
    listen
    play
    sleep 1
    kill -INT "$tcpdump"
    wait "$tcpdump" || true
    "$vigie" analyze --format ndjson "$work/names.pcap" >"$work/names.ndjson"
    if [[ -n $keep ]]; then
        mkdir -p "$keep"
        cp "$work/names.pcap" "$work/names.ndjson" "$keep"
    fi
    judge
}

say() { printf 'names.sh: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

check_tools() {
    local missing=() row
    local tools="ip:iproute2 ss:iproute2 tcpdump:tcpdump curl:curl openssl:openssl nginx:nginx-light tinyproxy:tinyproxy
        microsocks:microsocks aiosmtpd:python3-aiosmtpd mosquitto:mosquitto mosquitto_pub:mosquitto-clients
        chromium:chromium python3:python3 vsftpd:vsftpd /usr/lib/dovecot/imap:dovecot-imapd
        /usr/lib/dovecot/pop3:dovecot-pop3d slapd:slapd prosody:prosody pgbouncer:pgbouncer
        mariadbd:mariadb-server-core setpriv:util-linux"
    for row in $tools; do
        command -v "${row%%:*}" >/dev/null || missing+=("${row##*:}")
    done
    ((!${#missing[@]})) || stop "missing programs; run: apt-get install ${missing[*]}"
}

check_python() {
    python=$(command -v python3)
    "$python" -c 'import aioquic' 2>/dev/null && return
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check "aioquic==$aioquic" ||
        stop "no aioquic for QUIC; run: pip install aioquic==$aioquic"
    python=$work/venv/bin/python
}

# Two namespaces on a cable without a way out. Both know the names by their hosts file: no DNS is spoken,
# so that every name was read where it is said to be.
network() {
    local n namespace
    ip netns add "$server" 2>/dev/null || stop "no network namespaces here (ip netns add failed)"
    ip netns add "$client"
    ip -n "$server" link add eth0 type veth peer name eth0 netns "$client"
    for namespace in "$server" "$client"; do
        ip netns exec "$namespace" sysctl -q -w net.ipv6.conf.all.disable_ipv6=1
        ip -n "$namespace" link set lo up
        ip -n "$namespace" link set eth0 up
        mkdir -p "/etc/netns/$namespace"
        : >"/etc/netns/$namespace/resolv.conf"
        cat >"/etc/netns/$namespace/hosts" <<'END'
127.0.0.1 localhost
10.23.3.10 inside.names.test plain.names.test bare.names.test socks.names.test
10.23.3.11 tls.names.test
10.23.3.17 dtls.names.test
10.23.3.18 mail.names.test
10.23.3.19 mqtt.names.test
10.23.3.20 h2c.names.test
10.23.3.21 behind.names.test
10.23.3.23 browser.names.test
10.23.3.24 quic.names.test
10.23.3.25 two.names.test
10.23.3.26 start.names.test
END
    done
    for n in {10..27}; do
        ip -n "$server" addr add "10.23.3.$n/24" dev eth0
    done
    ip -n "$client" addr add 10.23.3.2/24 dev eth0
}

certificates() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key.pem" -out "$work/all.pem" -days 10 \
        -subj /CN=names.test -addext 'subjectAltName=DNS:*.names.test,DNS:names.test' 2>/dev/null
    openssl req -x509 -key "$work/key.pem" -out "$work/one.pem" -days 10 \
        -subj /CN=cert.names.test -addext 'subjectAltName=DNS:cert.names.test' 2>/dev/null
    key_hash=$(openssl pkey -in "$work/key.pem" -pubout -outform der | openssl dgst -sha256 -binary | base64)
    chmod -R a+rX "$work"
    chmod a+r "$work/key.pem"
}

# on NAMESPACE PROGRAM ARGUMENT…: in the background
on() {
    local namespace=$1
    shift
    ip netns exec "$namespace" "$@" >>"$work/$(basename "$1").log" 2>&1 </dev/null &
    pids+=("$!")
}

# listening -t|-u ADDRESS PORT
listening() {
    for _ in {1..100}; do
        [[ -z $(ip netns exec "$server" ss -Hln "$1" "sport = :$3" | grep -E "($2|0\.0\.0\.0|\*):$3") ]] || return 0
        sleep 0.1
    done
    tail -n 5 "$work"/*.log >&2
    stop "no server came up on $2, port $3"
}

servers() {
    cat >"$work/nginx.conf" <<END
daemon off;
error_log $work/nginx-error.log;
pid $work/nginx.pid;
events {}
http {
    access_log off;
    client_body_temp_path $work/nginx-body;
    proxy_temp_path $work/nginx-proxy;
    fastcgi_temp_path $work/nginx-fastcgi;
    uwsgi_temp_path $work/nginx-uwsgi;
    scgi_temp_path $work/nginx-scgi;
    ssl_certificate_key $work/key.pem;
    server { listen 10.23.3.10:80; return 200 plain; }
    server { listen 10.23.3.20:80 http2; return 200 h2c; }
    server { listen 10.23.3.21:80 proxy_protocol; return 200 behind; }
    server { listen 10.23.3.10:443 ssl; listen 10.23.3.11:443 ssl; listen 10.23.3.23:443 ssl; ssl_certificate $work/all.pem; return 200 tls; }
    server { listen 10.23.3.22:443 ssl; ssl_protocols TLSv1.2; ssl_certificate $work/one.pem; return 200 certificate; }
}
END
    on "$server" nginx -c "$work/nginx.conf" -p "$work"
    printf 'Port 8888\nTimeout 30\nAllow 10.23.3.0/24\nConnectPort 443\nLogFile "%s/tinyproxy.log"\n' "$work" >"$work/tinyproxy.conf"
    on "$server" tinyproxy -d -c "$work/tinyproxy.conf"
    on "$server" microsocks -p 1080
    # It ends with its input.
    on "$server" bash -c "sleep 600 | openssl s_server -dtls1_2 -accept 10.23.3.17:4433 -listen -key '$work/key.pem' -cert '$work/all.pem'"
    on "$server" aiosmtpd -n -l 10.23.3.18:25 --tlscert "$work/all.pem" --tlskey "$work/key.pem"
    cat >"$work/mosquitto.conf" <<END
listener 8883 10.23.3.19
allow_anonymous true
certfile $work/all.pem
keyfile $work/key.pem
user root
END
    on "$server" mosquitto -c "$work/mosquitto.conf"
    on "$server" "$python" pcaps/h3.py serve --certificate "$work/all.pem" --key "$work/key.pem" --address 10.23.3.24 --address 10.23.3.25
    dialogs
    listening -t 10.23.3.10 80
    listening -t 10.23.3.10 443
    listening -t 10.23.3.12 8888
    listening -t 10.23.3.15 1080
    listening -u 10.23.3.17 4433
    listening -t 10.23.3.18 25
    listening -t 10.23.3.19 8883
    listening -u 10.23.3.24 443
    for port in 21 110 143 389 3306 5222 5432; do
        listening -t '0.0.0.0' "$port"
    done
}

# Servers that speak another protocol before TLS, each on all addresses.
dialogs() {
    local data=$work/dialogs
    mkdir -p "$data"/{ftp,mail,mysql,xmpp}
    cat >"$data/vsftpd.conf" <<END
listen=YES
background=NO
anonymous_enable=YES
secure_chroot_dir=$data/ftp
ssl_enable=YES
ssl_ciphers=HIGH
rsa_cert_file=$work/one.pem
rsa_private_key_file=$work/key.pem
END
    on "$server" vsftpd "$data/vsftpd.conf"
    cat >"$data/dovecot.conf" <<END
protocols = imap pop3
listen = 0.0.0.0
base_dir = $data/mail
log_path = $work/dovecot-server.log
ssl = yes
ssl_cert = <$work/one.pem
ssl_key = <$work/key.pem
passdb {
    driver = static
    args = nopassword=y
}
END
    on "$server" dovecot -F -c "$data/dovecot.conf"
    printf 'TLSCertificateFile %s\nTLSCertificateKeyFile %s\npidfile %s\n' "$work/one.pem" "$work/key.pem" "$data/slapd.pid" >"$data/slapd.conf"
    on "$server" slapd -d 0 -h ldap://0.0.0.0:389 -f "$data/slapd.conf"
    cat >"$data/prosody.lua" <<END
run_as_root = true
data_path = "$data/xmpp"
pidfile = "$data/prosody.pid"
log = { info = "$work/prosody-server.log" }
modules_enabled = { "tls", "saslauth" }
interfaces = { "0.0.0.0" }
c2s_ports = { 5222 }
s2s_ports = { }
certificates = "$data"
ssl = { key = "$work/key.pem", certificate = "$work/one.pem" }
VirtualHost "start.names.test"
END
    on "$server" prosody -F --config "$data/prosody.lua"
    cat >"$data/pgbouncer.ini" <<END
[databases]
[pgbouncer]
listen_addr = 0.0.0.0
listen_port = 5432
unix_socket_dir =
auth_type = any
client_tls_sslmode = allow
client_tls_cert_file = $work/one.pem
client_tls_key_file = $work/key.pem
END
    # It refuses to be root.
    on "$server" setpriv --reuid=65534 --regid=65534 --clear-groups pgbouncer "$data/pgbouncer.ini"
    on "$server" mariadbd --no-defaults --user=root --datadir="$data/mysql" --socket="$data/mysql.sock" --pid-file="$data/mysql.pid" \
        --skip-grant-tables --skip-networking=0 --bind-address=0.0.0.0 --port=3306 --ssl-cert="$work/one.pem" --ssl-key="$work/key.pem"
}

listen() {
    ip netns exec "$client" tcpdump -i eth0 -U -w "$work/names.pcap" ip 2>"$work/tcpdump.log" &
    tcpdump=$!
    pids+=("$tcpdump")
    for _ in {1..100}; do
        ! grep -qs listening "$work/tcpdump.log" || return 0
        sleep 0.1
    done
    stop "tcpdump does not listen: $(cat "$work/tcpdump.log")"
}

# as PROGRAM ARGUMENT…: on the client; what it does must succeed.
as() {
    local status=0
    HOME=$work ip netns exec "$client" timeout 40 "$@" </dev/null >>"$work/clients.log" 2>&1 || status=$?
    ((!status)) || { tail -n 15 "$work/clients.log" >&2; stop "$* … ended with status $status"; }
}

play() {
    local get=(curl --silent --show-error --fail --insecure)
    as "${get[@]}" https://tls.names.test/
    as "${get[@]}" --proxy http://10.23.3.12:8888 https://inside.names.test/
    as "${get[@]}" --proxy http://10.23.3.13:8888 http://plain.names.test/
    as openssl s_client -proxy 10.23.3.14:8888 -connect bare.names.test:443 -noservername
    as "${get[@]}" --proxy socks5h://10.23.3.15:1080 https://socks.names.test/
    as "${get[@]}" --proxy socks5h://10.23.3.16:1080 http://plain.names.test/
    as openssl s_client -dtls1_2 -connect dtls.names.test:4433 -servername dtls.names.test
    as openssl s_client -starttls smtp -name client.names.test -connect mail.names.test:25 -servername mail.names.test
    as mosquitto_pub --cafile "$work/all.pem" -h mqtt.names.test -p 8883 -t test -m hello
    as "${get[@]}" --http2-prior-knowledge http://h2c.names.test/
    as "${get[@]}" --haproxy-protocol http://behind.names.test/
    as openssl s_client -connect 10.23.3.22:443 -noservername
    browse https://browser.names.test/
    browse https://quic.names.test/ --origin-to-force-quic-on=quic.names.test:443
    as "$python" pcaps/h3.py get --ca "$work/all.pem" --version 2 https://two.names.test/
    local row
    for row in ftp:21 pop3:110 imap:143 ldap:389 mysql:3306 xmpp:5222 postgres:5432; do
        as openssl s_client -starttls "${row%:*}" -name start.names.test -connect "10.23.3.26:${row#*:}" -servername start.names.test
        # Where the client names nobody, the server's certificate does, which TLS 1.3 hides.
        as openssl s_client -starttls "${row%:*}" -name start.names.test -connect "10.23.3.27:${row#*:}" -noservername -tls1_2
    done
}

# browse URL [CHROMIUM OPTION…]: a new profile, nothing in the background; it asks nobody but the server
browse() {
    local url=$1
    shift
    as chromium --headless --no-sandbox --disable-gpu --no-first-run --disable-background-networking \
        --disable-component-update --disable-sync --disable-default-apps --disable-extensions --no-pings \
        --disable-domain-reliability --disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication \
        --user-data-dir="$(mktemp -d -p "$work")" --ignore-certificate-errors-spki-list="$key_hash" \
        --host-resolver-rules='MAP update.googleapis.com ~NOTFOUND,MAP accounts.google.com ~NOTFOUND,MAP clients2.google.com ~NOTFOUND' \
        --virtual-time-budget=3000 --dump-dom "$@" "$url"
}

# Every flow of the capture must be one that is expected, with exactly these names, and none may be missing.
judge() {
    EXPECTED=$expected python3 - "$work/names.ndjson" <<'END'
import json, os, re, sys

KNOWN = {"proxy", "quic"}
want = {}
for line in filter(None, os.environ["EXPECTED"].splitlines()):
    address, port, names, flag = re.split(r"\s{2,}", line.strip())
    want[address, port] = (names.split(","), {flag} - {"-"})
seen, failed = set(), 0
for row in map(json.loads, open(sys.argv[1])):
    if row["type"] != "flow":
        continue
    place = (row["server"]["ip"], f"{row['server'].get('port')}/{row['proto']}")
    got = (sorted(f"{name['via']} {name['name']}" for name in row["names"]), KNOWN & set(row["flags"]))
    if want.get(place) == got and row["client"]["ip"] == "10.23.3.2":
        print("ok:", *place, *got[0], *got[1])
    else:
        failed += 1
        print("FAILED:", *place, f"from {row['client']['ip']}:", "got", got, row.get("unnamed", ""), "- wanted", want.get(place, "no such flow"))
    seen.add(place)
for place in want.keys() - seen:
    failed += 1
    print("FAILED:", *place, "no flow")
print(f"\n{len(want)} kinds of flows, {failed} wrong")
sys.exit(bool(failed or not want))
END
}

clean_up() {
    local status=$? namespace pid
    trap - EXIT
    for namespace in "$client" "$server"; do
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
    rm -rf "${work:?}"
    exit "$status"
}

main "$@"
