variable "domain" {}
variable "policy" {}
variable "rua" {}
variable "records" {}
variable "pct" {}

resource "cloudflare_dns_record" "dmarc" {
  zone_id = var.zone_id
  name    = "_dmarc.${var.domain}"
  type    = "TXT"
  content = "v=DMARC1; p=${var.policy}; rua=${var.rua}; pct=${var.pct}"
}

resource "cloudflare_dns_record" "rua" {
  zone_id = var.zone_id
  name    = "_dmarc.a"
  type    = "TXT"
  content = "v=DMARC1; p=reject; rua=mailto:${var.rua},mailto:d@${var.domain}"
}

resource "cloudflare_dns_record" "all" {
  for_each = var.records
  zone_id  = var.zone_id
  name     = each.key
  type     = each.value.type
  content  = each.value.content
}

resource "cloudflare_dns_record" "spf" {
  zone_id = var.zone_id
  name    = var.domain
  type    = "TXT"
  content = "v=spf1 include:${var.domain} ${var.records["spf"]}"
}

resource "cloudflare_dns_record" "sts" {
  count   = var.policy == "reject" ? 1 : 0
  zone_id = var.zone_id
  name    = "_mta-sts"
  type    = "TXT"
  content = "v=STSv1; id=${var.pct}"
}
