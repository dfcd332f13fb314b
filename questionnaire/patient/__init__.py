"""A patient's room: answer, go back, change, stop, come back, understand, print, share, erase."""
