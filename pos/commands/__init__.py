"""What the `pos` command can do: one file a group of commands, one small function a command."""
