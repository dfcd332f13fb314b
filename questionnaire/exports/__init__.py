"""What leaves a finished response: pure mappings to a page's parts and to PDF."""
