output "id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "cidr_block" {
  description = "IPv4 addresses of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "Ids of the public subnets by availability zone."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }
}

output "public_route_table_id" {
  description = "Id of the route table of the public subnets."
  value       = aws_route_table.public.id
}

output "internet_gateway_id" {
  description = "Id of the internet gateway."
  value       = aws_internet_gateway.this.id
}
