resource "aws_route53_record" "logo" {
  zone_id = var.zone
  name    = "default._bimi.example.net"
  type    = "TXT"
  ttl     = 3600
  records = ["v=BIMI1; L=https://${var.host}/logo.svg; a=https://example.net/v.pem"]
#~                     ^ error[bimi-tag-case]
}
