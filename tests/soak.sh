#!/bin/sh
# Kills a reindex of a real catalog at 200 seeded random points, in the in-process engine and on a real OpenSearch node (every third time the node itself is killed), and checks after each that
# nothing was lost, doubled or half visible. Tells every point as it goes. Takes about half an hour for the former and two hours for the latter; ENGINE (embedded, opensearch, both) chooses.
# Usage: tests/soak.sh [POINTS] [SEED] [ENGINE]
set -eu
cd "$(dirname "$0")/.."
export AIPLATFORM_KILL_POINTS="${1:-200}" AIPLATFORM_KILL_SEED="${2:-1}"
case "${3:-both}" in
    embedded) tests="FullyQualifiedName~EmbeddedKillTests" ;;
    opensearch) tests="FullyQualifiedName~OpenSearchKillTests" ;;
    both) tests="FullyQualifiedName~KillTests" ;;
    *) echo "unknown engine '$3': embedded, opensearch or both" >&2; exit 2 ;;
esac
AIPLATFORM_KILL_LOG=$(mktemp)
export AIPLATFORM_KILL_LOG
tail -f "$AIPLATFORM_KILL_LOG" &
watching=$!
trap 'kill "$watching"; rm -f "$AIPLATFORM_KILL_LOG"' EXIT INT TERM
dotnet test tests/Indexer.Tests --filter "$tests" --logger "console;verbosity=normal"
