"""Movement of the wrist, posture and steps."""
