"""The service: everything with a wire, over the library `carpool`."""
