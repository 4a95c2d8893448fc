"""The invented practice's book and sales: made up, always marked, and gone in one step."""
