#!/bin/sh
# `benchtop` of an installed app, on the Node that it carries.
here=$(dirname -- "$(readlink -f -- "$0")")
exec "$here/node/bin/node" --disable-warning=ExperimentalWarning "$here/app.asar.unpacked/build/cli/cli.js" "$@"
