"""Tags for templates of the staff."""
