# Values to try the example with. Put your own key and password here.
public_key        = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f example"
database_password = "change-me-please"
