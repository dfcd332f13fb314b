"""The room of other programs: the questions as FHIR R4, public and read-only."""
