# A PostgreSQL database in private subnets, reached from given security groups only.

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids

  tags = var.tags
}

resource "aws_security_group" "this" {
  name        = "${var.name}-database"
  description = "Traffic of the database ${var.name}"
  vpc_id      = var.vpc_id

  tags = merge(var.tags, { Name = "${var.name}-database" })
}

resource "aws_security_group_rule" "clients" {
  count = var.client_count

  type                     = "ingress"
  security_group_id        = aws_security_group.this.id
  source_security_group_id = var.client_security_group_ids[count.index]
  from_port                = var.port
  to_port                  = var.port
  protocol                 = "tcp"
  description              = "clients"
}

resource "aws_db_instance" "this" {
  identifier              = var.name
  engine                  = "postgres"
  engine_version          = var.engine_version
  instance_class          = var.instance_class
  allocated_storage       = var.allocated_storage
  db_name                 = var.database
  username                = var.username
  password                = var.password
  port                    = var.port
  db_subnet_group_name    = aws_db_subnet_group.this.name
  vpc_security_group_ids  = [aws_security_group.this.id]
  backup_retention_period = var.backup_retention_days
  skip_final_snapshot     = true
  apply_immediately       = true

  tags = var.tags
}
