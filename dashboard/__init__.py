"""The page: turns controls into one frozen state, asks `geodata`, draws."""
