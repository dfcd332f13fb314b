"""A physician's room: see what matters in a shared response, act on it, take it into the chart."""
