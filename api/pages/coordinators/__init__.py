"""The pages of those who run campaigns: setting one up, and one page a day to match and publish."""
