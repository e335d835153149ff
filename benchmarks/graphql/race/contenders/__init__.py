"""The servers that are compared. Each runs as a process of its own: `python -m race.contenders NAME PORT`."""
