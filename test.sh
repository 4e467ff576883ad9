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

# The counts come from the report: its <assembly> elements. A run that died has none.
count() {
    { grep -o '<assembly [^>]*>' "$report" || true; } | { grep -o " $1=\"[0-9]*\"" || true; } | tr -dc '0-9\n' \
        | awk '{ sum += $1 } END { print sum + 0 }'
}

need_dotnet
need_postgres
need_redis
need_access_logs
build Analytics.sln

step "testing"
outcome=0
dotnet tests/Analytics.Tests/bin/Release/net10.0/Analytics.Tests.dll -noLogo -noColor -reporter quiet -result-xml "$report" "$@" || outcome=$?
passed=$(count passed)
failed=$(( $(count failed) + $(count errors) ))
skipped=$(( $(count skipped) + $(count not-run) ))
exit "$outcome"
