# A web application: a load balancer, two servers behind it, and a database that only they reach.

terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
  }

  # Made by bootstrap/.
  backend "s3" {
    bucket         = "infra-example-web-state"
    key            = "web-and-database.tfstate"
    region         = "us-east-1"
    dynamodb_table = "infra-example-web-locks"
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Stack = var.name }
  }
}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_ami" "server" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = [var.image_name]
  }
}

locals {
  zones = slice(data.aws_availability_zones.available.names, 0, 2)
}

module "vpc" {
  source = "../../modules/vpc"

  name           = var.name
  cidr_block     = var.cidr_block
  public_subnets = { for index, zone in local.zones : zone => cidrsubnet(var.cidr_block, 8, index) }
}

module "private_subnets" {
  source = "../../modules/subnets"

  name    = "${var.name}-private"
  vpc_id  = module.vpc.id
  subnets = { for index, zone in local.zones : zone => cidrsubnet(var.cidr_block, 8, 100 + index) }
}

module "servers" {
  source = "../../modules/ec2"

  name                = var.name
  vpc_id              = module.vpc.id
  subnet_ids          = values(module.vpc.public_subnet_ids)
  ami                 = data.aws_ami.server.id
  instance_type       = var.instance_type
  instance_count      = var.server_count
  public_key          = var.public_key
  ingress_ports       = [8080]
  ingress_cidr_blocks = [var.cidr_block]
}

module "load_balancer" {
  source = "../../modules/alb"

  name         = var.name
  vpc_id       = module.vpc.id
  subnet_ids   = values(module.vpc.public_subnet_ids)
  target_ids   = module.servers.ids
  target_count = var.server_count
}

module "database" {
  source = "../../modules/rds"

  name                      = var.name
  vpc_id                    = module.vpc.id
  subnet_ids                = values(module.private_subnets.ids)
  client_security_group_ids = [module.servers.security_group_id]
  client_count              = 1
  database                  = "app"
  username                  = "app"
  password                  = var.database_password
}
