# Sourced by `demo` and `test`: a virtual environment in the checkout, with the package and what it needs.
#
# PYTHON             the Python to use, instead of the first that suits
# PHOTOSTYLE_TORCH   a torch build to install first, as pip takes it, for instance "torch==2.13.0"

set -eu
unset PYTHONPATH PYTHONHOME
export PIP_DISABLE_PIP_VERSION_CHECK=1

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
venv=$root/.venv
log=$venv/install.log
unfinished=$venv/unfinished
given=$venv/constraints.txt

say() { printf '%s\n' "$*"; }

# Processes, or -groups, that end with this one.
background=
# Numbers of several, so they are split.
# shellcheck disable=SC2086
end_background() { [ -z "$background" ] || kill -s TERM -- $background 2>/dev/null || :; }
trap end_background EXIT
trap 'exit 130' INT TERM

give_up() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

is_recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

has_venv() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

# Sets `python`.
find_python() {
    incomplete=
    for python in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11 python; do
        if is_recent "$python"; then
            has_venv "$python" && return
            incomplete=${incomplete:-$python}
        fi
        [ -z "${PYTHON:-}" ] || break
    done
    [ -z "$incomplete" ] ||
        give_up "$incomplete has no venv module. On Debian and Ubuntu: apt install ${incomplete##*/}-venv."
    [ -z "${PYTHON:-}" ] || give_up "PYTHON is $PYTHON, which is not a Python 3.11 or later."
    give_up "no Python 3.11 or later was found. Install one, or name it: PYTHON=/path/to/python3 $0"
}

# Whether there is an environment that is whole and made by the wanted Python.
has_environment() {
    [ ! -e "$unfinished" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 || return 1
    [ -z "${PYTHON:-}" ] || [ "$("$python" -V)" = "$("$venv/bin/python" -V)" ]
}

make_environment() {
    [ ! -e "$unfinished" ] || say "The last installation did not finish; starting it afresh."
    say "Making a virtual environment in $venv with $("$python" -V)."
    "$python" -m venv --clear "$venv" || give_up "the environment could not be made."
}

last_step() { grep -E '^ *(Collecting|Downloading|Building|Installing) ' "$log" | tail -n 1 | cut -c 1-80; }

# Says every 15 seconds how long it has taken, how much is there and what pip does, until killed. It sleeps in short steps,
# because a sleep outlives the shell that is killed.
report_progress() {
    seconds=0
    while sleep 1 >/dev/null 2>&1; do
        seconds=$((seconds + 1))
        [ $((seconds % 15)) -ne 0 ] || say "  $seconds s, $(du -sh "$venv" | cut -f 1): $(last_step)"
    done
}

pip_install() {
    report_progress &
    reporter=$!
    background="$background $reporter"
    "$venv/bin/python" -m pip install --no-input "$@" >>"$log" 2>&1 </dev/null && failed= || failed=yes
    background=${background% "$reporter"}
    kill "$reporter"
    wait "$reporter" 2>/dev/null || :
    [ -z "$failed" ] || {
        tail -n 12 "$log" >&2
        give_up "installing failed. The lines above are the end of $log."
    }
}

# install EXTRA: the package in place, with that extra; nothing is done when it is there already.
install() {
    stamp=$venv/installed-$1
    wanted="$(cksum <"$root/pyproject.toml") ${PHOTOSTYLE_TORCH:-}"
    [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ] || return 0
    : >"$unfinished"
    : >"$log"
    : >"$given"
    if [ -n "${PHOTOSTYLE_TORCH:-}" ]; then
        say "Installing $PHOTOSTYLE_TORCH, then what else Photostyle needs."
        # Several words where it names an index, so it is split.
        # shellcheck disable=SC2086
        pip_install $PHOTOSTYLE_TORCH
        # Without this a newer torchvision would bring the torch that it matches.
        "$venv/bin/python" -m pip list --format=freeze | grep '^torch==' >"$given"
    else
        say "Installing what Photostyle needs: the first time about 4 minutes and 6 GB, most of it for torch."
    fi
    pip_install --constraint "$given" --editable "$root[$1]"
    printf '%s\n' "$wanted" >"$stamp"
    rm -f "$unfinished"
}

# prepare EXTRA: afterwards $venv/bin/python runs Photostyle.
prepare() {
    started=$(date +%s)
    find_python
    has_environment || make_environment
    install "$1"
    install_seconds=$(($(date +%s) - started))
}
