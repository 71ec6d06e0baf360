"""The sections of the Explore page, one module each; study.py holds what all of them start from.

Every section is a fragment: using one of its widgets redraws that section and nothing else. A section that changes the
scenario calls study.changed(), so that the whole page follows.
"""
