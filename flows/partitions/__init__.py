"""A source in partitions: planned, worked on by threads, processes, Dask or Ray, and told at the end."""
