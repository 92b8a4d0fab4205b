locals {
  domains = toset(["example.com", "example.net"])
}

module "mail" {
  source   = "./mail"
  for_each = local.domains
  domain   = each.key
  policy   = "rejct"
#~            ^^^^^ error[dmarc-policy-invalid] (at `_dmarc.example.com`, `_dmarc.example.net`)
}
