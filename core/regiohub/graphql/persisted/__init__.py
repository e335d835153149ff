"""Documents that clients have registered: sent once by an operator, asked for by their hash ever after."""
