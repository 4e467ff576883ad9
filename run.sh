#!/usr/bin/env bash
# Starts the service: ./run.sh. Other commands of the service: ./run.sh link, ./run.sh verify, ./run.sh rebuild, ./run.sh openapi.
# Settings: PORT or ASPNETCORE_URLS, ANALYTICS_DATA_DIR, ConnectionStrings__Postgres ... (see docs/running.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. .ci/prepare.sh

need_dotnet
case "${1:-}" in
    openapi | import-log) ;; # need no store
    *) if [ -z "${ConnectionStrings__Postgres:-}" ]; then need_postgres; fi ;;
esac
# The API is there without its dashboard too.
dashboard=-p:SkipWeb=false
(need_node) || { step "going on without the dashboard"; dashboard=-p:SkipWeb=true; }
build src/Analytics.Api "$dashboard"

# Reachable from this machine only, unless told otherwise: PORT listens on every address.
if [ -z "${PORT:-}" ] && [ -z "${ASPNETCORE_URLS:-}" ]; then export ASPNETCORE_URLS=http://localhost:8080; fi
if [ $# = 0 ]; then step "starting on ${ASPNETCORE_URLS:-port $PORT}; Ctrl-C stops it"; fi
exec dotnet src/Analytics.Api/bin/Release/net10.0/Analytics.Api.dll "$@"
