# Sourced by run.sh and test.sh: says what it does in a line each, installs what is missing, changes nothing that is there.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# Each open stream is a file.
ulimit -n "$(ulimit -Hn)" 2>/dev/null || true

step() { printf '== %s\n' "$*" >&2; }
fail() { printf '%s\n' "$@" >&2; exit 1; }

need_dotnet() {
    local place
    for place in "${DOTNET_ROOT:-}" "$HOME/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        if ! command -v dotnet >/dev/null && [ -n "$place" ] && [ -x "$place/dotnet" ]; then PATH="$PATH:$place"; fi
    done
    command -v dotnet >/dev/null || fail "The .NET 10 SDK is missing. Install it from https://dotnet.microsoft.com/download/dotnet/10.0"
    dotnet --list-sdks | grep -q '^1[0-9]\.' \
        || fail "The .NET 10 SDK is missing ($(command -v dotnet) has: $(dotnet --list-sdks | tr '\n' ' ')). See https://dotnet.microsoft.com/download/dotnet/10.0"
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "Installing needs root or sudo. As root: apt-get install ${PACKAGES:-}"
    fi
}

# Installs without letting the packages start servers of their own: this project starts private ones.
install() {
    PACKAGES=$*
    command -v apt-get >/dev/null || fail "Please install with this system's package manager: $*"
    step "installing $*"
    local hold=no
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        hold=yes
        printf '#!/bin/sh\nexit 101\n' | as_root tee /usr/sbin/policy-rc.d >/dev/null
        as_root chmod +x /usr/sbin/policy-rc.d
    fi
    # A list of packages that is missing or old is no fault: what apt says is shown only when a new list does not help.
    local said result=0
    said=$(apt_install "$@" 2>&1) || { as_root apt-get update -qq && said=$(apt_install "$@" 2>&1); } || result=$?
    if [ "$hold" = yes ]; then as_root rm -f /usr/sbin/policy-rc.d; fi
    [ "$result" = 0 ] || fail "$said" "Installing $* failed."
}

apt_install() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o Dpkg::Options::=--force-confold "$@"
}

# True when a Postgres that the service can use is there: 15 or newer.
have_postgres() {
    local program version
    for program in "$(command -v postgres || true)" /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres \
        /opt/homebrew/opt/postgresql@*/bin/postgres /usr/local/opt/postgresql@*/bin/postgres; do
        [ -x "$program" ] && [ -x "${program%postgres}initdb" ] || continue
        version=$("$program" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
        if [ "${version:-0}" -ge 15 ]; then return 0; fi
    done
    return 1
}

need_postgres() {
    if have_postgres; then return; fi
    if command -v brew >/dev/null; then
        step "installing postgresql@17"
        brew install --quiet postgresql@17
        return
    fi
    if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        # No cluster of the system's own, only the programs.
        as_root mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' | as_root tee /etc/postgresql-common/createcluster.conf >/dev/null
    fi
    install postgresql
    if have_postgres; then return; fi
    step "this release's Postgres is older than 15: adding apt.postgresql.org"
    install postgresql-common ca-certificates
    as_root /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y >/dev/null
    install postgresql-17
    have_postgres || fail "No Postgres 15 or newer could be installed."
}

need_redis() {
    if command -v redis-server >/dev/null; then return; fi
    if command -v brew >/dev/null; then brew install --quiet redis; else install redis-server; fi
}

# What writes and counts access logs, for the tests of import-log.
need_access_logs() {
    if [ -x /usr/sbin/nginx ] || command -v nginx >/dev/null; then
        if command -v goaccess >/dev/null && command -v faketime >/dev/null; then return; fi
    fi
    if command -v brew >/dev/null; then brew install --quiet nginx goaccess libfaketime; else install nginx goaccess faketime; fi
}

# True when what builds the dashboard is there: Node 18 or newer with npm.
have_node() {
    local version
    version=$(node --version 2>/dev/null | tr -dc '0-9.')
    [ "${version%%.*}" -ge 18 ] 2>/dev/null && command -v npm >/dev/null
}

need_node() {
    if have_node; then return; fi
    if command -v brew >/dev/null; then brew install --quiet node; else install nodejs npm; fi
    have_node || fail "Node 18 or newer with npm is missing. See https://nodejs.org/en/download"
}

# What checks the dashboard, beside what builds it. The stamp is the one that the build looks at.
need_web_tools() {
    local web=src/Analytics.Web
    if [ -x $web/node_modules/.bin/tsc ] && [ $web/node_modules/.installed -nt $web/package-lock.json ]; then return; fi
    step "installing the dashboard's packages"
    (cd $web && { npm ci --silent || npm install --no-save --silent; }) || fail "npm could not install the dashboard's packages."
    touch $web/node_modules/.installed
}

# A browser for the tests of the dashboard, named by CHROMIUM: one without windows first, which takes less of the machine. Ubuntu's package
# chromium is a shell that says where to get it.
have_chromium() {
    local program
    for program in "${CHROMIUM:-}" chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        if [ -n "$program" ] && program=$(command -v "$program") && "$program" --version >/dev/null 2>&1; then
            export CHROMIUM=$program
            return 0
        fi
    done
    return 1
}

need_chromium() {
    if have_chromium; then return; fi
    if command -v brew >/dev/null; then brew install --quiet --cask chromium
    else
        local package=chromium
        # Debian has it apart. What is not listed before the lists are read is not missed: the other one does the same.
        apt-cache show chromium-headless-shell >/dev/null 2>&1 && package=chromium-headless-shell
        install $package fonts-dejavu-core
    fi
    have_chromium || fail "No Chromium could be installed. Install Chromium or Chrome, and name its program in CHROMIUM."
}

# Quiet unless something is wrong.
build() {
    step "building $1 (Release)"
    local said
    said=$(dotnet build "$@" -c Release -nologo -v quiet) || { printf '%s\n' "$said" | sort -u >&2; fail "The build failed."; }
}
