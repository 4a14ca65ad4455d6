#!/usr/bin/env bash
# The live source against the kernel: captures of pcaps/ and of the shared corpus are replayed through veth
# pairs in network namespaces and must come out as they went in, on both back ends; capture filters choose
# what tcpdump chooses.
#
#   tests/live.sh
#
# Needs root, network namespaces, tcpreplay, tcpdump and ../shared/corpus. What is missing is a failure.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
    local missing=() tool
    for tool in ip tcpreplay tcpdump python3 sysctl; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [[ -d ../shared/corpus ]] || missing+=(../shared/corpus)
    [[ -c /dev/net/tun ]] || missing+=(/dev/net/tun)
    ((EUID == 0)) || missing+=("root's rights")
    if ((${#missing[@]} == 0)) && ! namespaces_work; then
        missing+=("the right to make network namespaces and veth pairs")
    fi
    if ((${#missing[@]})); then
        printf 'FAILED: the live capture cannot be tested here; missing: %s\n' "${missing[*]}" >&2
        exit 1
    fi
    cargo test --locked --test live_source -- --ignored --test-threads=2
    cargo test --locked --test terminal -- --ignored live:: bundle:: bundle_live:: keys::
    cargo test --locked --lib programs_choose_what_tcpdump_chooses -- --ignored --nocapture
}

namespaces_work() {
    local name=vigie-live-$$ works=0
    ip netns add "$name" && ip -n "$name" link add one type veth peer name two || works=1
    ip netns del "$name" 2>/dev/null || true
    return "$works"
}

main "$@"
