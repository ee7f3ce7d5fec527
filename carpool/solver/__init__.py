"""The solver. Only this room imports OR-Tools; whoever wants a plan calls `carpool.solver.solve.solve`."""
