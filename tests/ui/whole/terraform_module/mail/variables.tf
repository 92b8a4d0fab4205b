variable "domain" {
  type = string
}

variable "policy" {
  type    = string
  default = "none"
}

variable "senders" {
  type    = list(string)
  default = ["ip4:192.0.2.1", "ip:192.0.2.2"]
#~                             ^^^^^^^^^^^^ error[spf-unknown-mechanism]
}

data "aws_route53_zone" "this" {
  name = var.domain
}
