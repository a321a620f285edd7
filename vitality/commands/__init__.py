"""The commands of the command line, a module a stage of the road."""
