#!/usr/bin/env bash
# The topology of docker-compose.yml from local processes, and the end-to-end check (topology.py) on it: OpenSearch with TLS and users, PostgreSQL, an S3 server
# of someone else's, the server without a worker, and two workers. Prints what it did; ends in "topology: ok", or "topology: skipped: REASON" (exit code 0), or fails.
#   tests/topology.sh [--no-build] [--keep]      --keep leaves the folder with the logs
# Uses bash, curl, the .NET SDK, Debian's postgresql, and from a folder `shared` above the repository opensearch/start.sh and python/setup.sh.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$PWD build=1 keep=0
for argument in "$@"; do
  case $argument in
    --no-build) build=0 ;;
    --keep) keep=1 ;;
    *) sed -n '2,6p' "$0" >&2; exit 2 ;;
  esac
done
skip() { echo "topology: skipped: $1"; exit 0; }

shared=$root
until [ -e "$shared/shared/opensearch/start.sh" ]; do
  [ "$shared" != / ] || skip "no shared/opensearch/start.sh above the repository"
  shared=$(dirname "$shared")
done
shared=$shared/shared
bin=
for folder in /usr/lib/postgresql/*/bin; do [ -x "$folder/initdb" ] && bin=$folder; done
[ -n "$bin" ] || skip "PostgreSQL is not installed (Debian: postgresql)"
tools=$("$shared/python/setup.sh" | sed -n 's/^PYTHON_TOOLS=//p') || skip "shared/python/setup.sh did not work"

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if [ $build = 1 ]; then
  dotnet build src/McpServer -v q -nologo
fi
programs=$root/artifacts/bin
[ -e "$programs/AiPlatform.McpServer/debug/AiPlatform.McpServer.dll" ] || { echo "topology: build first" >&2; exit 1; }

work=$(mktemp -d /tmp/aip-topology.XXXXXX)
chmod 755 "$work"
pids=()
opensearch=
finish() {
  code=$?
  # Only what was started here, by id.
  for pid in "${pids[@]:-}" $opensearch; do [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; done
  [ ! -e "$work/pg/postmaster.pid" ] || as_postgres "$bin/pg_ctl" -D "$work/pg" -m immediate stop >/dev/null 2>&1 || true
  if [ $code -ne 0 ]; then
    for log in "$work"/*.log; do echo "--- $log" >&2; tail -n 15 "$log" >&2; done
  fi
  [ -z "$opensearch" ] || while kill -0 "$opensearch" 2>/dev/null; do sleep .2; done
  if [ $keep = 1 ]; then echo "topology: logs are in $work"; else rm -rf "$work"; fi
  exit $code
}
trap finish EXIT
as_postgres() { if [ "$(id -u)" = 0 ]; then setpriv --reuid=postgres --regid=postgres --init-groups "$@"; else "$@"; fi; }
free_port() { "$tools/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_for() { # file, pattern, what
  for _ in $(seq 600); do grep -q "$2" "$1" 2>/dev/null && return 0; sleep .2; done
  echo "topology: $3 did not start" >&2; return 1
}

echo "topology: OpenSearch with security on"
"$shared/opensearch/start.sh" --secure --heap 768m --state "$work/opensearch" >"$work/opensearch.log" 2>&1
told() { sed -n "s/^$1=//p" "$work/opensearch.log"; }
opensearch=$(told OPENSEARCH_PID)

echo "topology: PostgreSQL"
mkdir "$work/pg"; [ "$(id -u)" != 0 ] || chown postgres:postgres "$work/pg"
as_postgres "$bin/initdb" -D "$work/pg" -U aiplatform -A trust -E UTF8 --no-locale --no-sync >"$work/initdb.log"
pg_port=$(free_port)
(cd "$work/pg" && as_postgres "$bin/pg_ctl" -D "$work/pg" -w -t 120 -l "$work/pg/log" -o "-c listen_addresses=127.0.0.1 -c port=$pg_port -c unix_socket_directories=$work/pg -c fsync=off" start >/dev/null)

echo "topology: an S3 server"
s3_port=$(free_port)
"$tools/bin/moto_server" -H 127.0.0.1 -p "$s3_port" >"$work/s3.log" 2>&1 & pids+=($!)
wait_for "$work/s3.log" "Running on" "the S3 server"

# As docker-compose.yml sets it.
export Storage__Provider=postgres Storage__ConnectionString="Host=127.0.0.1;Port=$pg_port;Database=postgres;Username=aiplatform"
AIPLATFORM_KEY_PEPPER=$(openssl rand -hex 32); export AIPLATFORM_KEY_PEPPER
export OpenSearch__Nodes__0 OpenSearch__Authentication=basic OpenSearch__UserName OpenSearch__Password OpenSearch__CaFile
OpenSearch__Nodes__0=$(told OPENSEARCH_URL) OpenSearch__UserName=$(told OPENSEARCH_USER) OpenSearch__Password=$(told OPENSEARCH_PASSWORD) OpenSearch__CaFile=$(told OPENSEARCH_CA)
export S3__ServiceUrl=http://127.0.0.1:$s3_port S3__Region=us-east-1 S3__ForcePathStyle=true S3__AccessKey=test S3__SecretKey=testtest
for catalog in small large; do
  export "Catalogs__${catalog}__Source=s3://catalogs/$catalog/" "Catalogs__${catalog}__Mapping=$work/map.yaml"
done
export Policy__Path=$work/policy.yaml ASPNETCORE_ENVIRONMENT=Production
unset AIPLATFORM_API_KEY AIPLATFORM_DATA
cat >"$work/map.yaml" <<'YAML'
fields:
  id: id
  name: name
  description: text
  accessLevel: { constant: public }
  allowedGroups: groups
YAML
cat >"$work/policy.yaml" <<'YAML'
version: 1
groups:
  red: { tier: enterprise, dataAccessLevel: public, permissions: [{ resource: products, actions: [read] }] }
  blue: { tier: enterprise, dataAccessLevel: public, permissions: [{ resource: products, actions: [read] }] }
  keepers: { tier: enterprise, dataAccessLevel: public, permissions: [{ resource: reindex, actions: ["*"] }] }
YAML

server() { dotnet "$programs/AiPlatform.McpServer/debug/AiPlatform.McpServer.dll" "$@"; }
echo "topology: keys"
for group in red blue keepers; do
  key=$(server keys create --name "$group" --group "$group" --data "$work/server" 2>>"$work/keys.log" | grep -o 'aip_[0-9A-Za-z]\{8\}_[0-9A-Za-z_-]\{43\}' | head -n 1)
  [ -n "$key" ] || { echo "topology: no key for $group" >&2; exit 1; }
  export "KEY_${group^^}=$key"
done

echo "topology: server and two workers"
Worker__Enabled=false dotnet "$programs/AiPlatform.McpServer/debug/AiPlatform.McpServer.dll" --urls http://127.0.0.1:0 --data "$work/server" >"$work/server.log" 2>&1 & pids+=($!)
for name in one two; do
  dotnet "$programs/AiPlatform.Indexer/debug/AiPlatform.Indexer.dll" worker "--Worker:Name=$name" --data "$work/worker-$name" >"$work/worker-$name.log" 2>&1 & pids+=($!)
  export "WORKER_${name^^}=$!"
done
wait_for "$work/server.log" "Application started" "the server"
for name in one two; do wait_for "$work/worker-$name.log" "is at work" "worker $name"; done
SERVER_URL=$(sed -n 's/.*Now listening on: \(http[^ ]*\).*/\1/p' "$work/server.log" | head -n 1); export SERVER_URL

"$tools/bin/python" tests/topology.py
echo "topology: ok"
