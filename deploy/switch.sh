#!/bin/sh
# Puts the version in this folder in the place of the one that runs, if it finds the data sound.
# To go back, run this file of the older folder.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
place=$(dirname "$here")
set -a
. "$place/environment"
set +a
(cd "$here/app" && "$here/venv/bin/python" -m store check)
ln -sfn "$(basename "$here")" "$place/next"
mv -T "$place/next" "$place/current"
echo "已换成 $here。请重新启动看板：systemctl restart 'coverage@*'"
