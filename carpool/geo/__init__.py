"""Places, postcodes, constituencies and the time between them, with no heavy import at load."""
