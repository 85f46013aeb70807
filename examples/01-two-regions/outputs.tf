output "vpc_ids" {
  description = "Ids of the VPCs."
  value = {
    east = module.vpc_east.id
    west = module.vpc_west.id
  }
}

output "peering" {
  description = "The peering connection and whether it is active."
  value = {
    id     = module.peering.id
    status = module.peering.accept_status
  }
}

output "servers" {
  description = "Private addresses of the servers of each region by name."
  value       = local.servers
}

output "inventory" {
  description = "The Ansible inventory."
  value       = local_file.inventory.filename
}
