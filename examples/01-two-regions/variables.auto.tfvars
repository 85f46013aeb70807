name = "two-regions"

regions = {
  east = {
    cidr_block = "10.1.0.0/16"
    zones      = ["us-east-1a", "us-east-1b"]
  }
  west = {
    cidr_block = "10.2.0.0/16"
    zones      = ["us-east-2a", "us-east-2b"]
  }
}

ingress_ports = [22, 80, 443]

# The public half of a key that exists nowhere: put your own here.
public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f example"
