"""The form: every field of a scenario, what surrounds it, and the list of what nobody answered. Any page may use its fields."""
