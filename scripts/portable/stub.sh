#!/bin/sh
# mesh @VERSION@ for @TARGET@ (openclaw-agent-mesh): one file that unpacks itself.
#
# Behind the last line lies a tar.gz with Deno @DENO@ and the program. The first start unpacks it into a
# folder that only you can write to, checks what came out and renames it into its place, so that it is there
# whole or not at all. Later starts look at owners, modes and sizes, and become Deno.
set -u

# Nothing runs before all of this is read: the file may be replaced meanwhile.
main() {
  unset CDPATH
  IFS=' 	
'
  version='portable-@SUM@'
  archive=@OFFSET@ # where it begins
  whole=@SIZE@ # the size of this file
  me=$(id -u) || fail 'cannot tell who you are' 'it takes a program "id" on the PATH'
  find_self

  # Two rounds: where one place cannot be used, later starts do not try to unpack there again.
  reasons=
  for round in start unpack; do
    for root in "${XDG_CACHE_HOME:-}" "${HOME:+$HOME/.cache}" "${TMPDIR:-}" /var/tmp /tmp; do
      case $root in /*) ;; *) continue ;; esac
      if try "$root"; then start "$@"; fi
      [ "$round" = start ] || reasons="$reasons
  $root: $reason"
    done
  done
  fail "there is no place to unpack to$reasons" \
    'set XDG_CACHE_HOME to a folder of yours where programs may run, with @MEGABYTES@ MB free'
}

fail() {
  printf 'mesh: %s\nhint: %s\n' "$1" "$2" >&2
  exit 7
}

# Sets self to the absolute path of this file.
find_self() {
  case $0 in
    */*) self=$0 ;;
    *) if [ -f "./$0" ]; then self=./$0; else self=$(command -v -- "$0"); fi ;;
  esac
  folder=$(cd -P -- "${self%/*}/" 2>/dev/null && pwd -P)
  self=${folder%/}/${self##*/}
  [ -r "$self" ] || fail "cannot read this file itself, \"$0\"" 'start it by its path'
}

# try ROOT: succeeds if the program lies ready below ROOT. Sets base and final, or the reason.
try() {
  reason='there is no such folder, and it cannot be made'
  [ "$round" = start ] || (umask 077 && mkdir -p -- "$1") 2>/dev/null
  parent=$(cd -P -- "$1" 2>/dev/null && pwd -P) || return 1
  parent=${parent%/}
  case $1 in
    "${XDG_CACHE_HOME:-}" | "${HOME:-}/.cache") base=$parent/mesh ;;
    *) base=$parent/mesh-$me ;;
  esac
  final=$base/$version
  if ready; then return 0; fi
  [ "$round" = unpack ] && unpack && ready
}

ready() {
  sound "$version" "$version/deno" "$version/app" "$version/app/main.js" && [ -x "$final/deno" ]
}

# sound [FILE...]: whether base and these files in it are ours alone, are no symbolic links and have their
# sizes, and nobody else can rename a folder on the way to them. One run of ls tells it all.
sound() {
  above=..
  rest=$parent
  while [ -n "$rest" ]; do
    rest=${rest%/*}
    above="$above ${above##* }/.."
  done
  # shellcheck disable=SC2086 # these are words
  listing=$(cd -P -- "$base" 2>/dev/null && [ "$(pwd -P)" = "$base" ] &&
    LC_ALL=C ls -ldn . $above "$@" 2>/dev/null) || return 1
  # shellcheck disable=SC2086 # mode, links, owner, group, size, three words of a date, name
  set -- $listing
  while [ $# -ge 9 ]; do
    mode=$1 owner=$3 size=$5 name=$9
    shift 9
    case $name:$mode in
      ..*:d???????w[!tT]*) return 1 ;;
      ..*) continue ;;
      *:[d-]????-??-?*) [ "$owner" = "$me" ] || return 1 ;;
      *) return 1 ;;
    esac
    case $name:$size in
      */deno:@DENO_SIZE@ | */main.js:@MAIN_SIZE@) ;;
      */deno:* | */main.js:*) return 1 ;;
    esac
  done
  [ $# -eq 0 ]
}

unpack() {
  mkdir -m 700 -- "$base" 2>/dev/null
  reason='cannot be written to'
  [ -d "$base" ] || return 1
  reason="\"$base\" or a folder above it is not safe from other users"
  sound || {
    rmdir -- "$base" 2>/dev/null
    return 1
  }
  replace=
  if [ -e "$final" ] || [ -h "$final" ]; then replace=replace; fi
  size=$(wc -c <"$self")
  [ "$((size))" -eq "$whole" ] || fail \
    "this file is damaged: it has $((size)) bytes instead of $whole" 'download it again'
  said=$(unpack_beside 2>&1 </dev/null)
  case $? in
    0) return 0 ;;
    3)
      tail -c "+$archive" <"$self" | gzip -t 2>/dev/null ||
        fail 'this file is damaged, or there is no gzip' 'download it again, or install tar and gzip'
      ;;
    126) said='programs may not be run there' ;;
    127) said='Deno does not start: it takes the GNU C library' ;;
  esac
  reason=$said
  rmdir -- "$base" 2>/dev/null
  return 1
}

# In a process of its own, so that an interruption ends it and nothing half is left.
unpack_beside() (
  umask 077
  fresh=$(mktemp -d "$base/unpacking.XXXXXX" 2>/dev/null) || {
    echo 'cannot be written to'
    exit 1
  }
  trap 'rm -rf -- "$fresh"' EXIT
  trap 'exit 1' HUP INT TERM
  tail -c "+$archive" <"$self" | tar -xozf - -C "$fresh" || exit 3
  DENO_DIR="$base/deno" DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 \
    "$fresh/deno" run @SETTLE_FLAGS@ "$fresh/app/settle.js" "$fresh" "$final" $replace
)

# Becomes Deno: signals and exit codes are its own.
start() {
  export MESH_PORTABLE="$self" DENO_DIR="$base/deno" DENO_NO_UPDATE_CHECK=1
  exec "$final/deno" run @FLAGS@ "$final/app/main.js" "$@"
}

main "$@"
# shellcheck disable=SC2317 # what follows is the archive
exit
