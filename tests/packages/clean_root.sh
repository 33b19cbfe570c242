#!/usr/bin/env bash
# clean_root.sh FOLDER: installs the packages of FOLDER on a clean Debian 12, uses them as a user would, removes them
# and looks at what is left. Needs root, debootstrap and a Debian mirror; without them it says so and exits 77.
set -euo pipefail

skip() {
  echo "clean_root.sh: skipped: $*" >&2
  exit 77
}
fail() {
  echo "clean_root.sh: $*" >&2
  exit 1
}

# Mounts and the network device are this process's own, so that nothing of them can stay behind.
if [ "${1:-}" != --inside ]; then
  [ "$(id -u)" -eq 0 ] || skip "only root can make a clean system to install in"
  command -v debootstrap >/dev/null || skip "there is no debootstrap; apt install debootstrap"
  unshare --mount --fork true 2>/dev/null || skip "this machine allows no mounts of one's own"
  exec unshare --mount --fork --kill-child "$0" --inside "$(realpath "${1:?the folder with the packages}")"
fi
packages=$2
shopt -s nullglob
program=("$packages"/jarvis-learning_*.deb)
sdk=("$packages"/jarvis-learning-dev_*.deb)
[ "${#program[@]} ${#sdk[@]}" = "1 1" ] || fail "'$packages' has not one package of each kind"

umask 022
work=$(mktemp -d)
root=$work/root
clean_up() {
  ! mountpoint -q "$root/proc" || umount "$root/proc"
  rm -rf --one-file-system "$work"
}
trap clean_up EXIT

# shellcheck disable=SC2016 # apt fills it in
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)}
mirror=${mirror:-http://deb.debian.org/debian}
echo "making a clean Debian 12 from $mirror"
debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/log" 2>&1 ||
  { tail -n 20 "$work/log" >&2; skip "debootstrap could not make a system from $mirror"; }
mount -t proc proc "$root/proc"
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
# No service starts in here.
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod 755 "$root/usr/sbin/policy-rc.d"

inside() { chroot "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
apt() { inside apt-get -q -y --no-install-recommends "$@" >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; fail "apt-get $1 failed"; }; }
# As a user without rights, and without a network: not even one of this machine's own.
user() {
  unshare --net chroot --userspec=1000:1000 "$root" /usr/bin/env -i -C /home/user HOME=/home/user \
    PATH=/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 "$@"
}
expect() { grep -q -- "$1" "$work/out" || { cat "$work/out" >&2; fail "$2"; }; }
# What apt and dpkg keep for themselves, caches and the user's home do not count.
files() {
  (cd "$root" && find . -xdev \( -path ./proc -o -path ./home/user -o -path ./var/lib/apt -o -path ./var/lib/dpkg \
    -o -path ./var/cache -o -path ./var/log -o -path ./etc/ld.so.cache \) -prune -o -printf '%p %y %m %u\n' | sort)
}
# The host refuses plugins that others can write to.
roots_alone() {
  inside dpkg-query --listfiles "$1" | tr '\n' '\0' >"$root/var/cache/listed"
  inside find -files0-from /var/cache/listed -maxdepth 0 -not -type l \( -perm /022 -o -not -user root -o -not -group root \) >"$work/out"
  [ ! -s "$work/out" ] || fail "not root's alone: $(cat "$work/out")"
}

inside useradd --create-home --uid 1000 user
apt update
files >"$work/before"

echo "installing $(basename "${program[0]}")"
mkdir "$root/var/cache/packages"
cp "${program[0]}" "$root/var/cache/packages/program.deb"
cp "${sdk[0]}" "$root/var/cache/packages/sdk.deb"
apt install /var/cache/packages/program.deb
roots_alone jarvis-learning
for file in man/man1/jarvis.1.gz man/man1/jarvis-learning-run.1.gz bash-completion/completions/jarvis \
  zsh/vendor-completions/_jarvis fish/vendor_completions.d/jarvis.fish doc/jarvis-learning/copyright; do
  [ -s "$root/usr/share/$file" ] || fail "'/usr/share/$file' is missing or empty"
done

user jarvis --version >"$work/out"
cat "$work/out"
user jarvis-learning status >"$work/out"
expect 'not initialised' "'jarvis-learning status' does not say that there is no home"
user mkdir /home/user/.openjarvis
user jarvis-learning init >"$work/out"
user jarvis plugins list >"$work/out"
expect loaded "no plugin is loaded"
! grep -q refused "$work/out" || fail "the installed program refuses a plugin of its own: $(grep refused "$work/out")"
user jarvis demo >"$work/out" 2>&1 || { cat "$work/out" >&2; fail "'jarvis demo' failed"; }
expect 'applied (+' "no edit of the demo was applied"
echo "a whole session has run"

# Beside a program of the same name, as pip installs OpenJarvis.
printf '#!/bin/sh\necho OpenJarvis\n' >"$root/usr/local/bin/jarvis"
chmod 755 "$root/usr/local/bin/jarvis"
[ "$(user jarvis learning status)" = OpenJarvis ] || fail "'jarvis' is not the one that comes first in PATH"
user jarvis-learning --help >"$work/out"
expect benchmark "'jarvis-learning' does not work beside another 'jarvis'"
rm "$root/usr/local/bin/jarvis"

echo "removing it"
apt remove jarvis-learning
apt autoremove --purge
files >"$work/after"
diff "$work/before" "$work/after" >"$work/out" || { cat "$work/out" >&2; fail "this is not as it was before"; }
[ -d "$root/home/user/.openjarvis/learning" ] || fail "the user's home is gone"
echo "nothing is left but the user's home"

echo "installing $(basename "${sdk[0]}") and a compiler"
apt install /var/cache/packages/program.deb /var/cache/packages/sdk.deb cmake g++ make
roots_alone jarvis-learning-dev
user cp -r /usr/share/doc/jarvis-learning/examples /home/user/examples
for example in acme_teacher set_response_style; do
  for step in "cmake -S . -B build" "cmake --build build" "ctest --test-dir build --output-on-failure --no-tests=error"; do
    # shellcheck disable=SC2086
    user env -C "/home/user/examples/$example" $step >"$work/out" 2>&1 || { cat "$work/out" >&2; fail "$example: '$step' failed"; }
  done
  user jarvis plugins check "/home/user/examples/$example/build/plugins/$example/$example.so" >"$work/out" 2>&1 ||
    { cat "$work/out" >&2; fail "$example: 'plugins check' failed"; }
done
user jarvis plugins new tool word_count --dir /home/user >"$work/out"
echo "the examples build against the installed SDK, pass their tests and 'jarvis plugins check'"
