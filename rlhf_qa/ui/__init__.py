"""What the learner sees and presses."""
