"""An interview coach in the terminal.

This file imports nothing: what a command does not use, it does not load.
"""
