output "id" {
  description = "Id of the peering connection."
  value       = aws_vpc_peering_connection.this.id
}

output "accept_status" {
  description = "Whether the connection is active."
  value       = aws_vpc_peering_connection_accepter.this.accept_status
}
