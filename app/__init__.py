"""The web application: people, weeks, bookings and pages."""
