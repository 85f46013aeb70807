output "url" {
  description = "Address of the application."
  value       = "http://${module.load_balancer.dns_name}/"
}

output "servers" {
  description = "Private addresses of the servers."
  value       = module.servers.private_ips
}

output "database" {
  description = "Address and port of the database."
  value       = module.database.endpoint
}
