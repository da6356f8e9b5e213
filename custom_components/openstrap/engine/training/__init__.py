"""Heart rate under load: maximum, zones, strain, energy, workouts, training."""
