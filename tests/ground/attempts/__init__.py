"""What the demo has everybody try: who enters which role, and what each session does and cannot do."""
