"""The commands: what was typed, brought to the parts that do it."""
