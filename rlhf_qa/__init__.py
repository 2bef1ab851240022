"""The interview coach in the terminal. Imports nothing: see docs/architecture.md."""

__version__ = "0.1.0"
