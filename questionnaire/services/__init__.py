"""Every write, as one function each: check, change, record, in one transaction or one statement."""
