"""Fixtures that every room's tests share. Environment and database are in decisionaid/settings_test.py."""
