#!/usr/bin/env bash
# Fuzzes each target in turn: run.sh [SECONDS] [TARGET...]. An input that fails is left in fuzz/artifacts/TARGET.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-60}
shift || true
if ! cargo fuzz --version >/dev/null 2>&1; then
    echo "fuzz: not run: cargo-fuzz is missing, install it with cargo install cargo-fuzz --locked"
    exit "${BACKPROOF_REQUIRE_ALL:-0}"
fi
# The flags that count which code an input reaches are unstable; no nightly compiler is needed for them. The program
# has no unsafe code of its own, so there is nothing for a sanitizer to see.
export RUSTC_BOOTSTRAP=1
./fuzz/seeds.sh
[ "$#" -gt 0 ] || set -- sheet expression network answers
for target in "$@"; do
    echo "== $target"
    cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
        -max_len=4096 -dict=fuzz/words.dict
done
