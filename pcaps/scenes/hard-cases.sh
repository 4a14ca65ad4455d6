# shellcheck shell=bash disable=SC2034,SC2154
# What makes names hard to read: recorded on the cable of one client.
recorded_at=c1
hosts='
edge.cdn.example        101 six
small.example.org       102
quic.example.net        103 six
www.example.com         104 six
plain.example.org       105
other.example.org       105
legacy.example.net      106
'
aliases='
outlook.office365.com       ooc-g2.tm-4.office.com
ooc-g2.tm-4.office.com      outlook.ms-acdc.office.com
outlook.ms-acdc.office.com  edge.cdn.example
shop.example.com            shop.example.com.cdn.example
shop.example.com.cdn.example edge.cdn.example
'
quic_hosts='quic.example.net'
no_sni_host=legacy.example.net

act() {
    small_segments
    large_hellos
    quic
    plain_http
    six_and_chains
    name_questions
    without_sni
    as 1 ping -c 3 -i 0.2 www.example.com
    as 1 ping -6 -c 2 -i 0.2 www.example.com
}

# The server tells this address of the client that it takes 100 octets a segment: a hello in six parts and more.
small_segments() {
    ip -n "$run-c1" addr add 10.23.0.21/24 dev eth0
    ip -n "$server" route replace 10.23.0.21/32 dev switch advmss 100
    as 1 curl --silent --interface 10.23.0.21 https://small.example.org/blob/1500
    as 1 curl --silent --interface 10.23.0.21 --tlsv1.3 https://small.example.org/blob/200
    as 1 wget --quiet --bind-address=10.23.0.21 --ca-certificate="$dir/ca.pem" --output-document=/dev/null https://small.example.org/blob/200
    as 1 curl --silent --interface 10.23.0.21 http://plain.example.org/a/rather/long/path/so/that/the/host/header/stands/in/the/second/segment/of/this/request
}

# Post-quantum keys make chromium's hello longer than a frame; openssl sends one as several TLS records.
large_hellos() {
    local protocols
    protocols=$(printf 'protocol-number-%d,' {10..59})h2
    browse 1 https://edge.cdn.example/
    browse 1 https://small.example.org/
    as 1 openssl s_client -CAfile "$dir/ca.pem" -connect small.example.org:443 -servername small.example.org -max_send_frag 512 -alpn "$protocols"
    as 1 openssl s_client -CAfile "$dir/ca.pem" -connect legacy.example.net:443 -servername legacy.example.net -tls1_2
}

quic() {
    as 1 "$python" "$here/h3.py" get --ca "$dir/ca.pem" https://quic.example.net/one
    as 1 "$python" "$here/h3.py" get --ca "$dir/ca.pem" --version 2 https://quic.example.net/two
    browse 1 https://quic.example.net/ --enable-quic --origin-to-force-quic-on=quic.example.net:443
}

# One connection, several requests, a different Host in each (one of them with a body and a port).
plain_http() {
    as 1 curl --silent http://plain.example.org/
    as 1 wget --quiet --output-document=/dev/null http://other.example.org/blob/4000
    as 1 python3 -c '
import http.client
line = http.client.HTTPConnection("plain.example.org")
for host, body in (("plain.example.org", None), ("Other.Example.Org:80", b"GET / HTTP/1.1\r\nHost: not-a-request.example\r\n\r\n"), ("third.example.org", None)):
    line.request("POST" if body else "GET", "/page", body=body, headers={"Host": host})
    line.getresponse().read()
'
}

six_and_chains() {
    as 1 curl --silent -6 https://www.example.com/blob/4000
    as 1 curl --silent -6 http://www.example.com/
    as 1 curl --silent -4 https://outlook.office365.com/blob/1500
    as 1 curl --silent https://shop.example.com/blob/1500
}

name_questions() {
    as 1 dig +tcp www.example.com AAAA
    as 1 dig +tcp +keepopen outlook.office365.com A shop.example.com A
    as 1 dig quic.example.net HTTPS
    as 1 dig -p 5300 shop.example.com A
    as 1 dig +tries=1 +time=2 no-such-name.example.org
}

# No name in the hello: with TLS 1.2 the certificate still tells one, with 1.3 only the DNS answer does.
without_sni() {
    as 1 openssl s_client -CAfile "$dir/ca.pem" -connect legacy.example.net:443 -noservername -tls1_2
    as 1 openssl s_client -CAfile "$dir/ca.pem" -connect legacy.example.net:443 -noservername -tls1_3
}
