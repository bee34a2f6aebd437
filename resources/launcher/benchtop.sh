#!/bin/sh
# What an installed Linux system starts: the window without arguments or with flags, the command line with anything else. The
# window's own program lies beside as benchtop-window; it is not started where its sandbox cannot be.
here=$(dirname -- "$(readlink -f -- "$0")")
case "${1-}" in
  '' | --*) exec "$here/resources/node/bin/node" "$here/resources/app.asar.unpacked/build/start/installed.js" "$@" ;;
  *) exec "$here/resources/benchtop" "$@" ;;
esac
