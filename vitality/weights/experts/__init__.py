"""Several experts: their panel, their group and how far they agree."""
