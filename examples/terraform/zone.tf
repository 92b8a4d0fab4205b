resource "aws_route53_zone" "main" {
  name = "example.com"
}

locals {
  # Whoever sends mail for us.
  senders = ["include:_spf.example.net", "ipv4:192.0.2.0/24"]
}
