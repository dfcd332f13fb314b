"""Made-up patients for a demonstration, in any number: people, what they answered, and what became of it."""
