"""What to do when: rules without a link, a clock or a task, each in a file of its own."""
