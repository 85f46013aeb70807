variable "name" {
  description = "Name of the database instance and what belongs to it."
  type        = string
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
}

variable "subnet_ids" {
  description = "Ids of private subnets, in two availability zones at least."
  type        = list(string)
}

variable "client_security_group_ids" {
  description = "Security groups from which the database is reached."
  type        = list(string)
}

variable "client_count" {
  description = "How many such security groups: known before they are made."
  type        = number
}

variable "engine_version" {
  description = "Version of PostgreSQL."
  type        = string
  default     = "16.3"
}

variable "instance_class" {
  description = "Class of the instance."
  type        = string
  default     = "db.t3.micro"
}

variable "allocated_storage" {
  description = "Storage, in GiB."
  type        = number
  default     = 20
}

variable "database" {
  description = "Name of the first database."
  type        = string
}

variable "username" {
  description = "Name of the administrator."
  type        = string
}

variable "password" {
  description = "Password of the administrator."
  type        = string
  sensitive   = true
}

variable "port" {
  description = "Port of the database."
  type        = number
  default     = 5432
}

variable "backup_retention_days" {
  description = "Days for which backups are kept."
  type        = number
  default     = 0
}

variable "tags" {
  description = "Tags of everything in this module."
  type        = map(string)
  default     = {}
}
