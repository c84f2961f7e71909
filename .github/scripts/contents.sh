#!/usr/bin/env bash
# Writes what the programs are made of, as CycloneDX: the crates of both programs, and the modules of the window.
#
#     contents.sh VERSION FOLDER
set -euo pipefail
version=$1 folder=$2
mkdir -p "$folder"
for crate in src-tauri crates/cli; do
  name=kittiwake
  if [[ $crate == crates/cli ]]; then name=kittiwake-cli; fi
  # Everything that any package may hold, so also the updater.
  cargo cyclonedx --quiet --format json --target all --all-features --override-filename "contents-$name" \
    --manifest-path "$crate/Cargo.toml"
  mv "$crate/contents-$name.json" "$folder/${name}_$version.cdx.json"
done
# The command names all crates of the workspace; the others are in the two above already.
find . -name 'contents-kittiwake*.json' -not -path './target/*' -not -path "./$folder/*" -delete
# The window has no version of its own, and npm wants one, so it is given to a copy.
window=$(mktemp -d)
trap 'rm -r "$window"' EXIT
mkdir "$window/kittiwake-window"
cp ui/package.json ui/package-lock.json "$window/kittiwake-window"
(cd "$window/kittiwake-window" && npm version --no-git-tag-version "$version" > /dev/null &&
  npm sbom --omit dev --package-lock-only --sbom-format cyclonedx) > "$folder/kittiwake-window_$version.cdx.json"
ls "$folder"
