"""The figures of the coordinators' room, measured on the real service with a campaign of 30,000 people."""
