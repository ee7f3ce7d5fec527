"""Places, postcodes, constituencies and the time between them: no network, no clock, and no import that costs the front page."""
