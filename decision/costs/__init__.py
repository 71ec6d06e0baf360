"""What an option costs: the use of a month, its meters, its bill, and the bills of a horizon."""
