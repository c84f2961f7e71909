#!/usr/bin/env bash
# Says whether a tag, the workspace and the changelog name the same version, and writes the changelog's words about it.
#
#     agree.sh TAG NOTES
set -euo pipefail
tag=$1 notes=$2
version=${tag#v}
stop() {
  echo "$*" >&2
  exit 1
}
[[ $tag == v* ]] || stop "The tag $tag does not begin with v."
stands=$(sed -n '/^\[workspace\.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
[[ $version == "$stands" ]] || stop "The tag is $tag, and Cargo.toml says $stands."
# The words between the heading of this version, such as "## 1.2.3, 2027-01-31", and the next one.
awk -v version="$version" '
  /^## / { name = $2; sub(/,$/, "", name); inside = (name == version); next }
  inside
' CHANGELOG.md | sed -e '/./,$!d' > "$notes"
[[ -s $notes ]] || stop "CHANGELOG.md has nothing under a heading: ## $version, DATE"
echo "$version"
