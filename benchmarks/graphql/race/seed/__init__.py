"""What stands in the databases: the same rows in both, with equal ids in both towns."""
