# shellcheck shell=bash disable=SC2154
# For the system tests to source: runs their checks and counts what each came to. Expects `work`,
# a folder for what a check says.

passed=0 failed=0 skipped=0

# needs SENTENCE PROGRAM…: whether all are installed; if not, the check is skipped, which is said
needs() {
    local sentence=$1 tool
    shift
    for tool; do
        command -v "$tool" >/dev/null && continue
        echo "SKIPPED: $sentence ($tool is not installed)"
        skipped=$((skipped + 1))
        return 1
    done
}

# holds SENTENCE FUNCTION ARGUMENT…: runs a check; status 77 says that it cannot be run here
holds() {
    local sentence=$1 status
    shift
    set +e
    (set -e; "$@") >"$work/said" 2>&1
    status=$?
    set -e
    if ((status == 77)); then
        echo "SKIPPED: $sentence ($(tail -1 "$work/said"))"
        skipped=$((skipped + 1))
    elif ((status)); then
        echo "FAILED: $sentence"
        sed -n '1,40s/^/    /p' "$work/said"
        failed=$((failed + 1))
    else
        echo "ok: $sentence"
        passed=$((passed + 1))
    fi
}

# Says what all came to; false where a check failed.
tally() {
    echo "$passed passed, $failed failed, $skipped skipped"
    ((!failed))
}
