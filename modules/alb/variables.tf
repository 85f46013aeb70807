variable "name" {
  description = "Name of the load balancer and its target group."
  type        = string
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Ids of public subnets, in two availability zones at least."
  type        = list(string)
}

variable "target_ids" {
  description = "Ids of the instances that serve."
  type        = list(string)
}

variable "target_count" {
  description = "How many instances serve: known before they are made."
  type        = number
}

variable "target_port" {
  description = "Port on which the instances serve HTTP."
  type        = number
  default     = 8080
}

variable "listener_port" {
  description = "Port on which clients connect."
  type        = number
  default     = 80
}

variable "health_check_path" {
  description = "Path that a healthy instance answers."
  type        = string
  default     = "/"
}

variable "ingress_cidr_blocks" {
  description = "Addresses from which clients connect."
  type        = list(string)
  default     = ["0.0.0.0/0"]
}

variable "tags" {
  description = "Tags of everything in this module."
  type        = map(string)
  default     = {}
}
