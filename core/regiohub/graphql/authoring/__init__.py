"""What plugin authors write: bound types, filters, queries, mutations, subscriptions. Exported by `regiohub.api`."""
