resource "aws_route53_record" "spf" {
  count   = 1000000
#~          ^^^^^^^ info[data-too-large] loop over 1000000 elements
  name    = "h${count.index}.example.com"
  type    = "TXT"
  records = ["v=spf1 -all"]
}

resource "aws_route53_record" "dmarc" {
  for_each = toset([for i in range(20000) : "h${i}"])
#~                           ^^^^^^^^^^^^ info[data-too-large] loop over 20000 elements
  name     = "_dmarc.${each.key}.example.com"
  type     = "TXT"
  records  = ["v=DMARC1; p=none"]
}
