#!/usr/bin/env bash
# What `npm test` runs: system tools, then lint and types, then every test, then the scenarios once more on PostgreSQL and
# Redis beside them; the last line reads "N passed, N failed" for all of it.
# Arguments go to mocha; where they name test files, only those run, and neither lint nor the second engine:
#   npm test -- test/unit/config.test.ts -g municipality
#   KEIYAKUBIN_TEST_ENGINE=postgres npm test -- test/scenarios/main-job.test.ts
set -euo pipefail
cd "$(dirname "$0")/.."

# What the tests call outside Node: a test for each, and the Debian package that brings it.
missing=()
need() {
  local package=$1
  shift
  "$@" >/dev/null 2>&1 || missing+=("$package")
}
has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
has_firefox() { command -v firefox-esr || command -v firefox; }
has_poppler() { command -v pdfsig && command -v pdftoppm && command -v pdffonts && command -v pdftotext; }
has_postgresql() { command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; }
has_ipamj() { [ -n "$(fc-list :family=IPAmjMincho file 2>/dev/null)" ]; }
has_japanese_font() { [ -n "$(fc-list :lang=ja family 2>/dev/null)" ]; }

look_for_tools() {
  missing=()
  need chromium has_chromium
  need firefox-esr has_firefox
  need poppler-utils has_poppler
  need qpdf command -v qpdf
  need openssl command -v openssl
  need softhsm2 command -v softhsm2-util
  need postgresql has_postgresql
  need redis-server command -v redis-server
  need sqlite3 command -v sqlite3
  need fontconfig command -v fc-list
  need fonts-noto-cjk has_japanese_font
  need fonts-ipamj-mincho has_ipamj
}

look_for_tools
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
  echo "Installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq -o Acquire::Retries=5
  apt-get install -qq -y -o Acquire::Retries=5 --no-install-recommends "${missing[@]}"
  look_for_tools
fi
if [ ${#missing[@]} -gt 0 ]; then
  echo "The tests need system tools that are missing here. On Debian or Ubuntu:" >&2
  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

files=()
for argument in "$@"; do
  case $argument in *.test.ts) files+=("$argument") ;; esac
done

# In CI a skipped or singled-out test is a failure: nothing may pass by not running.
if [ "${CI:-}" = true ]; then set -- --forbid-pending --forbid-only "$@"; fi
if [ ${#files[@]} -gt 0 ]; then exec npx mocha "$@"; fi

npx biome ci .
npx tsc --noEmit
# The runs mostly wait, on servers and on each other's mails: side by side they take little longer than the longest.
logs=$(mktemp -d)
export TEST_TALLY=$logs/tally
trap 'kill $(jobs -p) 2>/dev/null || :; rm -rf "$logs"' EXIT
{
  failed=0
  npx mocha "$@" 'test/scenarios/*.test.ts' || failed=$?
  npx mocha "$@" 'test/faults/*.test.ts' || failed=$?
  exit "$failed"
} >"$logs/scenarios" 2>&1 &
scenarios=$!
KEIYAKUBIN_TEST_ENGINE=postgres npx mocha "$@" 'test/scenarios/*.test.ts' >"$logs/postgres" 2>&1 &
postgres=$!
status=0
npx mocha "$@" --ignore 'test/{scenarios,faults}/**' 'test/**/*.test.ts' || status=$?
wait "$scenarios" || status=$?
echo "Scenarios and faults:"
cat "$logs/scenarios"
wait "$postgres" || status=$?
echo "The scenarios once more, on PostgreSQL, Redis and S3:"
cat "$logs/postgres"
awk '{ passed += $1; failed += $2 } END { print passed " passed, " failed " failed" }' "$TEST_TALLY"
exit "$status"
