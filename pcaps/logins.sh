#!/usr/bin/env bash
# Records ../tests/captures/logins.pcap: three logins that a RADIUS server checks, by PEAP, EAP-TTLS and
# EAP-TLS, with TLS 1.2. hostapd is the server, eapol_test the access point and its device, tcpdump listens;
# all in a network namespace without a way out that ends with this script.
#
#   sudo pcaps/logins.sh OUT.pcap
set -euo pipefail
shopt -s inherit_errexit

main() {
    (($# == 1)) || { sed -n '2,/^set /{/^set /d;s/^# \{0,1\}//;p}' "${BASH_SOURCE[0]}"; exit 2; }
    local program
    for program in hostapd:hostapd eapol_test:eapoltest tcpdump:tcpdump openssl:openssl; do
        command -v "${program%%:*}" >/dev/null || { echo "${program%%:*} is missing; run: apt-get install ${program##*:}" >&2; exit 2; }
    done
    temp=$(mktemp -d /tmp/vigie-logins.XXXXXX)
    trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$temp"' EXIT
    out=$(realpath "$1")
    cd "$temp"
    certificates
    configurations
    ip link set lo up
    ip address add 10.23.0.1/32 dev lo
    ip address add 10.23.0.128/32 dev lo
    # The answers then come from the address that was asked.
    ip route replace local 10.23.0.1 dev lo table local src 10.23.0.128
    tcpdump -i lo -w capture --immediate-mode -U -Z root udp port 1812 2>/dev/null &
    local tcpdump=$!
    hostapd hostapd.conf >hostapd.log &
    sleep 2
    local method
    for method in PEAP TTLS TLS; do
        eapol_test -c "$method.conf" -A 10.23.0.1 -a 10.23.0.128 -s shared >"$method.log" || { tail "$method.log"; exit 1; }
    done
    sleep 1
    kill -INT "$tcpdump"
    wait "$tcpdump" || true
    cp capture "$out"
}

certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj '/CN=Test CA' -days 3650
    local name
    for name in radius.example device; do
        openssl req -newkey rsa:2048 -nodes -keyout "$name.key" -out request -subj "/CN=$name" -addext "subjectAltName=DNS:$name"
        openssl x509 -req -in request -CA ca.pem -CAkey ca.key -CAcreateserial -out "$name.pem" -days 3650 -copy_extensions copy
    done
} 2>/dev/null

configurations() {
    printf '* PEAP,TTLS,TLS\n"alice" MSCHAPV2,TTLS-PAP,TTLS-MSCHAPV2 "secret" [2]\n' >users
    echo '0.0.0.0/0 shared' >clients
    cat >hostapd.conf <<END
driver=none
interface=lo
eap_server=1
eap_user_file=users
ca_cert=ca.pem
server_cert=radius.example.pem
private_key=radius.example.key
radius_server_clients=clients
radius_server_auth_port=1812
END
    local method
    for method in PEAP TTLS TLS; do
        cat >"$method.conf" <<END
network={
    key_mgmt=WPA-EAP
    eap=$method
    identity="alice"
    anonymous_identity="anonymous"
    password="secret"
    phase2="auth=MSCHAPV2"
    ca_cert="ca.pem"
    client_cert="device.pem"
    private_key="device.key"
}
END
    done
}

[[ ${VIGIE_INSIDE:-} ]] || VIGIE_INSIDE=1 exec unshare --net "${BASH_SOURCE[0]}" "$@"
main "$@"
