# Sourced by `test`: the real GIMP and Krita that tests/editors drives, set up while the packages install.

editors=${PHOTOSTYLE_EDITORS:-${XDG_CACHE_HOME:-$HOME/.cache}/photostyle/editors}

# Sets `missing` to what this machine lacks for them.
can_have_editors() {
    missing=
    [ "$(id -u)" = 0 ] || missing="root"
    unshare --mount true 2>/dev/null || missing="${missing:+$missing and }the right to mount"
    command -v apt-get >/dev/null 2>&1 && grep -q '^ID=debian$' /etc/os-release 2>/dev/null ||
        missing="${missing:+$missing and }Debian"
    [ -z "$missing" ]
}

have_editors() { [ -e "$editors/.stage-profiles" ]; }

# Starts it beside the rest; `wait_for_editors` needs its number.
begin_editors() {
    editors_setup=
    can_have_editors || return 0
    have_editors || say "Setting up the real GIMP and Krita in $editors meanwhile: 400 MB, 1.6 GB unpacked, about 2 minutes."
    mkdir -p "$editors"
    # A group of its own, to be ended as a whole. A mirror may fail once; what was done by then is not done again.
    setsid sh -c '"$0" "$1" || "$0" "$1"' "$root/tests/editors/setup" "$editors" >"$editors/setup.log" 2>&1 </dev/null &
    editors_setup=$!
    background="$background -$editors_setup"
}

# wait_for_editors: afterwards they are there, or it is said why their tests are skipped.
wait_for_editors() {
    if [ -z "$editors_setup" ]; then
        say "Tests in the real GIMP and Krita are skipped: setting them up takes $missing."
    elif wait "$editors_setup"; then
        export PHOTOSTYLE_EDITORS_REQUIRED=1
    else
        tail -n 5 "$editors/setup.log" >&2
        give_up "GIMP and Krita could not be set up. The lines above are the end of $editors/setup.log."
    fi
}
