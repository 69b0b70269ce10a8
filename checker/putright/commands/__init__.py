"""What each command does, from its options to its exit code; ``cli`` reads the options.

Heavy imports wait until a command needs them, so that help comes at once.
"""
