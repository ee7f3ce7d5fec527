"""The questions that services ask of the tables, a module a subject. All SQL of the service is here."""
