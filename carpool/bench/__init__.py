"""The engine beside other ways of matching: the same instances, one run, every plan judged, time and memory measured."""
