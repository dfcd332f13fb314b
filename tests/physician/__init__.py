"""The physicians' room, by its pages."""
