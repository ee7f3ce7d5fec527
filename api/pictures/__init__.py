"""What the service draws itself: the coast under its maps, the picture of a shared page, and the code on a leaflet."""
