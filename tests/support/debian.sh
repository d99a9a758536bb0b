#!/bin/sh
# Sees to it that this machine has what pip cannot bring. Names of packages as arguments; none: what the tests need.
# As root on Debian it installs what is missing, otherwise it says in one line what to install, and fails.
set -eu
PATH="$PATH:/usr/sbin:/sbin"

has() { command -v "$1" >/dev/null 2>&1; }

missing="$*"
if [ $# -eq 0 ]; then
    has chromium-headless-shell || has chromium || missing="$missing chromium-headless-shell"
    has node || missing="$missing nodejs"
    has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
    ldconfig -p | grep -q libzbar || missing="$missing libzbar0"
    has pdftoppm || missing="$missing poppler-utils"
    has cupsd || missing="$missing cups-daemon"
    has lp || missing="$missing cups-client"
    # Playwright brings a node of its own, and that one needs this.
    ldconfig -p | grep -q libatomic.so.1 || missing="$missing libatomic1"
    # Only Debian can be asked for fonts by name; elsewhere the screenshots look as they look.
    if has dpkg-query; then
        for font in fonts-noto-core fonts-noto-color-emoji; do
            dpkg-query -W -f '${Status}' "$font" 2>/dev/null | grep -q 'ok installed' || missing="$missing $font"
        done
    fi
fi
missing=${missing# }
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
    echo "Missing from this machine: $missing. Install it first: sudo apt-get install $missing" >&2
    exit 1
fi
echo "Installing from Debian: $missing"
export DEBIAN_FRONTEND=noninteractive
# Another apt may be at work (a fresh machine updates itself): wait for it instead of failing.
apt-get -qq -o DPkg::Lock::Timeout=300 update
# The list of packages is meant to be split into words.
# shellcheck disable=SC2086
apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends $missing >/dev/null
