"""What can be done: by residents for themselves, by staff for the house."""

from regiohub_booking.graphql.mutations.admin import ADMIN
from regiohub_booking.graphql.mutations.citizens import CITIZENS
from regiohub_booking.graphql.mutations.houses import HOUSES
from regiohub_booking.graphql.mutations.locks import LOCKS
from regiohub_booking.graphql.mutations.staff import STAFF

MUTATIONS = (*CITIZENS, *STAFF, *ADMIN, *HOUSES, *LOCKS)
