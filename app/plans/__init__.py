"""Plans: who must be trained in what, where, from when and by when; and the key posts that they name."""
