//! Rules about policies at the wrong name, and names that others answer for.
