variable "policy" {
  description = "What receivers do with mail that fails: none, quarantine or reject."
  default     = "quarantine"
}

variable "reports" {
  description = "Who reads the reports."
}
