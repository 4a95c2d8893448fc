"""Rows that go for good: erased clients and discarded consultations, listed outside so that no backup brings them back."""
