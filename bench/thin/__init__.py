"""The thin journey: the least a hand-written Django questionnaire does. A reference to measure against, not a bound."""
