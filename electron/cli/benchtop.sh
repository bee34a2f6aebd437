#!/bin/sh
# The `benchtop` command of a clone, for PATH: becomes the built command on the Node that `npm ci` brought. Nothing of it stays between the
# terminal and the command, and it costs a millisecond where another Node would cost forty. What has to be built first is benchtop.cjs's to do.
root=$(readlink -f -- "$0")
root=${root%/electron/cli/*}
command=$root/build/cli/cli.js
for node in "$root"/node_modules/node-*/bin/node; do
  [ -x "$node" ] && [ -f "$command" ] && exec "$node" --disable-warning=ExperimentalWarning "$command" "$@"
done
exec node "$root/electron/cli/benchtop.cjs" "$@"
