#!/usr/bin/env bash
# A Neo4j Community server put together from Maven artifacts, reachable from this machine alone: for
# the tests, and to try --neo4j.
#
#   scripts/neo4j.sh start DIR [--http-port=7474] [--bolt-port=7687] [--password=PW] [--heap=512m]
#                    [--set=KEY=VALUE]...
#       starts a server whose data, logs and settings live in DIR, waits until it serves, and prints
#       its HTTP address. Without --password authentication is off. A password (8 characters or
#       more, user neo4j) is taken when DIR is new and stays for good. --set sets a line of
#       neo4j.conf, for this start only.
#   scripts/neo4j.sh stop DIR      ends it; its process is in DIR/pid
#   scripts/neo4j.sh import DIR ARGUMENTS
#       neo4j-admin database import full, into a stopped server; replaces what DIR holds
#
# Needs java 17 or newer, mvn and curl (Debian packages openjdk-17-jre-headless, maven, curl). The
# first use fetches about 140 MB; the jars stay in ${XDG_CACHE_HOME:-~/.cache}/neo4j-VERSION. Exits
# 77 where they cannot be had.
set -euo pipefail

version=5.26.30
jars=${XDG_CACHE_HOME:-$HOME/.cache}/neo4j-$version

get() { curl -fs --noproxy '*' -m 2 -o /dev/null "http://127.0.0.1:$1/"; }
die() {
    echo "neo4j: $*" >&2
    exit 1
}
cannot_be_had() {
    echo "neo4j: no server can be had: $*" >&2
    exit 77
}

fetch() {
    command -v java >/dev/null || cannot_be_had "java is not installed"
    [[ -d $jars ]] && return
    command -v mvn >/dev/null || cannot_be_had "mvn is not installed"
    mkdir -p "$(dirname "$jars")"
    local new; new=$(mktemp -d "$jars.XXXXXX")
    trap "rm -rf '$new'" EXIT
    cat >"$new/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>neo4j-server</artifactId><version>1</version>
  <packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.neo4j</groupId><artifactId>neo4j</artifactId><version>$version</version>
    </dependency>
  </dependencies>
</project>
POM
    mvn -B -q -f "$new/pom.xml" \
        org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
        -DincludeScope=runtime -DoutputDirectory="$new" >&2 ||
        cannot_be_had "mvn cannot fetch org.neo4j:neo4j:$version"
    mv -T "$new" "$jars" 2>/dev/null || [[ -d $jars ]]  # another start may have been first
}

admin() {
    NEO4J_HOME=$dir NEO4J_CONF=$dir/conf \
        java -cp "$jars/*" org.neo4j.server.startup.Neo4jAdminCommand "$@"
}

# The number in the pid file may have passed to another process since.
running() {
    [[ -f $dir/pid ]] && pid=$(<"$dir/pid") &&
        tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF -- "--home-dir=$dir"
} 2>/dev/null

start() {
    local http=7474 bolt=7687 password= heap=512m settings=() arg
    for arg; do
        case $arg in
            --http-port=*) http=${arg#*=} ;;
            --bolt-port=*) bolt=${arg#*=} ;;
            --password=*) password=${arg#*=} ;;
            --heap=*) heap=${arg#*=} ;;
            --set=*=*) settings+=("${arg#*=}") ;;
            *) die "unknown option $arg" ;;
        esac
    done
    running && die "already running on $dir, process $pid"
    command -v curl >/dev/null || cannot_be_had "curl is not installed"
    local port rc
    for port in "$http" "$bolt"; do
        rc=0; get "$port" || rc=$?
        [[ $rc == 7 ]] || die "port $port is taken"  # 7: nobody listens
    done
    fetch

    # The last five: quick stop, small logs, and a restart after a crash that replays seconds, not
    # the whole load. Bolt stays on: the Query API speaks to the database through it.
    local -A conf=(
        [server.default_listen_address]=127.0.0.1
        [server.http.listen_address]=127.0.0.1:$http
        [server.http.advertised_address]=127.0.0.1:$http
        [server.bolt.listen_address]=127.0.0.1:$bolt
        [server.bolt.advertised_address]=127.0.0.1:$bolt
        [server.memory.pagecache.size]=64m
        [dbms.security.auth_enabled]=$([[ $password ]] && echo true || echo false)
        [dbms.usage_report.enabled]=false
        [internal.server.bolt.thread_pool_shutdown_wait_time]=0s
        [internal.server.bolt.connection_shutdown_wait_time]=0s
        [db.tx_log.preallocate]=false
        [db.tx_log.rotation.retention_policy]=keep_none
        [db.checkpoint.interval.time]=10s
    )
    local key
    for arg in "${settings[@]}"; do conf[${arg%%=*}]=${arg#*=}; done
    mkdir -p "$dir/conf" "$dir/logs" "$dir/plugins"
    for key in "${!conf[@]}"; do echo "$key=${conf[$key]}"; done >"$dir/conf/neo4j.conf"
    if [[ $password && ! -e $dir/data/dbms/auth.ini ]]; then
        admin dbms set-initial-password "$password" >"$dir/logs/console.log" 2>&1 ||
            die "$(<"$dir/logs/console.log")"
    fi

    setsid java -Xms128m "-Xmx$heap" -XX:+UseSerialGC \
        --add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED \
        --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
        -cp "$jars/*" org.neo4j.server.CommunityEntryPoint \
        "--home-dir=$dir" "--config-dir=$dir/conf" </dev/null >"$dir/logs/console.log" 2>&1 &
    pid=$!
    echo "$pid" >"$dir/pid"
    until get "$http"; do
        if ! kill -0 "$pid" 2>/dev/null; then
            rm -f "$dir/pid"
            tail -n 20 "$dir/logs/console.log" "$dir/logs/neo4j.log" >&2
            die "the server ended while starting"
        fi
        sleep 0.2
    done
    echo "http://127.0.0.1:$http"
}

stop() {
    running || { rm -f "$dir/pid"; return 0; }
    kill "$pid" 2>/dev/null || true
    for _ in {1..300}; do
        running || { rm -f "$dir/pid"; return 0; }
        sleep 0.2
    done
    die "process $pid does not end"
}

import() {
    running && die "stop the server first, process $pid"
    fetch
    mkdir -p "$dir/conf" "$dir/logs" "$dir/plugins"
    # --nodes and --relationships take every word that follows: no bare word may come next.
    if ! admin database import full "$@" "--report-file=$dir/logs/import.report" \
        --overwrite-destination neo4j >"$dir/logs/import.log" 2>&1; then
        grep -vE '\.{4}|^\s+at ' "$dir/logs/import.log" | tail -n 20 >&2
        die "import failed, see $dir/logs"
    fi
    sed -n '/^IMPORT DONE/,$p' "$dir/logs/import.log"
}

[[ ${1-} =~ ^(start|stop|import)$ && ${2-} ]] || {
    sed -n '2,/^# Needs/{/^# Needs/!s/^# \{0,1\}//p}' "$0" >&2
    exit 2
}
dir=$(realpath -m -- "$2")
"$1" "${@:3}"
