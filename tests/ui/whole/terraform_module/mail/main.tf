# The records of a domain.
  resource "aws_route53_record" "dmarc" {
#~-------------------------------------
  zone_id = data.aws_route53_zone.this.zone_id
  name    = "_dmarc"
  type    = "TXT"
  records = ["v=DMARC1; p=${var.policy}; rua=mailto:dmarc@${var.domain}"]
}

resource "aws_route53_record" "spf" {
  zone_id = data.aws_route53_zone.this.zone_id
  name    = var.domain
  type    = "TXT"
  records = ["v=spf1 mx ${join(" ", var.senders)} +all"]
#~                                                ^^^^ error[spf-plus-all]
}
