#!/usr/bin/env bash
# Runs every test of the solution and ends in one line: "N passed, N failed" (", N skipped" when any was).
# Exit code 0 only when at least one test ran and nothing failed. Arguments are passed on to dotnet test.
# Uses bash, awk and the .NET SDK; npm, if it is there, brings other people's MCP clients once. Counters come from the TRX files, not from the console's text.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT

# Other people's MCP clients come from npm; without npm or its registry their tests are skipped, and counted as skipped.
clients=tests/Clients.Tests/npm
if command -v npm >/dev/null 2>&1 && ! cmp -s "$clients/package-lock.json" "$clients/node_modules/.installed-lock.json"; then
  if npm ci --prefix "$clients" --no-audit --no-fund --loglevel=error </dev/null >"$results/npm.log" 2>&1; then
    cp "$clients/package-lock.json" "$clients/node_modules/.installed-lock.json"
  else
    echo "npm ci in $clients failed; the tests of foreign clients will be skipped: $(tail -n 1 "$results/npm.log")" >&2
  fi
fi

# A lock file beside every project means that the restore must take exactly those versions.
locked=true
while IFS= read -r project; do
  [ -f "$(dirname "$project")/packages.lock.json" ] || locked=false
done < <(find src tests bench -name '*.csproj' -not -path '*/artifacts/*')

restore_status=0
dotnet restore AiPlatform.sln -p:RestoreLockedMode=$locked --disable-parallel -v q </dev/null || restore_status=$?

run_status=0
if [ "$restore_status" -eq 0 ]; then
  # At most two projects at a time: some tests measure, and some start servers and databases.
  dotnet test AiPlatform.sln --no-restore -m:2 --nologo -v q \
    -p:TrxFiles=true --results-directory "$results" "$@" </dev/null || run_status=$?
else
  run_status=$restore_status
fi

shopt -s nullglob
files=("$results"/*.trx)
if [ "${#files[@]}" -eq 0 ]; then
  echo "No test result was written: the restore or the build failed (exit code $run_status)."
  echo "0 passed, 0 failed"
  exit 1
fi

awk -v run_status="$run_status" '
  function attribute(line, name,   at, rest) {
    at = index(line, " " name "=\"")
    if (at == 0) return ""
    rest = substr(line, at + length(name) + 3)
    return substr(rest, 1, index(rest, "\"") - 1)
  }
  function plain(text) {
    gsub(/&#xD;/, "", text); gsub(/&#xA;/, "\n", text); gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text)
    gsub(/&quot;/, "\"", text); gsub(/&apos;/, "\047", text); gsub(/&amp;/, "\\&", text)
    return text
  }
  function close_result() {
    if (outcome == "Failed" || outcome == "Error" || outcome == "Timeout" || outcome == "Aborted") {
      failures = failures "FAILED  " plain(test) "\n" plain(message) "\n"
    } else if (outcome == "NotExecuted") {
      reason = plain(message); gsub(/^[ \n]+|[ \n]+$/, "", reason); gsub(/\n/, " ", reason)
      skips = skips "SKIPPED " plain(test) ": " (reason == "" ? "no reason given" : reason) "\n"
    }
    outcome = ""; test = ""; message = ""; inside = 0
  }
  /<UnitTestResult / {
    outcome = attribute($0, "outcome"); test = attribute($0, "testName"); message = ""
    if ($0 ~ /\/>[ \r]*$/) close_result()
  }
  outcome != "" && (inside || /<(Message|StdOut)>/) {
    text = $0
    if (!inside) { sub(/^.*<(Message|StdOut)>/, "", text); closing = ($0 ~ /<Message>/) ? "</Message>" : "</StdOut>"; inside = 1 }
    at = index(text, closing)
    if (at > 0) { text = substr(text, 1, at - 1); inside = 0 }
    if (closing == "</Message>" || outcome == "NotExecuted") message = message (message == "" ? "" : "\n") text
  }
  /<\/UnitTestResult>/ { close_result() }
  /<Counters / {
    total += attribute($0, "total"); executed += attribute($0, "executed"); passed += attribute($0, "passed")
  }
  END {
    failed = executed - passed; skipped = total - executed
    printf "%s%s", skips, failures
    if (run_status != 0 && failed == 0) {
      # A project that did not build or a test host that died writes no failed test; it must not look green.
      print "FAILED  the run itself: a project did not build or a test host ended early (exit code " run_status ")"
      failed = 1
    }
    if (executed == 0) print "No test was run."
    line = passed + 0 " passed, " failed + 0 " failed"
    if (skipped > 0) line = line ", " skipped " skipped"
    print line
    exit (failed > 0 || executed == 0) ? 1 : 0
  }' "${files[@]}"
