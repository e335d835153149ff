"""What operators ask for: liveness, readiness, metrics, a contact for security reports."""
