resource "aws_route53_record" "dmarc" {
  zone_id = var.zone_id
  name    = "_dmarc.example.com"
  type    = "TXT"
  records = ["v=DMARC1; p=none"]
}
