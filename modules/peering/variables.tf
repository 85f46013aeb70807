variable "name" {
  description = "Name of the peering connection."
  type        = string
}

variable "requester_vpc_id" {
  description = "Id of the VPC that asks for the connection."
  type        = string
}

variable "accepter_vpc_id" {
  description = "Id of the VPC that accepts it, in the accepter's region."
  type        = string
}

variable "tags" {
  description = "Tags of everything in this module."
  type        = map(string)
  default     = {}
}
