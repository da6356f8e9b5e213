"""Movement: how much the wrist moved, how it lay, how many steps were taken."""
