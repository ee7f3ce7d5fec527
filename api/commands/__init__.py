"""The commands of `python -m api`. Each loads what it needs when it runs, so that the web process stays small."""
