# Private subnets with a route table of their own.

resource "aws_subnet" "this" {
  for_each = var.subnets

  vpc_id            = var.vpc_id
  availability_zone = each.key
  cidr_block        = each.value

  tags = merge(var.tags, { Name = "${var.name}-${each.key}" })
}

resource "aws_route_table" "this" {
  vpc_id = var.vpc_id

  tags = merge(var.tags, { Name = var.name })
}

resource "aws_route" "this" {
  for_each = var.routes

  route_table_id            = aws_route_table.this.id
  destination_cidr_block    = each.key
  vpc_peering_connection_id = each.value
}

resource "aws_route_table_association" "this" {
  for_each = aws_subnet.this

  subnet_id      = each.value.id
  route_table_id = aws_route_table.this.id
}
