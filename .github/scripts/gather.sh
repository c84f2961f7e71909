#!/usr/bin/env bash
# Puts what the jobs of a release made into one folder, with one list of checksums, and the list of releases if there is
# a package that updates itself.
#
#     gather.sh PARTS RELEASE VERSION ADDRESS
set -euo pipefail
parts=$1 release=$2 version=$3 address=$4
mkdir -p "$release"
for part in "$parts"/packages-*; do
  # Nothing may have been lost or changed between the jobs.
  (cd "$part" && sha256sum --check --quiet SHA256SUMS)
  for file in "$part"/*; do
    name=$(basename "$file")
    if [[ $name == SHA256SUMS ]]; then continue; fi
    if [[ -e $release/$name ]]; then
      echo "two jobs made $name" >&2
      exit 1
    fi
    cp "$file" "$release/$name"
  done
done
cp "$parts"/contents/* "$release/"
if compgen -G "$release/*.sig" > /dev/null; then
  python3 "$(dirname "$0")/latest.py" "$release" "$version" "$parts/notes/notes.md" "$address"
fi
cd "$release"
sha256sum -- * > ../SHA256SUMS.new
mv ../SHA256SUMS.new SHA256SUMS
cat SHA256SUMS
