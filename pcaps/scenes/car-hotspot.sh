# shellcheck shell=bash disable=SC2034,SC2154
# A car's hotspot: the car itself (client 1) keeps MQTT over TLS open to two makers' brokers, a phone
# (client 2) runs the makers' apps, a tablet on the back seat (client 3) plays music and film.
format=pcap
hosts='
mqtt.messagehub.de                           101
customer.streaming-cardata.bmwgroup.com      102
cocoapi.bmwgroup.com                         103
api-cardata.bmwgroup.com                     103
customer.bmwgroup.com                        103
mysmob.api.connect.skoda-auto.cz             104
emea.bff.cariad.digital                      104
identity.vwgroup.io                          104
redirector.gvt1.com                          105 six
rr4---sn-4g5e6nez.googlevideo.com            105 six
youtubei.googleapis.com                      106 six
i.ytimg.com                                  106
youtube-ui.l.google.com                      106 six
www.example.org                              110
'
aliases='
www.youtube.com                              youtube-ui.l.google.com
maps.googleapis.com                          youtubei.googleapis.com
'
mqtt_hosts='mqtt.messagehub.de customer.streaming-cardata.bmwgroup.com'

act() {
    listen_for_commands
    local trip
    for trip in 1 2 3; do
        drive "$trip"
        phone "$trip"
    done
    back_seat
    wait_for_commands
}

# The car's subscriptions stay open for the whole recording, keep-alives included.
listen_for_commands() {
    local host
    commands=()
    for host in $mqtt_hosts; do
        ip netns exec "$run-c1" mosquitto_sub --cafile "$dir/ca.pem" -h "$host" -p 8883 -i "car-$RANDOM" -k 5 \
            -t 'vehicle/command/#' -W 25 >/dev/null 2>&1 &
        commands+=("$!")
    done
    pids+=("${commands[@]}")
    sleep 0.5
}

wait_for_commands() { wait "${commands[@]}" || true; }

# drive TRIP: positions and state of charge, a line a reading
drive() {
    local trip=$1 host reading
    for host in $mqtt_hosts; do
        for reading in {1..12}; do
            printf '{"trip":%d,"speed":%d,"charge":%d,"position":[48.%04d,11.%04d]}\n' \
                "$trip" $((30 + reading * 4)) $((80 - reading)) $((1370 + reading)) $((5750 + reading))
        done >"$dir/readings"
        ip netns exec "$run-c1" mosquitto_pub --cafile "$dir/ca.pem" -h "$host" -p 8883 -t vehicle/telemetry -q 1 -l \
            <"$dir/readings" 2>>"$dir/logs/clients.log" || say "mosquitto_pub … ended with status $?"
    done
    upload 1 $((trip * 4000)) https://api-cardata.bmwgroup.com/upload
}

phone() {
    local trip=$1
    upload 2 700 https://identity.vwgroup.io/oidc/v1/token
    as 2 curl --silent https://mysmob.api.connect.skoda-auto.cz/api/v2/vehicle-status
    as 2 curl --silent --http1.1 https://emea.bff.cariad.digital/vehicle/v1/vehicles
    upload 2 500 https://customer.bmwgroup.com/gcdm/oauth/token
    as 2 wget --quiet --ca-certificate="$dir/ca.pem" --output-document=/dev/null https://cocoapi.bmwgroup.com/blob/4000
    upload 2 $((trip * 300)) https://cocoapi.bmwgroup.com/eadrax-vrccs/v3/presentation/remote-commands
}

back_seat() {
    page www.youtube.com <<'END'
<!doctype html><title>film</title><img src="https://i.ytimg.com/blob/12000">
<script>
fetch("https://youtubei.googleapis.com/youtubei/v1/player", { method: "POST", mode: "no-cors", body: "p".repeat(1500) });
for (let part = 0; part < 6; part++) fetch("https://rr4---sn-4g5e6nez.googlevideo.com/blob/40000?part=" + part, { mode: "no-cors" });
</script>
END
    browse 3 https://www.youtube.com/
    as 3 curl --silent http://redirector.gvt1.com/blob/1500
    as 3 curl --silent https://maps.googleapis.com/blob/40000
    as 3 curl --silent https://www.example.org/blob/1500
}
