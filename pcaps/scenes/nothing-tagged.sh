# shellcheck shell=bash disable=SC2034,SC2154
# Nothing that any signature should match: reserved example names and a local intranet.
format=pcap
hosts='
www.example.org          101 six
example.com              101 six
static.example.net       102
intranet.example         110
wiki.intranet.example    110
printer.intranet.example 111
files.home.arpa          112
'
aliases='
www.example.com      example.com
news.example.org     www.example.org
'

act() {
    local round
    page wiki.intranet.example <<'END'
<!doctype html><title>wiki</title><img src="https://static.example.net/blob/4000">
<script>fetch("https://intranet.example/save", { method: "POST", mode: "no-cors", body: "y".repeat(3000) })</script>
END
    for round in 1 2 3; do
        as 1 curl --silent "https://www.example.org/blob/1500"
        as 2 wget --quiet --ca-certificate="$dir/ca.pem" --output-document=/dev/null "https://news.example.org/blob/4000"
        upload 1 $((round * 900)) https://files.home.arpa/put
        upload 3 $((round * 300)) http://printer.intranet.example/ipp
    done
    browse 1 https://wiki.intranet.example/
    as 2 curl --silent http://www.example.com/blob/1500
    as 3 python3 -c 'import urllib.request; print(len(urllib.request.urlopen("https://www.example.com/blob/12000").read()))'
    as 3 dig +tries=1 +time=2 no-such-host.example.net
    as 3 ping -c 2 -i 0.2 static.example.net
}
