# Instances of one sort, with a key pair and a security group built from a list of ports.

resource "aws_key_pair" "this" {
  key_name   = var.name
  public_key = var.public_key

  tags = var.tags
}

resource "aws_security_group" "this" {
  name        = var.name
  description = "Traffic of ${var.name}"
  vpc_id      = var.vpc_id

  dynamic "ingress" {
    for_each = toset([for port in var.ingress_ports : tostring(port)])

    content {
      description = "port ${ingress.value}"
      from_port   = tonumber(ingress.value)
      to_port     = tonumber(ingress.value)
      protocol    = "tcp"
      cidr_blocks = var.ingress_cidr_blocks
    }
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_instance" "this" {
  count = var.instance_count

  ami                    = var.ami
  instance_type          = var.instance_type
  key_name               = aws_key_pair.this.key_name
  subnet_id              = element(var.subnet_ids, count.index)
  vpc_security_group_ids = concat([aws_security_group.this.id], var.security_group_ids)

  tags = merge(var.tags, { Name = "${var.name}-${count.index}" })
}
