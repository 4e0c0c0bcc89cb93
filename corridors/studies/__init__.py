"""What runs the method many times: proposals compared and chosen."""
