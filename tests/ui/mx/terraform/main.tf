resource "aws_route53_record" "mx" {
  zone_id = "Z1"
  name    = "corp.example.com"
  type    = "MX"
  ttl     = 3600
  records = ["10 192.0.2.1", "20 mail.example.com.", "30 ${var.mx}", "40 gone.example.com"]
#~               ^^^^^^^^^ error[mx-target-ip]
#~                               ^^^^^^^^^^^^^^^^^ error[mx-target-cname] an alias of `mx1.example.net`
}

resource "aws_route53_record" "mail" {
  zone_id = "Z1"
  name    = "mail.example.com"
  type    = "CNAME"
  ttl     = 3600
  records = ["mx1.example.net."]
}

resource "aws_route53_record" "null" {
  zone_id = "Z1"
  name    = "parked.example.com"
  type    = "MX"
  ttl     = 3600
  records = ["10 ."]
#~            ^^ warning[null-mx-preference]
}

resource "aws_route53_record" "null_right" {
  zone_id = "Z1"
  name    = "other.example.com"
  type    = "MX"
  ttl     = 3600
  records = ["0 ."]
}

resource "cloudflare_record" "empty" {
  zone_id  = "Z1"
  name     = "empty.example.com"
  type     = "MX"
  priority = 0
  value    = ""
#~            ^ error[null-mx-malformed]
}
