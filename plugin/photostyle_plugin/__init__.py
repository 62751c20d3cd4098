"""What both editor plug-ins share: the session with the daemon, previews, transfers, choices and words.

Standard library and `photostyle_protocol` only; runs on every Python from 3.10 on that an editor bundles. Nothing here
knows an editor or a toolkit, and nothing blocks the caller's thread unless it says so.
"""
