"""Decision analysis on the cost functions: break-even, flip points, odds, what to measure, levers, splits, comparisons."""
