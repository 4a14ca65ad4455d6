#!/bin/sh
# Draws the pictures of docs/pictures anew from pcaps/: each is what `P` writes.
# Needs script(1) of util-linux. Usage: docs/pictures.sh [VIGIE]
set -eu
cd "$(dirname "$0")/.."
vigie=$(realpath "${1:-target/release/vigie}")
root=$PWD
command -v script >/dev/null || { echo "pictures.sh: script(1) is missing: install util-linux" >&2; exit 1; }

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
