"""What the days mean together: journal, associations, records, and what is worth saying."""
