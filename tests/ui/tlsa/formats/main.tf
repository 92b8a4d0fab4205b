resource "aws_route53_record" "tlsa" {
  zone_id = "Z1"
  name    = "_25._tcp.mail.example.net"
  type    = "TLSA"
  ttl     = 3600
  records = ["4 1 1 abcd", "3 1 1 ${var.digest}", "3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "${var.all}"]
#~            ^ error[tlsa-field-invalid]
#~                  ^^^^ error[tlsa-digest-length]
}

resource "cloudflare_record" "tlsa" {
  zone_id = "Z1"
  name    = "_25._tcp.mx.example.net"
  type    = "TLSA"
  data {
    usage         = 3
    selector      = 2
#~                  ^ error[tlsa-field-invalid]
    matching_type = 1
    certificate   = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  }
}

resource "cloudflare_dns_record" "tlsa" {
  zone_id = "Z1"
  name    = "_25._tcp.mx.example.net"
  type    = "TLSA"
  data = {
    usage         = 3
    selector      = 1
    matching_type = 1
    certificate   = "xy"
#~                   ^ error[tlsa-hex-invalid]
  }
}
