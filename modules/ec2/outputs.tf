output "ids" {
  description = "Ids of the instances."
  value       = aws_instance.this[*].id
}

output "private_ips" {
  description = "Private addresses of the instances."
  value       = aws_instance.this[*].private_ip
}

output "public_ips" {
  description = "Public addresses of the instances."
  value       = aws_instance.this[*].public_ip
}

output "names" {
  description = "Names of the instances."
  value       = [for instance in aws_instance.this : instance.tags["Name"]]
}

output "security_group_id" {
  description = "Id of the security group."
  value       = aws_security_group.this.id
}
