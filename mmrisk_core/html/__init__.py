"""What all reports and cards are made of: the page, and pictures of numbers."""
