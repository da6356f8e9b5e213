"""What every analysis needs first: wear, beats in their place, clean intervals."""
