resource "aws_route53_record" "spf" {
  zone_id = aws_route53_zone.main.zone_id
  name    = ""
  type    = "TXT"
  ttl     = 3600
  records = [join(" ", concat(["v=spf1"], local.senders, ["-all"]))]
}

resource "aws_route53_record" "dmarc" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "_dmarc"
  type    = "TXT"
  ttl     = 3600
  records = ["v=DMARC1; p=${var.policy}; rua=mailto:${var.reports}"]
}

resource "aws_route53_record" "tls_reports" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "_smtp._tls"
  type    = "TXT"
  ttl     = 3600
  records = ["v=TLSRPTv1; rua=mailto:tls-reports@example.com"]
}
