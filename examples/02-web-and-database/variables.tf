variable "name" {
  description = "Name of the stack."
  type        = string
  default     = "web"
}

variable "region" {
  description = "Region of everything."
  type        = string
  default     = "us-east-1"
}

variable "cidr_block" {
  description = "IPv4 addresses of the VPC."
  type        = string
  default     = "10.20.0.0/16"
}

variable "image_name" {
  description = "Name pattern of the machine image."
  type        = string
  default     = "amzn2-ami-hvm-2.*-x86_64-gp2"
}

variable "instance_type" {
  description = "Type of the servers."
  type        = string
  default     = "t3.micro"
}

variable "server_count" {
  description = "Number of servers behind the load balancer."
  type        = number
  default     = 2
}

variable "public_key" {
  description = "Public key, in OpenSSH format, of who may log in."
  type        = string
}

variable "database_password" {
  description = "Password of the database's administrator. Better given as TF_VAR_database_password than in a file."
  type        = string
  sensitive   = true
}
