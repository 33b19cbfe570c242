// Nothing: the fault is what is missing.
