resource "aws_route53_record" "spf" {
  zone_id = var.zone_id
  name    = "example.com"
  type    = "TXT"
  records = ["v=spf1 exists:%{i}.example.net -all"]
#~                          ^^^ error[data-malformed] HCL ends here: `%{` begins a condition or a loop; `%{` itself is written `%%{`
}
