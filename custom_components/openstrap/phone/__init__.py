"""What a phone or script talks to over HTTP."""
