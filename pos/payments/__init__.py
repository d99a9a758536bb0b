"""Providers of QRIS payments, a file each."""
