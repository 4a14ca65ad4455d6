#!/usr/bin/env bash
# The screens of view and live behind other programs: in GNU screen, in a PID namespace as containers have
# one, and over ssh to an sshd in a network namespace of its own, with a key made for it. Keys, mouse,
# colours, sizes, background, exit; the terminal's modes before and after; a connection that is cut.
#
#   tests/screens.sh
#
# Needs root, network namespaces, GNU screen, ssh and sshd. What is missing is a failure.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "${BASH_SOURCE[0]}")/.."

main() {
    local missing=() tool
    for tool in screen unshare ssh ssh-keygen ip stty bash; do
        command -v "$tool" >/dev/null || missing+=("$tool")
    done
    [[ -x /usr/sbin/sshd ]] || missing+=(/usr/sbin/sshd)
    ((EUID == 0)) || missing+=("root's rights")
    if ((${#missing[@]} == 0)) && ! namespaces_work; then
        missing+=("the right to make network namespaces and veth pairs")
    fi
    if ((${#missing[@]})); then
        printf 'FAILED: screen and ssh cannot be tested here; missing: %s\n' "${missing[*]}" >&2
        exit 1
    fi
    local log
    log=$(mktemp)
    cargo test --locked --test terminal -- --ignored through:: | tee "$log"
    # A name that no longer matches would run nothing, and hold.
    grep -q '^test result: ok. 4 passed' "$log" || { echo "FAILED: not all four tests ran" >&2; exit 1; }
    rm -f "$log"
}

namespaces_work() {
    local name=vigie-screens-$$ works=0
    ip netns add "$name" && ip -n "$name" link add one type veth peer name two || works=1
    ip netns del "$name" 2>/dev/null || true
    return "$works"
}

main "$@"
