"""The region's view of its towns: what regional staff may see and do. No town's data, only its administration."""
