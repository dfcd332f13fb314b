"""The guidance editor, by its pages."""
