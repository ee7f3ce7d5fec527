"""What others wrote and we build on: locked, listed, licensed, used, without known holes; and no secret in the repository."""
