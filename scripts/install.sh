#!/bin/sh
# Installs mesh (openclaw-agent-mesh) for one user, without root:
#
#   curl -fsSL https://github.com/openclaw/mesh/releases/latest/download/install.sh | sh
#   sh install.sh [--version 1.2.3] [--dir ~/.local/bin]
#   sh install.sh --uninstall
#
# It downloads the program for this machine and the list of sums, compares the program's SHA-256, starts it
# once, and only then puts it into its place, by a rename. Where minisign is installed it also checks the
# signature of the list. MESH_BASE_URL names another place to download from: a folder with SHA256SUMS.
set -u

RELEASES='https://github.com/openclaw/mesh/releases'
# The public key of minisign that this release was signed with; a release fills it in.
RELEASE_KEY=''

main() {
  unset CDPATH
  dir='' wanted='' action=install
  while [ $# -gt 0 ]; do
    case $1 in
      --dir | --version)
        [ -n "${2:-}" ] || usage "$1 needs a value"
        case $1 in --dir) dir=$2 ;; *) wanted=${2#v} ;; esac
        shift 2
        ;;
      --dir=*) dir=${1#*=} && shift ;;
      --version=*) wanted=${1#*=} && wanted=${wanted#v} && shift ;;
      --uninstall) action=uninstall && shift ;;
      -h | --help) action=help && shift ;;
      *) usage "there is no flag or argument \"$1\"" ;;
    esac
  done
  case $wanted in *[!0-9A-Za-z.+-]*) usage "\"$wanted\" is no version" ;; esac
  if [ "$action" = help ]; then
    echo 'usage: install.sh [--version VERSION] [--dir FOLDER] [--uninstall]'
    return
  fi
  if [ -z "$dir" ]; then
    [ -n "${HOME:-}" ] || fail 2 'HOME is not set' 'say where to install: --dir FOLDER'
    dir=$HOME/.local/bin
  fi
  case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
  target=${dir%/}/mesh
  "$action"
}

usage() {
  fail 2 "$1" 'install.sh [--version VERSION] [--dir FOLDER] [--uninstall]'
}

# fail CODE SENTENCE HINT
fail() {
  printf 'install: %s\nhint: %s\n' "$2" "$3" >&2
  exit "$1"
}

install() {
  platform
  base=${MESH_BASE_URL:-}
  if [ -z "$base" ]; then
    base=$RELEASES/latest/download
    [ -z "$wanted" ] || base=$RELEASES/download/v$wanted
  fi
  base=${base%/}
  downloader
  summer
  refuse_foreign

  mkdir -p -- "$dir" 2>/dev/null
  # Beside the target, so that the last step is a rename on one disk.
  work=$(mktemp -d "${dir%/}/.mesh-install.XXXXXX" 2>/dev/null) ||
    fail 7 "cannot write to \"$dir\"" 'choose a folder of yours: --dir FOLDER'
  trap 'rm -rf -- "$work"' EXIT
  trap 'exit 130' HUP INT TERM

  fetch SHA256SUMS
  check_signature
  name=$(chosen) || exit
  echo "Downloading $name" >&2
  fetch "$name"
  check_sum
  chmod 755 "$work/$name"
  version=$("$work/$name" --version 2>"$work/said" </dev/null) ||
    fail 1 "the program does not start here: $(head -n 1 "$work/said")" \
      'the folder may forbid to run programs: --dir FOLDER'
  if [ -n "$wanted" ] && [ "$version" != "$wanted" ]; then
    fail 4 "the program is version $version, not $wanted" 'download it again'
  fi
  # A running mesh goes on with the old file; this replaces its name.
  mv -f -- "$work/$name" "$target" ||
    fail 7 "cannot write \"$target\"" 'choose a folder of yours: --dir FOLDER'

  echo "mesh $version is installed: $target"
  advise
}

# Sets platform, under Deno's names.
platform() {
  system=$(uname -s) machine=$(uname -m)
  case $machine in
    x86_64 | amd64) machine=x86_64 ;;
    aarch64 | arm64) machine=aarch64 ;;
    *) unsupported ;;
  esac
  case $system in
    Linux) platform=$machine-unknown-linux-gnu ;;
    Darwin)
      # Under Rosetta uname tells what is emulated.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null)" != 1 ] || machine=aarch64
      platform=$machine-apple-darwin
      ;;
    *) unsupported ;;
  esac
}

unsupported() {
  case $system in
    MINGW* | MSYS* | CYGWIN* | Windows*)
      fail 2 'on Windows, this script cannot install' \
        "download mesh-x86_64-pc-windows-msvc.exe from $RELEASES"
      ;;
    *)
      fail 2 "there is no program for $system on $machine" \
        'it can be run from its sources, where Deno runs'
      ;;
  esac
}

downloader() {
  if command -v curl >/dev/null 2>&1; then
    download() { curl -fsSL --retry 2 --connect-timeout 20 -o "$2" -- "$1" 2>"$work/said"; }
  elif command -v wget >/dev/null 2>&1; then
    download() {
      wget -q -T 60 -t 2 -O "$2" "$1" 2>"$work/said" && return
      failure=$?
      # Debian's static busybox dies of -T, by a segmentation fault; it has no timeout then.
      [ "$failure" -eq 139 ] || return "$failure"
      wget -q -O "$2" "$1" 2>"$work/said"
    }
  else
    fail 6 'there is neither curl nor wget' 'install one of them'
  fi
}

summer() {
  if command -v sha256sum >/dev/null 2>&1; then
    sum() { sha256sum <"$1"; }
  elif command -v shasum >/dev/null 2>&1; then
    sum() { shasum -a 256 <"$1"; }
  elif command -v openssl >/dev/null 2>&1; then
    sum() { openssl dgst -sha256 -r <"$1"; }
  else
    fail 6 'there is no sha256sum, shasum or openssl to compare sums with' 'install one of them'
  fi
}

# A program of the same name that is not ours stays.
refuse_foreign() {
  [ -e "$target" ] || [ -h "$target" ] || return 0
  [ ! -d "$target" ] || fail 5 "\"$target\" is a folder" 'choose another one: --dir FOLDER'
  # A link whose file is gone is nobody's program any more.
  [ -e "$target" ] || return 0
  is_ours || fail 5 "\"$target\" is another program of this name" 'choose another folder: --dir FOLDER'
}

is_ours() {
  LC_ALL=C grep -q openclaw-agent-mesh "$target" 2>/dev/null ||
    "$target" --help 2>/dev/null </dev/null | grep -q 'Let AI agents on different machines'
}

fetch() {
  download "$base/$1" "$work/$1" && [ -s "$work/$1" ] && return
  said=$(head -n 1 "$work/said" 2>/dev/null)
  fail 6 "cannot download $base/$1${said:+: $said}" 'try again, or look whether this version was released'
}

check_signature() {
  if [ -z "$RELEASE_KEY" ] || ! command -v minisign >/dev/null 2>&1; then
    checked='its signature was not checked'
    return
  fi
  fetch SHA256SUMS.minisig
  minisign -V -q -P "$RELEASE_KEY" -m "$work/SHA256SUMS" >/dev/null 2>&1 ||
    fail 4 'the list of sums is not signed with the release key' 'do not use this download'
  checked='its signature is right'
}

# Prints the name of the program for this platform: compiled, or else one that unpacks itself.
chosen() {
  for name in "mesh-$platform" "mesh-$platform-portable"; do
    if [ -n "$(expected "$name")" ]; then
      echo "$name"
      return
    fi
  done
  fail 6 "this release has no program for $platform" "look at $RELEASES"
}

expected() {
  awk -v name="$1" '($2 == name || $2 == "*" name) && length($1) == 64 { print tolower($1); exit }' \
    "$work/SHA256SUMS"
}

check_sum() {
  want=$(expected "$name")
  got=$(sum "$work/$name")
  [ "${got%% *}" = "$want" ] || fail 4 \
    "what was downloaded is not what was released: its SHA-256 is ${got%% *} instead of $want" \
    'nothing was installed; try again'
  echo "The SHA-256 is the one of the list; $checked." >&2
}

# What stands between the user and the first command.
advise() {
  first=$(command -v mesh 2>/dev/null)
  case ":${PATH:-}:" in
    *":${dir%/}:"* | *":${dir%/}/:"*)
      if [ "$first" != "$target" ] && [ -n "$first" ]; then
        echo "note: \"mesh\" still means $first, which is earlier on your PATH" >&2
      fi
      ;;
    *)
      # shellcheck disable=SC2016 # it is for the user's own shell
      printf 'note: this folder is not on your PATH. Add it, for example to ~/.profile:\n  %s\n' \
        "export PATH=\"$dir:"'$PATH"' >&2
      ;;
  esac
  echo 'next: mesh init' >&2
}

uninstall() {
  if [ ! -e "$target" ] && [ ! -h "$target" ]; then
    fail 3 "there is no \"$target\"" 'say where it is: --dir FOLDER'
  fi
  is_ours || fail 5 "\"$target\" is another program of this name" 'say where mesh is: --dir FOLDER'
  home=${HOME:-/nonexistent}
  for unit in "${XDG_CONFIG_HOME:-$home/.config}"/systemd/user/*.service \
    "$home"/Library/LaunchAgents/*.plist /etc/systemd/system/*.service /Library/LaunchDaemons/*.plist; do
    if grep -qF -- "$target" "$unit" 2>/dev/null; then
      fail 5 "the service \"$unit\" starts it" 'mesh service uninstall, and then this again'
    fi
  done
  # The commands of old names, where "mesh link" put them beside it.
  "$target" link --remove --dir "$dir" >/dev/null 2>&1 </dev/null
  rm -f -- "$target" || fail 7 "cannot remove \"$target\"" 'look at the rights of its folder'
  echo "mesh is removed: $target"
  # What a file that unpacks itself has unpacked; a running one keeps what it has open.
  cache=${XDG_CACHE_HOME:-${HOME:-}/.cache}/mesh
  for part in "$cache"/portable-* "$cache"/unpacking.* "$cache"/deno; do
    case $part in /*) [ ! -d "$part" ] || rm -rf -- "$part" ;; esac
  done
  rmdir -- "$cache" 2>/dev/null
  echo "note: your identity, peers and messages stay, in ~/.openclaw/agent-mesh or where you put them" >&2
}

# Nothing runs before all of it is here, so that half a download does nothing.
main "$@"
