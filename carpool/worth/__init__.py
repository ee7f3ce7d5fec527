"""What one more car would be worth, by the postcode district where its driver lives."""
