#!/usr/bin/env bash
# Makes the first corpora in fuzz/corpus from the sheets of the project: whole sheets and single questions, the
# expressions and the networks in them, and from its filled forms. What is there already stays.
set -euo pipefail
cd "$(dirname "$0")/.."

corpus=fuzz/corpus
mkdir -p "$corpus"/{sheet,expression,network,answers}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# keep TARGET: what stands on standard input, under a name made of its content.
keep() {
    cat > "$scratch/one"
    [ "$(wc -c < "$scratch/one")" -le 4096 ] || return 0
    mv "$scratch/one" "$corpus/$1/$(cksum < "$scratch/one" | tr ' ' '-')"
}

cargo build --quiet
backproof=${CARGO_TARGET_DIR:-target}/debug/backproof
for kind in $("$backproof" example | awk '/^  [a-z]/ { print $1 }'); do
    "$backproof" example "$kind" > "$scratch/$kind.toml"
done

for sheet in sheets/*.toml tests/bad_sheets/*.toml tests/fuzz_found/* "$scratch"/*.toml; do
    [ -f "$sheet" ] || continue
    keep sheet < "$sheet"
    # Each question alone, under the head of its sheet.
    count=$(grep -c '^\[\[question\]\]' "$sheet" || true)
    for ((question = 1; count > 1 && question <= count; question++)); do
        awk -v wanted="$question" '
            /^\[\[notice\]\]/ { part = "other" }
            /^\[\[question\]\]/ { at++; part = at == wanted ? "wanted" : "other" }
            part != "other" { print }
        ' "$sheet" | keep sheet
    done
    while IFS= read -r network; do
        printf '%s' "$network" | keep network
    done < <(tr '\n' ' ' < "$sheet" | grep -o 'Input([^"]*' || true)
    while IFS= read -r expression; do
        printf '%s' "$expression" | keep expression
    done < <(sed -n 's/^\(objective\|step\) = "\([^"]*\)".*/\2/p' "$sheet")
done
for form in tests/forms/*.toml; do
    keep answers < "$form"
done
while IFS= read -r expression; do
    printf '%s' "$expression" | keep expression
done <<'EXPRESSIONS'
exp(x)/(exp(x) + exp(y))
exp(x)*exp(y)/(exp(x) + exp(y))^2
-1/3*x^-2 + sqrt(4/9)*log(exp(2*x + 1))
((9^1000)^1000)^-3
1.50e-3 - x**2/y
EXPRESSIONS
