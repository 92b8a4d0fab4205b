resource "aws_route53_zone" "main" {
  name = "example.com"
}

resource "aws_route53_record" "mta_sts" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "mta_sts.example.com"
#~           ^^^^^^^^^^^^^^^^^^^ error[owner-near-miss] nobody looks for MTA-STS at `mta_sts.example.com`
  type    = "TXT"
  ttl     = 3600
  records = [var.policy]
}

resource "aws_route53_record" "spf" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "example.com"
  type    = "TXT"
  ttl     = 3600
  records = ["v=spf1 include:a.example.net", "include:b.example.net -all", "site-verification=abc"]
#~                                            ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[record-in-pieces] is broken into 2 records, so receivers read the first one alone
#~            ---------------------------- begins here
}

resource "aws_route53_record" "dkim" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "s1._domainkey.example.com"
  type    = "TXT"
  ttl     = 3600
  records = ["v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB\"\"iQKBgQC7vJ0V8wIDAQAB"]
}
