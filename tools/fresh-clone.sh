#!/usr/bin/env bash
# What a newcomer does, with Node, npm and git alone: clone, `npm start` on a book, and the commands that it prints; then
# once more, which must install and build nothing. Checks what is committed, so commit first. Leaves nothing behind.
set -euo pipefail
repository=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "fresh clone: $1" >&2
  cat "$folder"/*.err >&2
  exit 1
}

# No pnpm but the one the clone installs, and none of npm's and turbo's settings of a surrounding run.
PATH=$(printf '%s' "$PATH" | tr ':' '\n' | while read -r entry; do [ -e "$entry/pnpm" ] || echo "$entry"; done | paste -sd: -)
unset INIT_CWD $(compgen -e | grep -i '^npm_' || true)
command -v pnpm >/dev/null && fail "there is a pnpm on the PATH"

git clone --quiet --local "$repository" "$folder/clone"
cd "$folder/clone"
{
  echo "PREFACE."
  for chapter in $(seq 1 60); do
    echo "Chapter $chapter. It was a bright morning, and the sea lay still; nobody spoke, for there was nothing to say."
  done
  echo "END OF THE PROJECT GUTENBERG EBOOK"
} >book.txt

start() {
  npm --silent start -- book.txt --preset notebook --max-steps 3 --out "runs/$1" >"$folder/$1.out" 2>"$folder/$1.err"
}

SECONDS=0
start first || fail "the first start failed with exit code $?"
echo "first start: $SECONDS s"
[ -n "$(find runs/first -name weights.bin)" ] || fail "the first start wrote no checkpoint"
grep -qi 'create bin' "$folder/first.err" && fail "installing found no file for a command"
[ -d node_modules/vitest ] && fail "the first start installed what only tests need"

# As they are printed, from another folder of the clone.
printed=$(sed -n 's/^run: .* (\(.*\) writes from it)$/\1/p' "$folder/first.err")
[ -n "$printed" ] || fail "the first start did not say how to write from its run"
(cd docs && bash -c "$printed --length 20") >"$folder/written.out" 2>"$folder/written.err" || fail "the printed $printed failed"
[ "$(wc -m <"$folder/written.out")" -ge 20 ] || fail "the printed $printed wrote nothing"
again=${printed/generate /train --resume }
(cd docs && bash -c "$again --max-steps 5") >"$folder/again.out" 2>"$folder/again.err" || fail "$again failed"
npx charlstm generate runs/first --length 20 >"$folder/npx.out" 2>"$folder/npx.err" || fail "npx charlstm failed"
(cd docs && PATH=$PATH:$(echo "$folder"/clone/.tools/*/node_modules/.bin) pnpm --filter cli start -- generate ../runs/first --length 20) \
  >"$folder/pnpm.out" 2>"$folder/pnpm.err" || fail "pnpm --filter cli start failed"
echo "the printed commands work"

touch "$folder/between"
SECONDS=0
start second || fail "the second start failed with exit code $?"
echo "second start: $SECONDS s"
grep -Eq '^(Installing|Progress|Packages)' "$folder/second.err" && fail "the second start installed"
built=$(find packages apps -path '*/dist/*' -not -path '*/node_modules/*' -newer "$folder/between")
[ -z "$built" ] || fail "the second start built $built"
echo "the second start installed and built nothing"
