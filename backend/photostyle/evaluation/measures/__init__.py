"""What a result is judged by: one file for each measure, and a list of them all."""
