variable "name" {
  description = "Name of the route table and prefix of the subnets' names."
  type        = string
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "subnets" {
  description = "CIDR blocks of the subnets by availability zone."
  type        = map(string)
}

variable "routes" {
  description = "Ids of VPC peering connections by the CIDR block that is reached through them."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of everything in this module."
  type        = map(string)
  default     = {}
}
