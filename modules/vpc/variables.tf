variable "name" {
  description = "Name of the VPC, also the prefix of the names of what is in it."
  type        = string
}

variable "cidr_block" {
  description = "IPv4 addresses of the VPC."
  type        = string

  validation {
    condition     = can(cidrhost(var.cidr_block, 0))
    error_message = "The cidr_block must be an IPv4 CIDR block such as 10.0.0.0/16."
  }
}

variable "public_subnets" {
  description = "CIDR blocks of the public subnets by availability zone."
  type        = map(string)
  default     = {}
}

variable "peer_routes" {
  description = "Ids of VPC peering connections by the CIDR block that is reached through them."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of everything in this module."
  type        = map(string)
  default     = {}
}
