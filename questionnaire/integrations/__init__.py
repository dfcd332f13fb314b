"""Other computers that this program asks, each in a file of its own."""
