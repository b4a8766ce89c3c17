"""The benchmark's driver: starts everything, measures in rounds, checks the data, reports."""
