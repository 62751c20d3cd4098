"""``python -m photostyle.cli``: the command line without an installed script."""

from photostyle.cli.entry import main

main()
