#!/usr/bin/env bash
# Bundles of evidence against tools that know nothing of vigie: the captures of pcaps/ in three languages,
# each sealed, as folder and .zip.
#
#   tests/evidence.sh [--vigie PATH] [--keep DIR]
#
#   --keep   where the bundles stay, with a picture and a PDF of each report
#
# Where a program is missing it says which package has it, and fails: nothing is skipped.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD

vigie=target/release/vigie
keep=
work=
bagit=1.9.0 axe=4.14.1 vnu=26.9.27

main() {
    while (($#)); do
        case $1 in
            --vigie) vigie=$2; shift 2 ;;
            --keep) keep=$2; shift 2 ;;
            *) stop "$1: no such option" ;;
        esac
    done
    [[ -x $vigie ]] || stop "$vigie: no such program; run: cargo build --release"
    vigie=$(realpath "$vigie")
    check_tools
    trap clean_up EXIT
    trap 'exit 130' INT TERM
    work=$(mktemp -d /tmp/vigie-evidence.XXXXXX)
    [[ -z $keep ]] || { mkdir -p "$keep"; keep=$(realpath "$keep"); }
    # shellcheck source=tests/checks.sh
    source tests/checks.sh
    fetch_validators
    path_without_vigie
    ssh-keygen -q -t ed25519 -N '' -C anne@example.org -f "$work/key"
    local language
    for language in en fr de; do
        bundle office-hour.pcapng "$language"
        bundle car-hotspot.pcap "$language"
    done
    holds "no tenant is named where they are masked, and tshark counts the same by pseudonym" tenants_masked
    holds "the agent seals as the key does" sealed_by_the_agent
    holds "a key with a passphrase seals" sealed_with_passphrase
    holds "a bundle is the same from other folders, jobs, zones and locales" same_everywhere
    holds "a changed octet ends vigie verify with status 4" changed_octet
    tally
}

say() { printf 'evidence.sh: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }
# not COMMAND…: fails where it succeeds; `! command` would stop nothing
not() { ! "$@"; }
clean_up() { [[ -z $work ]] || rm -rf "$work"; }

check_tools() {
    local missing=() row
    local tools="tshark:tshark capinfos:wireshark-common ssh-keygen:openssh-client ssh-agent:openssh-client unzip:unzip
        chromium:chromium python3:python3 java:default-jre-headless npm:npm awk:mawk sha256sum:coreutils"
    for row in $tools; do
        command -v "${row%%:*}" >/dev/null || missing+=("${row##*:}")
    done
    ((!${#missing[@]})) || stop "missing programs; run: apt-get install ${missing[*]}"
}

# The validators that Debian does not have.
fetch_validators() {
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check "bagit==$bagit" ||
        stop "no validator of bags; run: pip install bagit==$bagit"
    npm install --silent --no-audit --no-fund --prefix "$work/npm" "axe-core@$axe" "vnu-jar@$vnu" >/dev/null ||
        stop "no validators of pages; run: npm install axe-core@$axe vnu-jar@$vnu"
    vnu_jar=$(find "$work/npm" -name vnu.jar | head -1)
    axe_js=$(find "$work/npm" -path '*axe-core/axe.min.js' | head -1)
    [[ -n $vnu_jar && -n $axe_js ]] || stop "the validators of pages are not where they were: look into npm's packages"
}

# What a stranger has: the tools that CHECK.txt names, and nothing else.
path_without_vigie() {
    local tool
    mkdir "$work/bin"
    for tool in sh sha256sum ssh-keygen capinfos tshark dumpcap awk sed sort; do
        ln -s "$(type -P "$tool")" "$work/bin/$tool"
    done
    [[ ! -e $work/bin/vigie ]]
}

report() {
    "$vigie" --no-config -q report "$@"
}

# bundle CAPTURE LANGUAGE: makes it and checks everything
bundle() {
    local name=${1%.*}-$2
    made=$work/$name
    holds "$name: vigie report" report "pcaps/$1" -o "$made" --zip --screens overview,flows --lang "$2" --date 2026-01-31 --sign "$work/key"
    [[ -d $made ]] || return 0
    holds "$name: sha256sum and ssh-keygen agree" sums_and_seal
    holds "$name: Python's bagit agrees" "$work/venv/bin/python" -m bagit --validate "$made"
    holds "$name: the .zip holds the folder" zip_is_folder
    holds "$name: CHECK.txt runs as it is, without vigie, and its numbers are those of the tables" check_txt
    holds "$name: vigie verify agrees, folder and .zip" verified "pcaps/$1"
    holds "$name: the page is valid HTML" java -jar "$vnu_jar" --errors-only "$made/data/report.html"
    holds "$name: Chromium shows it without errors or requests, and prints it" shown "$name"
    holds "$name: axe finds no barrier" accessible
    [[ -z $keep ]] || cp -r "$made" "$made.zip" "$keep"
}

sums_and_seal() {
    cd "$made"
    sha256sum --quiet --strict -c manifest-sha256.txt
    sha256sum --quiet --strict -c tagmanifest-sha256.txt
    ssh-keygen -Y verify -f allowed_signers -I anne@example.org -n vigie-evidence \
        -s tagmanifest-sha256.txt.sig <tagmanifest-sha256.txt
    not ssh-keygen -Y verify -f allowed_signers -I anne@example.org -n vigie-evidence \
        -s tagmanifest-sha256.txt.sig <manifest-sha256.txt
}

zip_is_folder() {
    rm -rf "$work/unzipped"
    unzip -q "$made.zip" -d "$work/unzipped"
    diff -r "$made" "$work/unzipped/vigie-evidence"
}

# What the commands print against the tables, read by another program than awk.
check_txt() {
    (cd "$made" && env -i PATH="$work/bin" HOME="$work" LC_ALL=C.UTF-8 sh data/CHECK.txt) >"$work/checked"
    cat "$work/checked"
    python3 - "$made" "$work/checked" <<'END'
import csv, sys
bundle, checked = sys.argv[1:]
rows = lambda name: list(csv.DictReader(open(f"{bundle}/data/tables/{name}", newline="")))
lines = [line.rstrip("\n").split("\t") for line in open(checked)]
text = open(checked).read()
assert text.count(": OK\n") == 2, "manifests"
assert 'Good "vigie-evidence" signature for anne@example.org' in text, "seal"
captures = {(f"data/capture/{r['file']}", r["frames"], r["octets"]) for r in rows("tagged_captures.csv")}
printed = {tuple(line[:3]) for line in lines if line[0].startswith("data/capture/")}
assert captures == printed and captures, (captures, printed)
names = {(r["server_name"], r["frames"], r["octets"]) for r in rows("server_names.csv")}
printed = {tuple(line[:3]) for line in lines if len(line) == 4 and "server_names.csv" in line[3]}
assert names == printed and names, names ^ printed
assert "NOT IN" not in text
stated = [l[5:].strip("\n") for l in open(f"{bundle}/data/CHECK.txt") if l.startswith("#   = ")]
for name, frames, octets in names | captures:
    assert any(s.strip().split("\t") == [name, frames, octets] for s in stated), name
total = {r["part"]: r for r in rows("balance.csv")}["in tagged flows"]
assert sum(int(r["flow_frames"]) for r in rows("tagged_captures.csv")) == int(total["frames"])
assert sum(int(r["flow_octets"]) for r in rows("tagged_captures.csv")) == int(total["octets"])
END
}

verified() {
    "$vigie" --no-config verify --lang en "$made" | tee "$work/verified"
    not grep -q 'Does not hold' "$work/verified"
    "$vigie" --no-config verify --lang en "$made.zip" >/dev/null
    "$vigie" --no-config verify --lang en "$made" --original "$root/$1" | tee "$work/verified"
    not grep -q 'Does not hold' "$work/verified"
    grep -q 'unnamed.csv' "$work/verified"
}

# chrome ARGUMENT…: headless, with a profile of its own
chrome() {
    timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run \
        --user-data-dir="$work/profile" --virtual-time-budget=10000 "$@"
}

shown() {
    local page=file://$made/data/report.html pictures=${keep:-$work}
    chrome --log-net-log="$work/net.json" --enable-logging=stderr --window-size=1000,1400 \
        --screenshot="$pictures/$1.png" "$page" 2>"$work/log"
    not grep CONSOLE "$work/log"
    chrome --no-pdf-header-footer --print-to-pdf="$pictures/$1.pdf" "$page" 2>/dev/null
    [[ $(head -c 5 "$pictures/$1.pdf") == %PDF- && -s $pictures/$1.png ]]
    python3 - "$work/net.json" <<'END'
import json, sys
text = open(sys.argv[1]).read().rstrip()
text = text if text.endswith("}") else text.rstrip(",\n") + "]}"
events = [e.get("params", {}) for e in json.loads(text)["events"]]
pages = [p for p in events if str(p.get("url", "")).startswith("file:")]
outside = [p["url"] for p in events if str(p.get("url", "")).split(":")[0] in ("http", "https", "ws", "wss")
           and p.get("initiator", "not an origin") != "not an origin"]
assert not outside, outside
END
}

accessible() {
    python3 - "$made/data/report.html" "$axe_js" "$work/axe.html" <<'END'
import sys
page, axe, out = sys.argv[1:]
html = open(page).read()
run = """<script>%s</script><script>axe.run().then(r => { document.title = 'axe';
document.body.textContent = 'AXE' + JSON.stringify(r.violations.map(v => [v.id, v.impact, v.nodes.map(n => n.html.slice(0, 200))]))
+ 'PASSES' + r.passes.length + 'END'; });</script></body>""" % open(axe).read().replace("</script", "<\\/script")
assert html.count("</body>") == 1
# A page that allows no script would not run this one.
import re
html = re.sub(r'<meta[^>]*http-equiv="Content-Security-Policy"[^>]*>', "", html, flags=re.I)
open(out, "w").write(html.replace("</body>", run))
END
    chrome --dump-dom "file://$work/axe.html" 2>/dev/null >"$work/axe.dom"
    grep -o 'AXE.*END' "$work/axe.dom" | head -c 4000
    grep -q 'AXE\[\]PASSES[1-9]' "$work/axe.dom"
}

# tshark reads what was rewritten, and no file names the tenant.
tenants_masked() {
    (umask 077; printf '%s\n' 8f3c1d0b5a7e92644d1ff0a3c2b5968770e1d2c3b4a5968778695a4b3c2d1e0f >"$work/pseudonyms")
    made=$work/masked
    report pcaps/office-hour.pcapng -o "$made" --zip --screens overview,flows,detail:contoso.sharepoint.com --mask none --lang en \
        --date 2026-01-31 --sign "$work/key" --pseudonymize "$work/pseudonyms" --mask-tenants
    grep -qai contoso "$work/office-hour-en/data/capture/tagged.pcapng"
    not grep -rqai contoso "$made" "$made.zip"
    tshark -r "$made/data/capture/tagged.pcapng" -V -o tls.desegment_ssl_records:TRUE 2>/dev/null >"$work/dissected"
    grep -q 'Server Name: [^ ]*-my.sharepoint.com' "$work/dissected"
    grep -q 'Queries' "$work/dissected"
    not grep -qi 'contoso\|malformed' "$work/dissected"
    check_txt
    "$vigie" --no-config verify --lang en "$made" --original pcaps/office-hour.pcapng | tee "$work/verified"
    not grep -q 'Does not hold' "$work/verified"
    local name
    name=$(sed -n 's/\(.*-my.sharepoint.com\),.*/\1/p' "$made/data/tables/server_names.csv" | head -1)
    "$vigie" --no-config reveal --key "$work/pseudonyms" "$name" | grep -q 'contoso-my.sharepoint.com$'
}

sealed_by_the_agent() {
    ssh-agent sh -c "ssh-add -q '$work/key' && '$vigie' --no-config -q report pcaps/office-hour.pcapng \
        -o '$work/agent' --screens overview,flows --lang en --date 2026-01-31 --sign '$work/key.pub'"
    "$vigie" --no-config verify --lang en "$work/agent"
    diff "$work/agent/tagmanifest-sha256.txt.sig" "$work/office-hour-en/tagmanifest-sha256.txt.sig"
}

sealed_with_passphrase() {
    ssh-keygen -q -t ed25519 -N 'correct horse' -C bob -f "$work/protected"
    echo 'correct horse' >"$work/passphrase"
    report pcaps/office-hour.pcapng -o "$work/protected-bundle" --sign "$work/protected" --passphrase-file "$work/passphrase"
    "$vigie" --no-config verify --lang en "$work/protected-bundle" | grep 'Sealed by bob'
    echo 'wrong' >"$work/passphrase"
    not report pcaps/office-hour.pcapng -o "$work/none" --sign "$work/protected" --passphrase-file "$work/passphrase"
    not setsid "$vigie" --no-config -q report pcaps/office-hour.pcapng -o "$work/none" --sign "$work/protected" </dev/null
    [[ ! -e $work/none ]]
}

same_everywhere() {
    mkdir -p "$work/elsewhere/deep"
    cp pcaps/office-hour.pcapng "$work/elsewhere"
    (cd "$work/elsewhere" && TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8 "$vigie" --no-config -q report office-hour.pcapng -o deep/bundle \
        --zip --screens overview,flows --lang en --date 2026-01-31 --sign "$work/key" --jobs 3)
    diff -r "$work/office-hour-en" "$work/elsewhere/deep/bundle"
    cmp "$work/office-hour-en.zip" "$work/elsewhere/deep/bundle.zip"
}

changed_octet() {
    local status=0
    cp -r "$work/office-hour-en" "$work/changed"
    printf x | dd of="$work/changed/data/tables/systems.csv" bs=1 seek=200 conv=notrunc status=none
    "$vigie" --no-config verify --lang en "$work/changed" >"$work/verified" || status=$?
    cat "$work/verified"
    ((status == 4))
    grep -q 'data/tables/systems.csv has changed' "$work/verified"
}

main "$@"
