"""When the wearer rested."""
