"""The page Prices and sources: every price, the team's own, the answer through time, published claims."""
