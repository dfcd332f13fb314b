"""The staff's front door: sign-in, second factor, the end of a session. Their rooms stand behind it."""
