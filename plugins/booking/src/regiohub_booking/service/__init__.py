"""What may be done with resources and bookings, and what follows from it. No web, no GraphQL."""
