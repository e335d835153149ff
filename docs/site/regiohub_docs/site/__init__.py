"""The site: which files become pages, where they stand in the navigation, where links lead."""
