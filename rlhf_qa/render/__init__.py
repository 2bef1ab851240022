"""From Markdown blocks to lines of cleaned text for a terminal. Knows no terminal library."""
