#!/usr/bin/env bash
# Builds everything and runs every test: ./test.sh. Arguments go to the test runner: ./test.sh -class '*EventRulesTests'.
# The last line says how it went: N passed, M failed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/prepare.sh

need_dotnet
need_postgres
need_redis
build Analytics.sln

report=$(mktemp)
trap 'rm -f "$report"' EXIT
step "testing"
outcome=0
dotnet tests/Analytics.Tests/bin/Release/net10.0/Analytics.Tests.dll -noLogo -noColor -reporter quiet -xml "$report" "$@" || outcome=$?

# The counts come from the report: its <assembly> elements. A run that died has none.
count() { grep -o '<assembly [^>]*>' "$report" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }' || true; }
passed=$(count passed)
failed=$(( $(count failed) + $(count errors) ))
skipped=$(( $(count skipped) + $(count not-run) ))
if [ "$outcome" != 0 ] && [ "$failed" = 0 ]; then failed=1; step "the test run ended with exit code $outcome"; fi
if [ $(( passed + failed )) = 0 ]; then failed=1; step "no test ran"; fi

summary="$passed passed, $failed failed"
if [ "$skipped" != 0 ]; then summary="$summary, $skipped skipped"; fi
echo "$summary"
[ "$failed" = 0 ]
