"""One replication to be watched."""
