"""The cards of the page Decide, each in parts: see `decision.ui.parts`."""
