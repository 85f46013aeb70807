# Every AWS type of the first release once, at an endpoint that a variable gives. No other provider: a mirror may hold only
# hashicorp/aws.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "endpoint" {
  type = string
}

variable "revision" {
  type    = string
  default = "1"
}

locals {
  endpoint = var.endpoint
  tags     = { Name = "interop", Revision = var.revision }
}

provider "aws" {
  region                      = "us-east-1"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = false
  s3_use_path_style           = true

  endpoints {
    dynamodb = local.endpoint
    ec2      = local.endpoint
    elbv2    = local.endpoint
    rds      = local.endpoint
    s3       = local.endpoint
    sts      = local.endpoint

    secretsmanager = local.endpoint
    ssm            = local.endpoint
  }

  default_tags {
    tags = { Stack = "interop" }
  }
}

provider "aws" {
  alias                       = "west"
  region                      = "us-west-2"
  access_key                  = "test"
  secret_key                  = "test"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  s3_use_path_style           = true

  endpoints {
    ec2 = local.endpoint
    sts = local.endpoint
  }
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_availability_zones" "available" {
  state = "available"
}

data "aws_ami" "linux" {
  most_recent = true
  owners      = ["amazon"]

  filter {
    name   = "name"
    values = ["amzn2-ami-hvm-2.*-x86_64-gp2"]
  }
}

data "aws_vpc" "main" {
  id = aws_vpc.main.id
}

data "aws_subnets" "main" {
  filter {
    name   = "vpc-id"
    values = [aws_vpc.main.id]
  }

  depends_on = [aws_subnet.main]
}

resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true
  tags                 = local.tags
}

resource "aws_vpc" "west" {
  provider   = aws.west
  cidr_block = "10.1.0.0/16"
}

resource "aws_subnet" "main" {
  count                   = 2
  vpc_id                  = aws_vpc.main.id
  cidr_block              = cidrsubnet(aws_vpc.main.cidr_block, 8, count.index)
  availability_zone       = data.aws_availability_zones.available.names[count.index]
  map_public_ip_on_launch = true
  tags                    = merge(local.tags, { Index = tostring(count.index) })
}

resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
  tags   = local.tags
}

resource "aws_route_table" "main" {
  vpc_id = aws_vpc.main.id
  tags   = local.tags

  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}

resource "aws_route_table" "single" {
  vpc_id = aws_vpc.main.id
}

resource "aws_route" "single" {
  route_table_id            = aws_route_table.single.id
  destination_cidr_block    = aws_vpc.west.cidr_block
  vpc_peering_connection_id = aws_vpc_peering_connection.west.id
}

resource "aws_route_table_association" "main" {
  count          = 2
  subnet_id      = aws_subnet.main[count.index].id
  route_table_id = aws_route_table.main.id
}

resource "aws_vpc_peering_connection" "west" {
  vpc_id      = aws_vpc.main.id
  peer_vpc_id = aws_vpc.west.id
  peer_region = "us-west-2"
}

resource "aws_vpc_peering_connection_accepter" "west" {
  provider                  = aws.west
  vpc_peering_connection_id = aws_vpc_peering_connection.west.id
  auto_accept               = true
  tags                      = { Stack = "interop" }
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.main.id
  tags   = local.tags

  ingress {
    description = "https"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  ingress {
    protocol  = "tcp"
    from_port = 8080 + parseint(var.revision, 10)
    to_port   = 8080 + parseint(var.revision, 10)
    self      = true
  }

  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "database" {
  name        = "database"
  description = "Database"
  vpc_id      = aws_vpc.main.id
}

resource "aws_security_group_rule" "database" {
  type                     = "ingress"
  security_group_id        = aws_security_group.database.id
  protocol                 = "tcp"
  from_port                = 5432
  to_port                  = 5432
  source_security_group_id = aws_security_group.web.id
}

resource "aws_security_group_rule" "office" {
  type              = "ingress"
  security_group_id = aws_security_group.database.id
  protocol          = "tcp"
  from_port         = 5432
  to_port           = 5432
  cidr_blocks       = ["10.9.0.0/16"]
  description       = "office"
}

resource "aws_key_pair" "main" {
  key_name   = "interop"
  public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIP0SL5q9cXZ0FYk1bqJoVz2cfXWZ3Tw9cQdSCQ0mY4Xq interop"
  tags       = local.tags
}

resource "aws_instance" "web" {
  ami                    = data.aws_ami.linux.id
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main[0].id
  key_name               = aws_key_pair.main.key_name
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = "#!/bin/sh\necho hello\n"
  tags                   = local.tags
}

resource "aws_db_subnet_group" "main" {
  name       = "interop"
  subnet_ids = aws_subnet.main[*].id
  tags       = local.tags
}

resource "aws_db_instance" "main" {
  identifier             = "interop"
  engine                 = "postgres"
  engine_version         = "16.3"
  instance_class         = "db.t3.micro"
  allocated_storage      = 20
  username               = "app"
  password               = "correct-horse"
  maintenance_window     = "Mon:04:30-Mon:05:30"
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  skip_final_snapshot    = true
  tags                   = local.tags
}

resource "aws_lb" "web" {
  name            = "interop"
  subnets         = aws_subnet.main[*].id
  security_groups = [aws_security_group.web.id]
  tags            = local.tags
}

resource "aws_lb_target_group" "web" {
  name     = "interop"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
  tags     = local.tags

  health_check {
    path = "/health"
  }
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web.arn
  target_id        = aws_instance.web.id
  port             = 8080
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  tags              = local.tags

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.web.arn
  }
}

resource "aws_lb_target_group" "canary" {
  name     = "interop-canary"
  port     = 8080
  protocol = "HTTP"
  vpc_id   = aws_vpc.main.id
}

resource "aws_lb_listener" "weighted" {
  load_balancer_arn = aws_lb.web.arn
  port              = 81
  protocol          = "HTTP"

  default_action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.web.arn
        weight = 90
      }
      target_group {
        arn    = aws_lb_target_group.canary.arn
        weight = 10
      }
    }
  }
}

resource "aws_lb" "network" {
  name               = "interop-network"
  internal           = true
  load_balancer_type = "network"
  subnets            = aws_subnet.main[*].id
}

resource "aws_lb_target_group" "network" {
  name        = "interop-network"
  port        = 5432
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = aws_vpc.main.id

  stickiness {
    type = "source_ip"
  }
}

resource "aws_s3_bucket" "state" {
  bucket        = "interop-state"
  force_destroy = true
  tags          = local.tags
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

ephemeral "aws_secretsmanager_random_password" "made" {
  password_length = 24
}

resource "aws_secretsmanager_secret" "made" {
  name                    = "interop"
  recovery_window_in_days = 0
  tags                    = local.tags
}

resource "aws_secretsmanager_secret_version" "made" {
  secret_id                = aws_secretsmanager_secret.made.id
  secret_string_wo         = ephemeral.aws_secretsmanager_random_password.made.random_password
  secret_string_wo_version = 1
}

ephemeral "aws_secretsmanager_secret_version" "made" {
  secret_id = aws_secretsmanager_secret_version.made.secret_id
}

resource "aws_ssm_parameter" "copied" {
  name             = "/interop/copied"
  type             = "SecureString"
  value_wo         = ephemeral.aws_secretsmanager_secret_version.made.secret_string
  value_wo_version = 1
  tags             = local.tags
}

resource "aws_ssm_parameter" "plain" {
  name  = "/interop/plain"
  type  = "String"
  value = var.revision
}

resource "aws_dynamodb_table" "locks" {
  name         = "interop-locks"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "LockID"
  tags         = local.tags

  attribute {
    name = "LockID"
    type = "S"
  }
}

output "account" {
  value = data.aws_caller_identity.current.account_id
}

output "region" {
  value = data.aws_region.current.name
}

output "subnets" {
  value = length(data.aws_subnets.main.ids)
}

output "vpc" {
  value = data.aws_vpc.main.cidr_block
}
