"""What `tongbi serve` is made of: Prefect's server and the runner of the deployments, each a process of its own.

The command itself starts them, watches them and stops them, and imports no Prefect; so a Ctrl-C of the terminal
reaches nobody but it, and it stops first the runs, then the server that hears how they ended.
"""
