"""The pure core: what an aid is, what a journey through it is, what its outcome is.

Nothing here knows Django, HTTP, a clock or a network. `folder.py` alone reads files.
"""
