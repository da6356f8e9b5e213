"""How recovered a night left the wearer, against their own nights."""
