"""Django: staff desks, public pages, programs' pages and clock work; one app per desk."""
