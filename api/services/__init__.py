"""Use cases: plain functions on a database session. They hold every rule; pages, JSON and jobs only call them."""
