"""The ground under every slice. Knows no noun of the domain."""
