"""What a measure wants to reach and how far it is: objectives, key results, indicators, and their figures over time."""
