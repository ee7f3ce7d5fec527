"""In and out: tables of people and events that a coordinator brings in, and a day's people, lifts and plan as files."""
