"""Words that driver and rider say to each other at the kerb: short, concrete, and unlike each other on a bad line."""

MATCH_WORDS = (
    "acorn", "amber", "anchor", "apple", "arrow", "badge", "bamboo", "beacon", "berry", "birch", "bridge",
    "button", "candle", "canyon", "carrot", "castle", "cedar", "cherry", "circle", "clover", "cobalt",
    "comet", "copper", "coral", "cotton", "cradle", "crystal", "daisy", "delta", "dragon", "drum", "eagle",
    "ember", "engine", "falcon", "feather", "fern", "fiddle", "flint", "forest", "fossil", "garnet",
    "ginger", "glacier", "granite", "hazel", "heron", "honey", "island", "ivory", "jacket", "jasper",
    "juniper", "kettle", "lantern", "lemon", "linen", "lobster", "magnet", "maple", "marble", "meadow",
    "mirror", "needle", "nutmeg", "oyster", "paddle", "pepper", "pillow", "planet", "plum", "pocket",
    "quartz", "rabbit", "raven", "ribbon", "river", "saddle", "saffron", "sandal", "silver", "sparrow",
    "spoon", "thistle", "timber", "tulip", "tunnel", "velvet", "violin", "walnut", "willow", "window",
    "winter", "zebra",
)  # fmt: skip
