"""What the system tests stand on: the real program, a real PostgreSQL, a real mail server, foreign clients."""
