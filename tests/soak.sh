#!/bin/sh
# Kills a reindex of a real catalog at 200 seeded random points and checks after each that nothing was lost, doubled or half visible. Takes about half an hour.
# Usage: tests/soak.sh [POINTS] [SEED]
set -eu
cd "$(dirname "$0")/.."
export AIPLATFORM_KILL_POINTS="${1:-200}" AIPLATFORM_KILL_SEED="${2:-1}"
exec dotnet test tests/Indexer.Tests --filter "FullyQualifiedName~KillTests" --logger "console;verbosity=detailed"
