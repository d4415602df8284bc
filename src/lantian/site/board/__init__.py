"""The year-end board: budgets, scenarios, outlook; recorded bases and days taken out."""
