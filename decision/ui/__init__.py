"""The page: a Streamlit application over the pure functions below it. state.py and views.py start with the patterns to follow."""
