#!/usr/bin/env bash
# Says what is in a capture with tshark alone, and prints the commands, so that anybody can repeat them.
#
#   pcaps/describe.sh [CAPTURE…]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

show() {
    printf '$ %s\n' "$1"
    bash -o pipefail -c "$1" 2> >(grep -v "^Running as user" >&2)
    echo
}

(($#)) || set -- *.pcap *.pcapng
for capture; do
    printf '## %s\n\n' "$capture"
    show "capinfos -M -c -d -u -t $capture | tail -n +2"
    show "tshark -n -r $capture -q -z conv,tcp | grep -c '<->'"
    show "tshark -n -r $capture -q -z conv,udp | grep -c '<->'"
    show "tshark -n -r $capture -q -z endpoints,ip | tail -n +5 | awk '/^10/ { print \$1, \$2, \"frames\", \$3, \"octets\" }'"
    show "tshark -n -r $capture -Y 'tls.handshake.type == 1' -T fields -e _ws.col.Protocol -e tls.handshake.extensions_server_name | sort | uniq -c"
    show "tshark -n -r $capture -Y http.request -T fields -e http.host | sort | uniq -c"
    show "tshark -n -r $capture -Y 'dns.flags.response == 0' -T fields -e dns.qry.name | sort | uniq -c"
    show "tshark -n -r $capture -Y dns.cname -T fields -e dns.qry.name -e dns.cname | sort -u"
done
