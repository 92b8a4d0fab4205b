# v=spf1
zone_id = "Z1
#~        ^^^ error[data-malformed] a string ends with its line
