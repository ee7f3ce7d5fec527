"""Tables, queries and the database itself: the only place where SQL is written."""
