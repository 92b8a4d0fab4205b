variable "text" {}

module "again" {
  source = "../loop"
#~          ^^^^^^^ error[data-reference-cycle] `module "loop"` refers to itself
  text   = var.text
}

resource "aws_route53_record" "dmarc" {
  name    = "_dmarc.example.com"
  type    = "TXT"
  records = [var.text]
}
