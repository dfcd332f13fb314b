"""An editor's room: what an administrator may change."""
