"""What asks other computers; here they are this one."""
