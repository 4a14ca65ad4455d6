# shellcheck shell=bash disable=SC2034,SC2154
# Names inside other protocols: proxies, STARTTLS, DTLS, HTTP/2 without TLS, a PROXY header, MQTT over
# TLS, and TLS without SNI behind CONNECT. Reserved names; recorded with --out tests/captures, since `vigie analyze pcaps` reads all of pcaps.
format=pcap
hosts='
proxy.example         120
inside.example        121
plain.example         121
socks.example         122
dtls.example          123
mail.example          124
mqtt.example          125
h2c.example           126
behind.example        127
'
aliases=''
mqtt_hosts='mqtt.example'

act() {
    local get=(curl --silent --insecure)
    more_servers
    as 1 "${get[@]}" --proxy http://10.23.0.120:8888 https://inside.example/blob/200
    as 1 "${get[@]}" --proxy http://10.23.0.120:8888 http://plain.example/blob/200
    as 1 openssl s_client -proxy 10.23.0.120:8888 -connect inside.example:443 -noservername
    as 2 "${get[@]}" --proxy socks5h://10.23.0.122:1080 https://inside.example/blob/200
    as 2 "${get[@]}" --proxy socks5h://10.23.0.122:1080 http://plain.example/blob/200
    as 2 openssl s_client -dtls1_2 -connect 10.23.0.123:4433 -servername dtls.example
    as 3 openssl s_client -starttls smtp -name client.example -connect 10.23.0.124:25 -servername mail.example
    as 3 mosquitto_pub --cafile "$dir/ca.pem" -h mqtt.example -p 8883 -t test -m hello
    as 3 "${get[@]}" --http2-prior-knowledge --header 'Host: h2c.example' http://10.23.0.126:8080/
    as 3 "${get[@]}" --haproxy-protocol --header 'Host: behind.example' http://10.23.0.127:8081/
}

# The proxies resolve names by the run's own name server. None of these sends anything by itself.
more_servers() {
    local row missing=()
    for row in tinyproxy:tinyproxy microsocks:microsocks aiosmtpd:python3-aiosmtpd; do
        command -v "${row%%:*}" >/dev/null || missing+=("${row##*:}")
    done
    ((!${#missing[@]})) || stop "missing programs; run: apt-get install ${missing[*]}"
    mkdir -p "/etc/netns/$server"
    echo 'nameserver 10.23.0.1' >"/etc/netns/$server/resolv.conf"
    printf 'Port 8888\nTimeout 30\nAllow 10.23.0.0/24\nConnectPort 443\n' >"$dir/tinyproxy.conf"
    on_server tinyproxy -d -c "$dir/tinyproxy.conf"
    on_server microsocks -p 1080
    # It ends with its input.
    on_server bash -c "sleep 120 | openssl s_server -dtls1_2 -accept 10.23.0.123:4433 -listen -key '$dir/leaf.key' -cert '$dir/certs/dtls.example.pem'"
    on_server aiosmtpd -n -l 10.23.0.124:25 --tlscert "$dir/certs/mail.example.pem" --tlskey "$dir/leaf.key"
    cat >"$dir/nginx-more.conf" <<END
daemon off;
error_log $dir/logs/nginx-more-error.log;
pid $dir/nginx-more.pid;
events {}
http {
    access_log off;
    client_body_temp_path $dir/more-body; proxy_temp_path $dir/more-proxy; fastcgi_temp_path $dir/more-fastcgi;
    uwsgi_temp_path $dir/more-uwsgi; scgi_temp_path $dir/more-scgi;
    server { listen 10.23.0.126:8080 http2; return 200 h2c; }
    server { listen 10.23.0.127:8081 proxy_protocol; return 200 behind; }
}
END
    on_server nginx -c "$dir/nginx-more.conf" -p "$dir"
    listening -t 8888
    listening -t 1080
    listening -u 4433
    listening -t 25
    listening -t 8081
}
