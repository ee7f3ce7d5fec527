"""What happens in the background: a queue in PostgreSQL, a worker that empties it, a child process that solves."""
