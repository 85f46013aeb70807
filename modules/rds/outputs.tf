output "endpoint" {
  description = "Address and port of the database."
  value       = aws_db_instance.this.endpoint
}

output "address" {
  description = "Address of the database."
  value       = aws_db_instance.this.address
}

output "security_group_id" {
  description = "Id of the database's security group."
  value       = aws_security_group.this.id
}
