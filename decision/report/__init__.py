"""One file per format: the same figures as text, as data, and on paper."""
