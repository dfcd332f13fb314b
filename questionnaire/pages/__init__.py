"""What a patient reads, as HTML: shown to patients, and to editors who look at a draft."""
