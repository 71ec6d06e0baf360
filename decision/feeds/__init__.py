"""Prices read again by machine, from public feeds that need no login. fetch.py is the network."""
