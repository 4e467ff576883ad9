#!/usr/bin/env bash
# Builds everything and runs every test: ./test.sh. Arguments go to the test runner: ./test.sh -class '*DeduplicationTests'.
# The last line says how it went: N passed, M failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/prepare.sh

report=$(mktemp)
passed=0 failed=0 skipped=0

# However this ends, it ends with the summary; what ended it early counts as a failure.
summary() {
    local ended=$?
    rm -f "$report"
    if [ "$failed" = 0 ] && { [ "$ended" != 0 ] || [ "$passed" = 0 ]; }; then failed=1; step "ended with exit code $ended"; fi
    if [ "$skipped" = 0 ]; then echo "$passed passed, $failed failed"; else echo "$passed passed, $failed failed, $skipped skipped"; fi
    [ "$failed" = 0 ] || exit 1
}
trap summary EXIT

# What failed is told again at the end, below all that the tests' own servers say: all names first, then of each what it saw.
tell_failed() {
    awk 'BEGIN { RS = "</test>" }
        /<test [^>]*result="Fail"/ {
            sub(/.*<test /, "<test ")
            name = match($0, / name="[^"]*"/) ? substr($0, RSTART + 7, RLENGTH - 8) : "a test"
            gsub(/<[^>]*>/, ""); gsub(/<!\[CDATA\[|\]\]>/, "")
            names = names "FAILED " name "\n"; told = told "\nFAILED " name "\n"
            count = split($0, lines, "\n")
            for (line = 1; line <= count && line <= 25; line++) told = told substr(lines[line], 1, 400) "\n"
        }
        END { printf "%s%s", names, told }' "$report" \
        | sed -e 's/&lt;/</g; s/&gt;/>/g; s/&quot;/"/g; s/&#xA;/\n  /g; s/&amp;/\&/g' | head -n 300 >&2
}

# The counts come from the report: its <assembly> elements. A run that died has none.
count() {
    { grep -o '<assembly [^>]*>' "$report" || true; } | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' \
        | awk '{ sum += $1 } END { print sum + 0 }'
}

# Types against the service's own document, style, and units: what it says is shown when something is wrong. A check counts as a test.
check_web() {
    step "checking the dashboard"
    dotnet src/Analytics.Api/bin/Release/net10.0/Analytics.Api.dll openapi src/Analytics.Web/obj/openapi.json
    local check said
    for check in types style; do
        if said=$(npm run --silent --prefix src/Analytics.Web "check:$check" 2>&1); then passed=$((passed + 1)); else wrong_in_web "$said"; fi
    done
    said=$(npm test --silent --prefix src/Analytics.Web 2>&1) || { outcome=1; printf '%s\n' "$said" | sed -n '/^ *not ok/,/^ *\.\.\./p' >&2; }
    passed=$(( passed + $(tap "$said" pass) ))
    failed=$(( failed + $(tap "$said" fail) ))
}

wrong_in_web() { printf '%s\n' "$1" >&2; failed=$((failed + 1)) outcome=1; }

# The counts at the end of what node --test says.
tap() { printf '%s\n' "$1" | awk -v name="$2" '$1 == "#" && $2 == name { sum += $3 } END { print sum + 0 }'; }

need_dotnet
need_postgres
need_redis
need_access_logs
need_node
need_web_tools
need_chromium
build Analytics.sln -p:RequireWeb=true

outcome=0
if [ $# = 0 ]; then check_web; fi

step "testing"
# Tests read much JSON: with 128 MB of room a fifth of their time is not spent collecting it. Some wait for a browser or a process while others work.
DOTNET_GCgen0size=0x8000000 dotnet tests/Analytics.Tests/bin/Release/net10.0/Analytics.Tests.dll -noLogo -maxThreads 1.5x -noColor -reporter quiet -result-xml "$report" "$@" || outcome=$?
passed=$(( passed + $(count passed) ))
failed=$(( failed + $(count failed) + $(count errors) ))
if [ "$outcome" != 0 ]; then tell_failed; fi
skipped=$(( $(count skipped) + $(count not-run) ))
exit "$outcome"
