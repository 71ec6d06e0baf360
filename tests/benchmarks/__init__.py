"""Measurements beside other tools, each pair in one run: `python -m tests.benchmarks.bench_core`, `... .bench_page`. Nothing here is a pass mark."""
