"""What an operation may cost, decided before it runs."""
