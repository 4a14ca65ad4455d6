#!/bin/sh
# Draws the pictures of docs/pictures anew from pcaps/: each is what `P` writes, or the top of a report.
# Needs script(1) of util-linux, and chromium. Usage: docs/pictures.sh [VIGIE]
set -eu
cd "$(dirname "$0")/.."
vigie=$(realpath "${1:-target/release/vigie}")
root=$PWD
command -v script >/dev/null || { echo "pictures.sh: script(1) is missing: install util-linux" >&2; exit 1; }
command -v chromium >/dev/null || { echo "pictures.sh: chromium is missing: install chromium" >&2; exit 1; }

# picture NAME KEYS COLUMNS LINES OPTIONS CAPTURE
picture() {
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    ln -s "$root/pcaps/$6" "$folder/$6"
    # The keys wait until the capture is read; the pictures are small, and so are the captures.
    { sleep 3; printf '%b' "$2"; sleep 1; printf 'P'; sleep 4; printf '\003'; } |
        (cd "$folder" && COLORTERM=truecolor TERM=xterm-256color script -qefc \
            "stty cols $3 rows $4; '$vigie' --no-config view --hash $5 '$6'" /dev/null >/dev/null)
    found=$(ls "$folder"/vigie-*.png)
    cp "$found" "$root/docs/pictures/$1.png"
    chmod 644 "$root/docs/pictures/$1.png"
    echo "docs/pictures/$1.png"
}

picture overview '1' 100 26 '--lang en' office-hour.pcapng
picture flows '2' 120 30 '--lang en' office-hour.pcapng
picture timeline '7' 110 30 '--lang en' office-hour.pcapng
picture detail '2/category = telemetry\r\r' 110 34 '--lang en' office-hour.pcapng
picture overview-fr '1' 100 26 '--lang fr --theme light' car-hotspot.pcap
picture timeline-de '7' 110 30 '--lang de --theme light' car-hotspot.pcap

# report NAME LANG CAPTURE OPTIONS…
report() {
    name=$1 language=$2 capture=$3
    shift 3
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
    "$vigie" --no-config report "pcaps/$capture" -o "$folder/bundle" --lang "$language" --date 2026-11-27 "$@" >/dev/null
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=900,1900 \
        --screenshot="$root/docs/pictures/$name.png" "file://$folder/bundle/data/report.html" >/dev/null 2>&1
    chmod 644 "$root/docs/pictures/$name.png"
    echo "docs/pictures/$name.png"
}

report report-fr fr office-hour.pcapng --home-net 10.23.0.0/24 --home-net fd23::/64 --tz Europe/Paris \
    --author "CSE" --question "Que transmet le poste de travail à Viva et à la télémétrie d’Office ?"
