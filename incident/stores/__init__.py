"""Where a case is kept. `incident.stores.base` says what a store gives, `incident.stores.places` finds the store."""
