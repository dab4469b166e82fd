"""Where and in which order: from an optimised Program to loop nests with storage."""
