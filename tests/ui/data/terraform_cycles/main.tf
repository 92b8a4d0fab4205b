locals {
  one   = "v=spf1 ${local.two}"
#~         ^^^^^^^^^^^^^^^^^^^ error[data-reference-cycle] `local.one` refers to itself
  two   = local.three
  three = local.one
}

resource "aws_route53_record" "spf" {
  name    = "example.com"
  type    = "TXT"
  records = [local.one]
}

module "loop" {
  source = "./loop"
  text   = "v=DMARC1; p=none"
}
