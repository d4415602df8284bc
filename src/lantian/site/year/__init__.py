"""The year between plan and work: targets as issued, the task list, the counties' shares."""
