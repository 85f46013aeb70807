variable "name" {
  description = "Name of the key pair and the security group, and the prefix of the instances' names."
  type        = string
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Ids of the subnets over which the instances are spread."
  type        = list(string)
}

variable "ami" {
  description = "Id of the machine image."
  type        = string
}

variable "instance_type" {
  description = "Type of the instances."
  type        = string
  default     = "t3.micro"
}

variable "instance_count" {
  description = "Number of instances."
  type        = number
  default     = 1
}

variable "public_key" {
  description = "Public key, in OpenSSH format, of who may log in."
  type        = string
}

variable "ingress_ports" {
  description = "TCP ports that are reached from ingress_cidr_blocks."
  type        = list(number)
  default     = [22]
}

variable "ingress_cidr_blocks" {
  description = "Addresses from which the ports are reached."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "security_group_ids" {
  description = "Further security groups of the instances."
  type        = list(string)
  default     = []
}

variable "tags" {
  description = "Tags of everything in this module."
  type        = map(string)
  default     = {}
}
