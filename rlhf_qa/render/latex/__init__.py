"""LaTeX mathematics as text: reader.py makes a tree, line.py one line of it, box.py several.

tree.py has the nodes, names.py and alphabets.py what each command means, spacing.py the blanks,
breaking.py what happens to a line that is too long. Knows no Markdown and no roles.
"""
