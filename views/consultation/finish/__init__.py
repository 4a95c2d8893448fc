"""The end of a talk: the plan, the choice, the next date, Finish, and the page to keep."""
