# One zone at two providers, and one inside.
resource "aws_route53_zone" "public" {
  name = "example.com"
}

resource "aws_route53_zone" "private" {
  name = "example.com"
  vpc {
    vpc_id = var.vpc
  }
}

resource "aws_route53_record" "public" {
  zone_id = aws_route53_zone.public.id
  name    = ""
  type    = "TXT"
  records = ["v=spf1 mx -all"]
}

resource "aws_route53_record" "private" {
  zone_id = aws_route53_zone.private.id
  name    = ""
  type    = "TXT"
  records = ["v=spf1 -all"]
}

resource "ns1_record" "public" {
  zone   = "example.com"
  domain = "example.com"
  type   = "TXT"
  answers {
    answer = "v=spf1 mx -all"
  }
}

# Two records in one zone are too many.
resource "aws_route53_record" "one" {
  zone_id = aws_route53_zone.public.id
  name    = "mail"
  type    = "TXT"
  records = [
    "v=spf1 mx -all",
    "v=spf1 a -all",
#~   ^^^^^^^^^^^^^ error[spf-multiple-records]
  ]
}

# One of several answers.
resource "aws_route53_record" "weighted" {
  for_each       = { a = "v=spf1 mx -all", b = "v=spf1 a -all" }
  zone_id        = aws_route53_zone.public.id
  name           = "www"
  type           = "TXT"
  set_identifier = each.key
  records        = [each.value]
}
