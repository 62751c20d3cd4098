"""What holds for every test; the pieces are in `support`."""

pytest_plugins = [
    "pytester",
    "support.daemon",
    "support.disks",
    "support.environment",
    "support.file_server",
    "support.leaks",
    "support.networks",
    "support.photographs",
    "support.published",
    "support.torchvision",
]
