"""What we tell people: a function for each letter, and the channels that carry them."""
