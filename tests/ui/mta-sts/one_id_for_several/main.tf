locals {
  id = "20260101T000000Z"
#~      ^^^^^^^^^^^^^^^^ info[mta-sts-one-id-many-policies] the `id` of `corp.test` and of `other.test`
}

resource "aws_route53_record" "sts" {
  for_each = toset(["corp.test", "other.test"])
  name     = "_mta-sts.${each.key}."
  type     = "TXT"
  ttl      = 300
  records  = ["v=STSv1; id=${local.id}"]
}
