"""Everything that leaves the program as a file for another one."""
