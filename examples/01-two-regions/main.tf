# The same modules in two regions, tied together by VPC peering.

terraform {
  required_version = ">= 1.3"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0"
    }
    local = {
      source = "hashicorp/local"
    }
  }
}

provider "aws" {
  alias  = "east"
  region = "us-east-1"

  default_tags {
    tags = { Stack = var.name }
  }
}

provider "aws" {
  alias  = "west"
  region = "us-east-2"

  default_tags {
    tags = { Stack = var.name }
  }
}

module "vpc_east" {
  source    = "../../modules/vpc"
  providers = { aws = aws.east }

  name           = "${var.name}-east"
  cidr_block     = var.regions.east.cidr_block
  public_subnets = local.subnets.east
  peer_routes    = { (var.regions.west.cidr_block) = module.peering.id }
}

module "vpc_west" {
  source    = "../../modules/vpc"
  providers = { aws = aws.west }

  name           = "${var.name}-west"
  cidr_block     = var.regions.west.cidr_block
  public_subnets = local.subnets.west
  peer_routes    = { (var.regions.east.cidr_block) = module.peering.id }
}

module "peering" {
  source = "../../modules/peering"

  providers = {
    aws.requester = aws.east
    aws.accepter  = aws.west
  }

  name             = var.name
  requester_vpc_id = module.vpc_east.id
  accepter_vpc_id  = module.vpc_west.id
}

data "aws_ami" "east" {
  provider    = aws.east
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = [var.image_name]
  }
}

data "aws_ami" "west" {
  provider    = aws.west
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = [var.image_name]
  }
}

module "servers_east" {
  source    = "../../modules/ec2"
  providers = { aws = aws.east }

  name           = "${var.name}-east"
  vpc_id         = module.vpc_east.id
  subnet_ids     = values(module.vpc_east.public_subnet_ids)
  ami            = data.aws_ami.east.id
  instance_type  = var.instance_type
  instance_count = var.instances_per_region
  public_key     = var.public_key
  ingress_ports  = var.ingress_ports
}

module "servers_west" {
  source    = "../../modules/ec2"
  providers = { aws = aws.west }

  name           = "${var.name}-west"
  vpc_id         = module.vpc_west.id
  subnet_ids     = values(module.vpc_west.public_subnet_ids)
  ami            = data.aws_ami.west.id
  instance_type  = var.instance_type
  instance_count = var.instances_per_region
  public_key     = var.public_key
  ingress_ports  = var.ingress_ports
}

locals {
  # One subnet of 256 addresses in each zone.
  subnets = {
    for region, settings in var.regions : region => {
      for index, zone in settings.zones : zone => cidrsubnet(settings.cidr_block, 8, index)
    }
  }

  servers = {
    east = zipmap(module.servers_east.names, module.servers_east.private_ips)
    west = zipmap(module.servers_west.names, module.servers_west.private_ips)
  }
}

resource "local_file" "inventory" {
  filename        = "${path.module}/inventory.ini"
  file_permission = "0644"

  content = templatefile("${path.module}/inventory.tftpl", {
    groups = local.servers
    user   = var.login
  })
}
