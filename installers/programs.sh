# Sourced by `test`: programs of others that look at results, as program:package of Debian.

programs="exiftool:libimage-exiftool-perl"

# Installs what is missing where that is possible; otherwise the tests that need it are skipped.
bring_programs() {
    packages=
    for pair in $programs; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || packages="$packages ${pair#*:}"
    done
    [ -n "$packages" ] || { export PHOTOSTYLE_PROGRAMS_REQUIRED=1; return 0; }
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "Installing$packages."
        apt="apt-get -q -o DPkg::Lock::Timeout=300"
        { $apt update && DEBIAN_FRONTEND=noninteractive $apt install -y --no-install-recommends $packages; } >/dev/null ||
            give_up "Not installed:$packages. Is there a Debian mirror?"
        export PHOTOSTYLE_PROGRAMS_REQUIRED=1
    else
        say "Some tests are skipped for want of:$packages."
    fi
}
