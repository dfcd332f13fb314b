"""The benchmarks of script/bench: whole journeys over HTTP beside a thin reference, and what a first view costs."""
