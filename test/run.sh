#!/usr/bin/env bash
# What `npm test` runs: system tools, then lint and types, then every test; the last line reads "N passed, N failed".
# Arguments go to mocha; where they name test files, only those run and lint is left out:
#   npm test -- test/unit/config.test.ts -g municipality
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
has_poppler() { command -v pdfsig && command -v pdftoppm && command -v pdffonts && command -v pdftotext; }
has_japanese_font() { [ -n "$(fc-list :lang=ja family 2>/dev/null)" ]; }

look_for_tools() {
  missing=()
  need chromium has_chromium
  need poppler-utils has_poppler
  need qpdf command -v qpdf
  need openssl command -v openssl
  need fontconfig command -v fc-list
  need fonts-noto-cjk has_japanese_font
}

look_for_tools
if [ ${#missing[@]} -gt 0 ] && [ "$(id -u)" -eq 0 ] && [ -e /etc/debian_version ] && command -v apt-get >/dev/null; then
  echo "Installing: ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "${missing[@]}"
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
if [ ${#files[@]} -eq 0 ]; then
  npx biome ci .
  npx tsc --noEmit
  set -- "$@" 'test/**/*.test.ts'
fi

# In CI a skipped or singled-out test is a failure: nothing may pass by not running.
if [ "${CI:-}" = true ]; then set -- --forbid-pending --forbid-only "$@"; fi
exec npx mocha "$@"
