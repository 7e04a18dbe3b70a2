"""What tests stand on: database servers, a browser, a running Coverall, a closed network."""
