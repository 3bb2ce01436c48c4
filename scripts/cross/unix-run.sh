#!/usr/bin/env bash
# The half of unix-run.c that is no Windows program: runs the command in the file, each word ended by a zero, and tells of its end.
mapfile -d '' words < "$1"
"${words[@]}" > "$1.out" 2> "$1.err" < /dev/null
echo $? > "$1.tmp"
mv "$1.tmp" "$1.end"
