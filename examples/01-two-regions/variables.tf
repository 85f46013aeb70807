variable "name" {
  description = "Name of the stack."
  type        = string
}

variable "regions" {
  description = "Addresses and availability zones of each side."
  type = map(object({
    cidr_block = string
    zones      = list(string)
  }))
}

variable "image_name" {
  description = "Name pattern of the machine image."
  type        = string
  default     = "amzn2-ami-hvm-2.*-x86_64-gp2"
}

variable "instance_type" {
  description = "Type of the instances."
  type        = string
  default     = "t3.micro"
}

variable "instances_per_region" {
  description = "Number of instances in each region."
  type        = number
  default     = 1
}

variable "ingress_ports" {
  description = "TCP ports that are reached from everywhere."
  type        = list(number)
  default     = [22]
}

variable "login" {
  description = "User with which Ansible logs in."
  type        = string
  default     = "ec2-user"
}

variable "public_key" {
  description = "Public key, in OpenSSH format, of who may log in."
  type        = string
}
