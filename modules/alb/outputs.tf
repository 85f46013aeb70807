output "dns_name" {
  description = "Name under which clients reach the load balancer."
  value       = aws_lb.this.dns_name
}

output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "target_group_arn" {
  description = "ARN of the target group."
  value       = aws_lb_target_group.this.arn
}

output "security_group_id" {
  description = "Id of the load balancer's security group."
  value       = aws_security_group.this.id
}
