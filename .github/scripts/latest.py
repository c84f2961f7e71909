"""Writes the list of releases that installed programs read: latest.json.

    latest.py FOLDER VERSION NOTES ADDRESS

FOLDER holds the packages with a signature (.sig) beside each that can replace an installed one, NOTES is a file, and
ADDRESS is where the packages can be fetched.
"""

import json
import re
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import quote

# How the name of a package ends, and what the updater calls such an installation.
KINDS = [
    (r"_(amd64|x86_64)\.AppImage$", "linux-x86_64-appimage"),
    (r"_(arm64|aarch64)\.AppImage$", "linux-aarch64-appimage"),
    (r"_(x64|x86_64)\.app\.tar\.gz$", "darwin-x86_64-app"),
    (r"_(arm64|aarch64)\.app\.tar\.gz$", "darwin-aarch64-app"),
    (r"_x64-setup\.exe$", "windows-x86_64-nsis"),
    (r"_x64_[A-Za-z-]+\.msi$", "windows-x86_64-msi"),
]


def platforms(folder, address):
    found = {}
    for signature in sorted(folder.glob("*.sig")):
        package = signature.with_suffix("")
        if not package.is_file():
            sys.exit(f"{signature.name} is the signature of a package that is not here")
        kinds = [kind for ending, kind in KINDS if re.search(ending, package.name)]
        if len(kinds) != 1:
            sys.exit(f"{package.name} is signed, and no installation is known that it could replace")
        if kinds[0] in found:
            sys.exit(f"{package.name} is the second package for {kinds[0]}")
        url = f"{address.rstrip('/')}/{quote(package.name)}"
        found[kinds[0]] = {"url": url, "signature": signature.read_text().strip()}
    return found


def main(folder, version, notes, address):
    folder = Path(folder)
    found = platforms(folder, address)
    if not found:
        sys.exit("no package is signed, so there is nothing to list")
    listed = {
        "version": version,
        "notes": Path(notes).read_text().strip(),
        "pub_date": datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platforms": found,
    }
    (folder / "latest.json").write_text(json.dumps(listed, indent=2) + "\n")
    print("\n".join(sorted(found)))


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])
