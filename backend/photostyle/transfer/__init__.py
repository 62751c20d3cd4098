"""One transfer from files to a file: what was asked, its pixels, the two ways to compute it, the report."""
