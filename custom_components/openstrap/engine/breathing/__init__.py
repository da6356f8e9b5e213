"""What the night says of breath: its rate, its steadiness, its pauses, and the skin's warmth."""
