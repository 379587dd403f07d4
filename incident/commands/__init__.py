"""The commands of an open case, grouped by what they act on. `incident.service.Service` holds one of each group."""
