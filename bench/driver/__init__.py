"""What `bench/run` is made of: the peers, what is run, how it is measured, what is printed."""
