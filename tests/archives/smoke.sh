#!/bin/sh
# smoke.sh <folder> <system>: installs the packages of npm that lie in the folder, by its path from here, in an empty folder `shop`, and
# has tests/archives/smoke.cjs record there. For machines and containers that have nothing but Node.js and this shell.
set -eu

mkdir shop
cd shop
echo '{ "private": true }' > package.json
npm install --ignore-scripts --no-audit --no-fund "../$1"/session-replay-native-[0-9]*.tgz "../$1/session-replay-native-$2"-[0-9]*.tgz
cp ../tests/archives/smoke.cjs .
node smoke.cjs
