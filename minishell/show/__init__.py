"""What a learner sees of it: pictures and tables made from events and plans."""
