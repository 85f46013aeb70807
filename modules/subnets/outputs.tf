output "ids" {
  description = "Ids of the subnets by availability zone."
  value       = { for zone, subnet in aws_subnet.this : zone => subnet.id }
}

output "route_table_id" {
  description = "Id of the route table."
  value       = aws_route_table.this.id
}
