"""A news site as `_posts` make it: its pages, its feed and its API, played by a real HTTP server with fault switches.

`python -m tests.site FOLDER` serves the posts of a folder and prints its port.
"""
